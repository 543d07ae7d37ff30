/** Random books that are meant to hurt: coarse prices, ties, missing and zero limits, chains, empty sides. */
import fc from 'fast-check'
import type { Network } from '../../src/grid/network.ts'
import type { Book } from '../../src/market/book.ts'

export interface Case {
  readonly network: Network
  readonly book: Book
}

const capacity = fc.oneof(
  { weight: 2, arbitrary: fc.constant(Infinity) },
  { weight: 1, arbitrary: fc.constant(0) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 60 }) },
)

export interface NetworkOptions {
  /** by default any number up to the most */
  readonly busesMin?: number
  /** highest fee [ticks] */
  readonly fees?: number
  readonly chain?: fc.Arbitrary<boolean>
  /** room of an arc in one direction [Wh] */
  readonly room?: fc.Arbitrary<number>
}

export function network(
  busesMax: number,
  { busesMin = 1, fees = 3, chain = fc.boolean(), room = capacity }: NetworkOptions = {},
): fc.Arbitrary<Network> {
  const fee = fc.integer({ min: 0, max: fees })
  return fc.integer({ min: busesMin, max: busesMax }).chain((buses) => {
    const length = { minLength: buses, maxLength: buses }
    return fc
      .record({
        chain,
        picks: fc.array(fc.nat(1_000_000), length),
        up: fc.array(fee, length),
        down: fc.array(fee, length),
        roomUp: fc.array(room, length),
        roomDown: fc.array(room, length),
      })
      .map(({ chain, picks, up, down, roomUp, roomDown }) => ({
        busCount: buses,
        parent: Int32Array.from(picks, (pick, bus) => (bus === 0 ? -1 : chain ? bus - 1 : pick % bus)),
        feeUpTicks: Float64Array.from(up, (fee, bus) => (bus === 0 ? 0 : fee)),
        feeDownTicks: Float64Array.from(down, (fee, bus) => (bus === 0 ? 0 : fee)),
        capacityUpWh: Float64Array.from(roomUp),
        capacityDownWh: Float64Array.from(roomDown),
      }))
  })
}

export const oneBusNetwork: Network = {
  busCount: 1,
  parent: Int32Array.of(-1),
  feeUpTicks: new Float64Array(1),
  feeDownTicks: new Float64Array(1),
  capacityUpWh: new Float64Array(1),
  capacityDownWh: new Float64Array(1),
}

interface Order {
  readonly bus: number
  readonly side: number
  readonly limit: number
  readonly quantity: number
}

export function bookOf(orders: readonly Order[], busCount: number): Book {
  return {
    count: orders.length,
    bus: Int32Array.from(orders, (order) => order.bus % busCount),
    side: Uint8Array.from(orders, (order) => order.side),
    limitTicks: Int32Array.from(orders, (order) => order.limit),
    quantityWh: Float64Array.from(orders, (order) => order.quantity),
    sequence: Float64Array.from(orders, (_, row) => row),
  }
}

export interface CaseOptions extends NetworkOptions {
  readonly buses?: number
  readonly orders?: number
  readonly ordersMin?: number
  /** lowest and highest limit [ticks] */
  readonly lowest?: number
  readonly prices?: number
  readonly quantities?: number
  /** 0 buy, 1 sell, of all orders of a book */
  readonly sides?: fc.Arbitrary<number>
}

export function caseOf({
  buses = 8,
  orders = 14,
  ordersMin = 0,
  lowest = -3,
  prices = 12,
  quantities = 30,
  sides,
  ...rest
}: CaseOptions = {}): fc.Arbitrary<Case> {
  const order = fc.record({
    bus: fc.nat(1_000_000),
    side: sides ?? fc.integer({ min: 0, max: 1 }),
    limit: fc.integer({ min: lowest, max: prices }),
    quantity: fc.integer({ min: 1, max: quantities }),
  })
  return fc
    .tuple(network(buses, rest), fc.array(order, { minLength: ordersMin, maxLength: orders }))
    .map(([net, list]) => ({ network: net, book: bookOf(list, net.busCount) }))
}

/** Whole numbers from 0 on and below `most`, from a seed: for books too large to be drawn as properties. */
export function numbersUpTo(seed: number): (most: number) => number {
  let state = seed
  return (most) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return Math.floor((state / 2 ** 32) * most)
  }
}

/** The same orders handed over in another sequence, with the numbers they had. */
export function shuffled(book: Book, order: readonly number[]): Book {
  return {
    count: book.count,
    bus: Int32Array.from(order, (row) => book.bus[row]!),
    side: Uint8Array.from(order, (row) => book.side[row]!),
    limitTicks: Int32Array.from(order, (row) => book.limitTicks[row]!),
    quantityWh: Float64Array.from(order, (row) => book.quantityWh[row]!),
    sequence: Float64Array.from(order, (row) => book.sequence[row]!),
  }
}
