/**
 * What must follow when a book or a network changes in one way: prices of a bus only fall when a sell is added, only rise with
 * a buyer's limit; welfare only grows with the room of an arc.
 */
import fc from 'fast-check'
import { certify } from '../../../src/market/certificate.ts'
import { ClearingEngine } from '../../../src/market/clear.ts'
import { busPrices } from '../../../src/market/prices.ts'
import { sellSide, widestTicks } from '../../../src/market/book.ts'
import { bookOf, caseOf, type Case } from '../../market/books.ts'
import { count, type Section } from '../findings.ts'

/** A case before and after the change. */
export interface Change {
  readonly before: Case
  readonly after: Case
}

export interface Law {
  readonly name: string
  readonly unit: string
  readonly changes: fc.Arbitrary<Change>
  /** by how much the law is broken, 0 where it holds */
  readonly brokenBy: (change: Change) => number
}

const cases = caseOf({ buses: 10, orders: 20 })
const pick = fc.nat(1_000_000)

interface Cleared {
  readonly low: number[]
  readonly high: number[]
  readonly prices: number[]
  readonly welfare: bigint
}

function cleared({ network, book }: Case): Cleared {
  const clearing = new ClearingEngine(network).clear(book)
  const prices = new Float64Array(network.busCount)
  busPrices(network, clearing, { floorTicks: -widestTicks, capTicks: widestTicks, kNumerator: 5000 }, prices)
  const { welfare } = certify(network, book, clearing, prices)
  return {
    low: [...clearing.priceLowTicks],
    high: [...clearing.priceHighTicks],
    prices: [...prices],
    welfare,
  }
}

/** By how much any price of any bus moved against a direction: both ends of its range, and the published one. */
function movedAgainst(sign: 1 | -1, { before, after }: Change): number {
  const [first, second] = [cleared(before), cleared(after)]
  const wrong = (['low', 'high', 'prices'] as const).flatMap((of) =>
    first[of].map((price, bus) => (price === second[of][bus] ? 0 : sign * (price - second[of][bus]!))),
  )
  return Math.max(0, ...wrong)
}

function welfareLost({ before, after }: Change): number {
  const lost = cleared(before).welfare - cleared(after).welfare
  return lost > 0n ? Number(lost) : 0
}

function ordersOf({ book }: Case) {
  return Array.from({ length: book.count }, (_, row) => ({
    bus: book.bus[row]!,
    side: book.side[row]!,
    limit: book.limitTicks[row]!,
    quantity: book.quantityWh[row]!,
  }))
}

const addedSell = fc.record({
  before: cases,
  bus: pick,
  limit: fc.integer({ min: -3, max: 12 }),
  quantity: fc.integer({ min: 1, max: 40 }),
})

const raisedBuy = fc.record({ before: cases, row: pick, by: fc.integer({ min: 1, max: 10 }) })

/** @param roomAfter what a direction of an arc may carry after the change */
function withRoom(roomAfter: (wh: number, more: number) => number): fc.Arbitrary<Change> {
  const drawn = fc.record({
    before: cases,
    bus: pick,
    up: fc.boolean(),
    more: fc.integer({ min: 1, max: 40 }),
  })
  return drawn.map(({ before, bus, up, more }) => {
    const { network, book } = before
    const side = up ? 'capacityUpWh' : 'capacityDownWh'
    const room = network[side].slice()
    room[bus % network.busCount] = roomAfter(room[bus % network.busCount]!, more)
    return { before, after: { network: { ...network, [side]: room }, book } }
  })
}

export const laws: readonly Law[] = [
  {
    name: 'adding a sell raises no price of any bus',
    unit: 'ticks',
    changes: addedSell.map(({ before, bus, limit, quantity }) => {
      const { network } = before
      const orders = [...ordersOf(before), { bus, side: sellSide, limit, quantity }]
      return { before, after: { network, book: bookOf(orders, network.busCount) } }
    }),
    brokenBy: (change) => movedAgainst(-1, change),
  },
  {
    name: 'raising a buyer’s limit lowers no price of any bus',
    unit: 'ticks',
    changes: raisedBuy.map(({ before, row, by }) => {
      const { network } = before
      const orders = ordersOf(before)
      const buys = orders.flatMap(({ side }, at) => (side === sellSide ? [] : [at]))
      const raised = orders.map((order, at) =>
        at === buys[row % Math.max(1, buys.length)] ? { ...order, limit: order.limit + by } : order,
      )
      return { before, after: { network, book: bookOf(raised, network.busCount) } }
    }),
    brokenBy: (change) => movedAgainst(1, change),
  },
  {
    name: 'raising the limit of an arc loses no welfare',
    unit: 'Wh·tick',
    changes: withRoom((wh, more) => wh + more),
    brokenBy: welfareLost,
  },
  {
    name: 'taking the limit of an arc away loses no welfare',
    unit: 'Wh·tick',
    changes: withRoom(() => Infinity),
    brokenBy: welfareLost,
  },
]

export const seed = 210

export const monotonicitySection: Section = {
  name: 'clearing/monotonicity',
  run: (size) => {
    const results = laws.map((law) => {
      const broken = fc
        .sample(law.changes, { numRuns: size === 'full' ? 20_000 : 20, seed })
        .map(law.brokenBy)
      return { law, broken, held: broken.filter((by) => by === 0).length }
    })
    return {
      rows: results.map(({ law, broken, held }) => [
        'random trees, one change',
        law.name,
        count(broken.length),
        count(held),
        `${broken.reduce((most, by) => Math.max(most, by), 0)} ${law.unit}`,
        'no',
      ]),
      misses: results.filter(({ broken, held }) => held < broken.length).map(({ law }) => law.name),
    }
  },
}
