/** docs/concepts/sessions.md shows worked-example.ts and its answers; OVERWALL_UPDATE=1 writes them anew. */
import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { formatScaled } from '../../../src/base/decimal.ts'
import type { Fault } from '../../../src/base/errors.ts'
import type { SessionTrade } from '../../../src/market/sessions/session-order.ts'
import { answers, names } from './worked-example.ts'

const page = 'docs/concepts/sessions.md'

/** Holds the part of the page that the pattern finds to what it should say. */
function hold(pattern: RegExp, wanted: string): void {
  const text = readFileSync(page, 'utf8')
  const found = pattern.exec(text)!
  if (process.env['OVERWALL_UPDATE'])
    writeFileSync(page, text.slice(0, found.index) + wanted + text.slice(found.index + found[0].length))
  else expect(found[0]).toBe(wanted)
}

function table(rows: readonly (readonly string[])[]): string {
  const [head, ...body] = rows.map((cells) => `| ${cells.join(' | ')} |\n`)
  return [head, `|${rows[0]!.map(() => '---').join('|')}|\n`, ...body].join('')
}

const kwh = (energyWh: number) => formatScaled(energyWh, 3, { trim: true })
const price = (ticks: number) => formatScaled(ticks, 4)
const nameOf = (owner: number) => (names as Record<number, string>)[owner]!

test('the code on the page is the one that runs', () => {
  const source = readFileSync('tests/market/sessions/worked-example.ts', 'utf8')
  const code = source.replace(/^import .*\n/gm, '').replace(/\nexport const [\s\S]*/, '')
  hold(/```ts\n[\s\S]*?```/, `\`\`\`ts\n${code.trim()}\n\`\`\``)
})

test('the trades on the page are the ones it makes', () => {
  const { contract, taken, first, second } = answers
  const trades: [number, SessionTrade][] = [
    [1, (contract as { contract: SessionTrade }).contract],
    [4, (taken as { trade: SessionTrade }).trade],
    [6, first],
    [7, second],
  ]
  const rows = trades.map(([event, { sellOwner, buyOwner, quantityWh, sellerTicks, pathFeeTicks }]) => [
    String(event),
    nameOf(sellOwner),
    nameOf(buyOwner),
    kwh(quantityWh),
    price(sellerTicks),
    price(sellerTicks + pathFeeTicks),
  ])
  const head = ['event', 'seller', 'buyer', 'kWh', 'seller receives', 'buyer pays']
  hold(/\| event \|[\s\S]*?\n(?=\n)/, table([head, ...rows]))
})

test('event 2 is refused for the room that the page names', () => {
  const { fault } = answers.refused as { fault: Fault }
  expect(fault).toMatchObject({ code: 'arc-full', came: '5.000 kWh', arc: { bus: 1, leftWh: 4000 } })
})

test('the auction on the page is the one that is left', () => {
  const { auction, acceptedWh } = answers
  const rows = Array.from(auction.ids, (id, row) => [
    String(id),
    nameOf(auction.owners[row]!),
    kwh(auction.book.quantityWh[row]!),
    kwh(acceptedWh[row]!),
  ])
  hold(/\| order \|[\s\S]*?\n(?=\n)/, table([['order', 'owner', 'kWh open', 'kWh accepted'], ...rows]))
  expect(auction.network.capacityUpWh[1]).toBe(0)
})
