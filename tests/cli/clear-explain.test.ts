import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'

const order = (id: string, side: string, price: string) => ({ id, bus: '馈线甲', side, price, quantity: '2' })
const book = (id: string, orders: readonly object[]) =>
  JSON.stringify({ id, network: { buses: [{ id: '馈线甲', parent: null }] }, orders, priceFloor: '-1' })
const books = [
  book('noon', [order('屋顶', 'sell', '-0.05'), order('冷库', 'buy', '0.31')]),
  'not json',
  '',
  book('night', [order('冷库', 'buy', '0.31')]),
].join('\n')

function clear(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['src/cli/main.ts', 'clear', '-', ...args], {
    encoding: 'utf8',
    input: books,
    env: { ...process.env, ...env },
  })
  expect(stderr).toBe('')
  return { status, stdout }
}

test('overwall clear - --explain tells every book of a stream, the faulty one too, without colour', () => {
  const { status, stdout } = clear(['--explain'], { FORCE_COLOR: '1' })
  expect(status).toBe(1)
  const [noon, faulty, night] = stdout.split(/\n(?=book n|the book)/)
  expect(noon).toContain('屋顶 sells 2.000 kWh at -0.0500 on 馈线甲: all accepted.')
  expect(noon).toMatch(/^> {2}0\.1300 {15}\|$/m)
  expect(faulty).toMatch(/^the book is not explained\n {2}wanted one JSON book, came/)
  expect(night).toContain('There is no seller.')
  expect(stdout).not.toContain('\u001B')
})

test('overwall clear - --order ID explains what it names, and says where a book has no such order', () => {
  const { status, stdout } = clear(['--json', '--order', '屋顶'])
  expect(status).toBe(1)
  const [noon, faulty, night] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(noon).toMatchObject({ id: 'noon', volume: '2.000', explanation: { buses: [{ bus: '馈线甲' }] } })
  expect(noon.explanation.orders).toMatchObject([
    { order: '屋顶', reason: { code: 'in-the-money', gain: '0.1800' } },
  ])
  expect(faulty.error.code).toBe('invalid-json')
  expect(night.error).toEqual({
    code: 'unknown-id',
    message: 'explain.orders: wanted the id of an order, came "屋顶"',
    path: 'explain.orders',
  })
})
