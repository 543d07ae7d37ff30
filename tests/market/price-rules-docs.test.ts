/** The numbers of docs/concepts/price-rules; OVERWALL_UPDATE=1 npx vitest run tests/market writes the tables anew. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { formatScaled } from '../../src/base/decimal.ts'
import { clearJson, type ClearResult } from '../../src/market/book-json.ts'
import { ClearingEngine } from '../../src/market/clear.ts'
import { busPrices } from '../../src/market/prices.ts'
import { applyRule, gapOf, welfareOf } from '../../src/market/pricing/apply-rule.ts'
import { priceRuleNames, type PriceRuleName } from '../../src/market/pricing/index.ts'
import { readBook } from '../../src/market/read-book.ts'
import { holdTable as holdTableOf } from '../hold-table.ts'

interface BookJson {
  readonly orders: readonly { readonly id: string; readonly side: string; readonly price: string }[]
}

const folder = 'docs/concepts/price-rules'

function jsonBlocks(file: string): unknown[] {
  const blocks = readFileSync(file, 'utf8').matchAll(/```json\n([\s\S]*?)```/g)
  return [...blocks].map(([, text]) => JSON.parse(text!) as unknown)
}

/** Holds the n-th table of a page to its rows. */
const holdTable = (page: string, nth: number, rows: readonly (readonly string[])[]) =>
  holdTableOf(`${folder}/${page}.md`, nth, rows)

/** Without trailing zeros behind the second place. */
const twoPlaces = (decimal: string) => decimal.replace(/(\.\d\d\d*?)0+$/, '$1')
const yuan = (tickWh: bigint) => twoPlaces(formatScaled(tickWh, 7))

/** Every order's gain under a rule, exact, with the book's answer. [Wh·tick] */
function outcome(json: BookJson, rule: PriceRuleName) {
  const named = { ...json, pricing: { rule, k: '0.5' } }
  const parsed = readBook(named)
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  const { network, book, range } = parsed.read
  const clearing = new ClearingEngine(network).clear(book)
  const busPriceTicks = new Float64Array(network.busCount)
  busPrices(network, clearing, range, busPriceTicks)
  const { kNumerator } = range
  const settled = applyRule(rule, { network, book, clearing, busPriceTicks, kNumerator })
  const gain = json.orders.map(() => 0n)
  let fees = 0n
  for (let pair = 0; pair < settled.pairs.count; pair++) {
    const [sell, buy] = [settled.pairs.sell[pair]!, settled.pairs.buy[pair]!]
    const energy = BigInt(settled.pairs.quantityWh[pair]!)
    gain[sell]! += energy * BigInt(settled.sellerTicks[pair]! - book.limitTicks[sell]!)
    gain[buy]! += energy * BigInt(book.limitTicks[buy]! - settled.buyerTicks[pair]!)
    fees += energy * BigInt(settled.pairs.pathFeeTicks[pair]!)
  }
  const { volumeWh } = settled.clearing
  const [kept, welfare] = [gapOf(settled), welfareOf(book, settled)]
  return { gain, fees, kept, welfare, volumeWh, result: clearJson(named) as ClearResult }
}

const priceOf = (price: string | null) => (price === null ? '–' : twoPlaces(Number(price).toFixed(4)))

/** One row per order, then what is left of the money. */
function ownTable(book: BookJson, rule: PriceRuleName): string[][] {
  const { gain, fees, kept, result } = outcome(book, rule)
  const rows = book.orders.map(({ id, side, price }, row) => {
    const { accepted, price: paid } = result.orders[row]!
    return [`${id} (${side})`, price, String(Number(accepted)), priceOf(paid), yuan(gain[row]!)]
  })
  const kinds = [
    ['wheeling fees', fees],
    [rule === 'trade-reduction' ? 'budget surplus' : 'congestion rent', kept],
  ] as const
  const rest = kinds
    .filter(([, tickWh]) => tickWh > 0n)
    .map(([name, tickWh]) => [name, '', '', '', yuan(tickWh)])
  return [['order', 'limit', 'kWh', 'price', 'gain CNY'], ...rows, ...rest]
}

const noon = jsonBlocks('docs/concepts/clearing.md')[0] as BookJson

test.each(['nodal-uniform', 'high-low', 'pay-as-bid'] as const)('the worked example of %s.md', (rule) => {
  holdTable(rule, 0, ownTable(noon, rule))
})

test('the worked example of trade-reduction.md, and the reduction in its result', () => {
  const [book, reduction] = jsonBlocks(`${folder}/trade-reduction.md`)
  holdTable('trade-reduction', 0, ownTable(book as BookJson, 'trade-reduction'))
  const result = clearJson(book) as ClearResult
  expect(result.reduction).toEqual(reduction)
  expect([result.welfare, result.dualBound]).toEqual(['5.0000000', '5.0000000'])
})

/** The most that one order gains by naming a limit from 0 to 1 CNY/kWh in steps of 0.01, by its true limit. */
function bestLie(book: BookJson, rule: PriceRuleName): { gain: bigint; id: string } {
  const truth = outcome(book, rule).gain
  let best = { gain: 0n, id: 'nobody' }
  book.orders.forEach((order, row) => {
    for (let cents = 0; cents <= 100; cents++) {
      const price = formatScaled(cents, 2)
      const told = outcome({ ...book, orders: book.orders.with(row, { ...order, price }) }, rule)
      const shift = ticks(order.price) - ticks(price)
      const energy = BigInt(Number(told.result.orders[row]!.accepted) * 1000)
      const gain = told.gain[row]! + (order.side === 'buy' ? 1n : -1n) * shift * energy - truth[row]!
      if (gain > best.gain) best = { gain, id: order.id }
    }
  })
  return best
}

const ticks = (price: string) => BigInt(Math.round(Number(price) * 10_000))

test('the tables of compare.md', () => {
  const book = jsonBlocks(`${folder}/compare.md`)[0] as BookJson
  const each = priceRuleNames.map((rule) => ({ rule, ...outcome(book, rule) }))
  const names = priceRuleNames.map((rule) => `\`${rule}\``)
  const gets = book.orders.map(({ id, side, price }, row) => [
    `${id} ${side}s at ${price}`,
    ...each.map(({ gain, result }) =>
      result.orders[row]!.price === null ? '–' : `${priceOf(result.orders[row]!.price)}: ${yuan(gain[row]!)}`,
    ),
  ])
  holdTable('compare', 0, [['order', ...names], ...gets])
  const gainsOf = (gain: readonly bigint[], side: string) =>
    yuan(gain.reduce((total, own, row) => total + (book.orders[row]!.side === side ? own : 0n), 0n))
  const optimum = each[0]!.welfare
  holdTable('compare', 1, [
    ['', ...names],
    ['energy traded, kWh', ...each.map(({ volumeWh }) => String(volumeWh / 1000))],
    ['gain of buyers, CNY', ...each.map(({ gain }) => gainsOf(gain, 'buy'))],
    ['gain of sellers, CNY', ...each.map(({ gain }) => gainsOf(gain, 'sell'))],
    ['kept by the market, CNY', ...each.map(({ kept }) => yuan(kept))],
    ['welfare, CNY', ...each.map(({ welfare }) => yuan(welfare))],
    ['**welfare lost, CNY**', ...each.map(({ welfare }) => `**${yuan(optimum - welfare)}**`)],
    ['best lie, CNY', ...priceRuleNames.map((rule) => lieText(bestLie(book, rule)))],
  ])
})

function lieText({ gain, id }: { gain: bigint; id: string }): string {
  return gain === 0n ? yuan(gain) : `${yuan(gain)} (${id})`
}
