import { readFileSync, rmSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { intervalName } from '../../src/service/market/timeline.ts'
import { replay } from '../../src/service/replay.ts'
import { openStore } from '../../src/store/open.ts'
import { minimal } from '../simulation/zones.ts'
import { newFile, openTestMarket } from './markets.ts'
import { openTestService, zone, type TestService } from './services.ts'
import { worldOf } from './worlds.ts'

let service: TestService
let first: number

beforeAll(async () => {
  service = await openTestService({
    definition: JSON.stringify({
      file: minimal,
      scenario: readFileSync(minimal, 'utf8'),
      from: '2027-05-10',
      to: '2027-05-12',
    }),
  })
  ;({ first } = service.market.model.timeline)
  const workshop = service.client(await service.keyOf('workshop'))
  const operator = service.client(service.keys.operator)
  const interval = intervalName(first + 50)
  const side = 'buy' as const
  await workshop.call('placeOrders', {
    params: { zone },
    body: ['0.45', '0.44', '0.1'].map((price) => ({ interval, side, price, quantity: '30' })),
  })
  await service.moveTo(first + 60)
  await operator.call('sendReadings', { body: { participant: 'plant', interval, energy: '12' } })
  await service.moveTo(first + 61)
  await operator.call('sendReadings', { body: { participant: 'workshop', interval, energy: '20' } })
  await service.moveTo(first + 120)
}, 120_000)
afterAll(() => service.close(), 120_000)

test('replay(store, world) finds every interval again: own orders, strategies, corrected meters', async () => {
  expect(await replay(service.store, worldOf(minimal))).toMatchObject({
    intervals: 121,
    settlements: 122,
    difference: null,
  })
})

test('replay(store, world) names the first difference where the world is another', async () => {
  const other = await replay(service.store, worldOf(minimal, 'market.k=0.4'))
  expect(other.difference).toMatchObject({
    what: expect.stringMatching(/^trades\.(buyer|seller)Ticks, row 0$/),
  })
  expect(other.difference!.recorded).not.toBe(other.difference!.found)
  const range = { from: first + 50, to: first + 52 }
  const fees = await replay(
    service.store,
    worldOf(minimal, 'participants.pv_plants.0.outside=mechanism-incremental'),
    range,
  )
  expect(fees.difference).toMatchObject({
    interval: intervalName(first + 50),
    what: expect.stringContaining('settlement 1, postings'),
  })
})

test('replay(store, world) makes statements again, and names what was altered or taken out', async () => {
  const market = await openTestMarket()
  const { first: start, end } = market.market.model.timeline
  await market.moveTo(end)
  const { participant } = market.market.members.byId('plant')!
  await market.store.meters.add([{ participant, interval: start + 50, importWh: 0, exportWh: 12_000 }], {
    atMs: market.market.clock.now(),
  })
  await market.moveTo(end + 30 * 96)
  const replayed = async (tampering?: string) => {
    const file = newFile()
    await market.store.backup(file)
    if (tampering !== undefined) {
      const database = new DatabaseSync(file)
      expect(database.prepare(tampering).run().changes).toBe(1)
      database.close()
    }
    const copy = await openStore(`sqlite:${file}`, { now: () => 0, readOnly: true })
    try {
      return await replay(copy, worldOf(minimal))
    } finally {
      await copy.close()
    }
  }
  expect(await replayed()).toMatchObject({ settlements: 289, statements: 3, difference: null })
  const at = start + 50
  const body = `cast(replace(cast(body as text), '"total":"', '"total":"1') as blob)`
  const tamperings: [string, { readonly what: RegExp; readonly interval?: string }][] = [
    [
      `update statement set body = ${body} where participant = ${participant}`,
      { what: /^statement of plant/ },
    ],
    [`delete from interval where interval = ${at}`, { interval: intervalName(at), what: /^record$/ }],
    [
      `delete from interval where interval = ${end - 1}`,
      { interval: intervalName(end - 1), what: /^record$/ },
    ],
    [`delete from settlement where round = 1 and interval = ${at}`, { what: /^settlement 1$/ }],
    [`delete from settlement where round = 2 and interval = ${at}`, { what: /^statement of/ }],
    [`update reading set export_wh = 13000 where version = 2`, { what: /^settlement 2, / }],
  ]
  for (const [tampering, { what, ...more }] of tamperings) {
    const { difference } = await replayed(tampering)
    expect(difference, tampering).toMatchObject({ ...more, what: expect.stringMatching(what) })
  }
  const part = `delete from part where name = 'trades' and round = 0 and interval = ${at}`
  await expect(replayed(part)).rejects.toMatchObject({ code: 'damaged' })
  await market.close()
})

const overwall = (...args: string[]) =>
  spawnSync(process.execPath, ['src/cli/main.ts', ...args], { encoding: 'utf8' })

test('a copy of the running market is restored whole, and replayed and copied again by the command line', async () => {
  const copy = newFile()
  await service.store.backup(copy)
  const file = newFile()
  const db = `sqlite:${file}`
  const { name } = service.store.market
  expect(overwall('restore', copy, '--db', db)).toMatchObject({
    status: 0,
    stdout: `Restored market ${name} from ${copy}\n`,
  })
  const restored = await openStore(db, { now: () => 0, readOnly: true })
  expect(await replay(restored, worldOf(minimal))).toEqual(await replay(service.store, worldOf(minimal)))
  await restored.close()
  const { status, stdout } = overwall('replay', '--db', db, '--from', intervalName(first + 40))
  expect(stdout).toMatch(/^81 intervals, \d+ trades, 82 settlements, 0 statements: the same bytes\n$/)
  expect(status).toBe(0)
  const again = newFile()
  expect(overwall('backup', again, '--db', db)).toMatchObject({
    status: 0,
    stdout: `Copied market ${name} to ${again}\n`,
  })
  for (const each of [copy, again]) rmSync(each)
})

test('a gate of thousands of orders is cleared in a thread, changed and cancelled ones too, and found again', async () => {
  const key = await service.keyOf('shop')
  const shop = service.client(key)
  const interval = service.store.orders.openFrom + 2
  const order = (at: number) => ({
    interval: intervalName(interval),
    side: 'buy' as const,
    price: (0.3 + (at % 1000) / 5000).toFixed(4),
    quantity: '0.001',
  })
  const placed: string[] = []
  for (let batch = 0; batch < 3; batch++) {
    const body = Array.from({ length: 1000 }, (_, at) => order(batch * 7 + at))
    const { orders } = await shop.call('placeOrders', { params: { zone }, body })
    placed.push(...orders.map(({ id }) => id))
  }
  const [changed, cancelled] = [placed[5]!, placed[2995]!]
  await shop.call('changeOrder', {
    params: { zone, order: changed },
    headers: { 'if-match': '"1"' },
    body: { price: '0.9', quantity: '0.002' },
  })
  await shop.call('cancelOrder', { params: { zone, order: cancelled } })
  await service.moveTo(interval + 2)
  const { orders } = (await service.store.intervals.record(interval))!
  expect(orders.sequence.every((sequence, row) => row === 0 || sequence > orders.sequence[row - 1]!)).toBe(
    true,
  )
  const own = await shop.call('getOrder', { params: { zone, order: changed } })
  expect(own).toMatchObject({ state: 'cleared', outcome: { outcome: 'accepted', accepted: '0.002' } })
  expect(orders.count).toBeGreaterThanOrEqual(2999)
  const range = { from: interval, to: interval + 1 }
  expect(await replay(service.store, worldOf(minimal), range)).toMatchObject({
    intervals: 1,
    difference: null,
  })
})
