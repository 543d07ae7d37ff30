/**
 * The books that the timings run on, each a function of its seed. The generators are those of published figures, so that
 * optima can be compared: mulberry32, prices of 0.2000 to 0.9000 CNY/kWh, quantities of 1 to 500 kWh.
 */
import type { Network } from '../src/grid/network.ts'
import type { Book } from '../src/market/book.ts'

export interface Workload {
  readonly network: Network
  readonly book: Book
}

/** The generator mulberry32: numbers in [0, 1), the same on every machine. */
export function mulberry32(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

const lowestTicks = 2000
const ticks = 7001
const whPerKwh = 1000

/** One bus, `sideCount` buys and as many sells. Seed 20260101 is the one with known optima. */
export function oneBus(sideCount: number, seed = 20260101): Workload {
  const random = mulberry32(seed)
  const book = emptyBook(2 * sideCount)
  for (let row = 0; row < book.count; row++) {
    book.side[row] = row < sideCount ? 0 : 1
    book.limitTicks[row] = lowestTicks + Math.floor(random() * ticks)
    book.quantityWh[row] = (1 + Math.floor(random() * 500)) * whPerKwh
  }
  return { network: tree(1, () => 0), book }
}

/**
 * A random tree in which 20 of every 50 buses sell; fees of 0.0050 to 0.0500 CNY/kWh in both directions, limits in
 * proportion to the orders, so that some arcs are full at any size. Seed 20260102 is the one with known optima.
 */
export function treeBook(orders: number, buses: number, seed = 20260102): Workload {
  const fromTree = mulberry32(777)
  const shares = new Float64Array(buses)
  const network = tree(buses, (bus) => Math.floor(fromTree() * bus), {
    fee: () => 50 + Math.floor(fromTree() * 451),
    done: (bus) => (shares[bus] = fromTree()),
  })
  const sellers = shuffledBuses(buses, fromTree).slice(0, Math.floor((buses * 2) / 5))
  for (let bus = 1; bus < buses; bus++) {
    const capacityKwh = Math.round((0.005 + 0.035 * shares[bus]!) * (orders / 2) * 250.5)
    network.capacityUpWh[bus] = capacityKwh * whPerKwh
    network.capacityDownWh[bus] = capacityKwh * whPerKwh
  }
  return { network, book: treeOrders(orders, buses, sellers, seed) }
}

/** A chain of buses, root at its end, with fees of 1 to 9 ticks and no limits: as deep as a network can be. */
export function chainBook(orders: number, buses: number): Workload {
  const random = mulberry32(20260103)
  const every = Int32Array.from({ length: buses }, (_, bus) => bus)
  const network = tree(buses, (bus) => bus - 1, { fee: () => 1 + Math.floor(random() * 9) })
  return { network, book: treeOrders(orders, buses, every, 20260104) }
}

function treeOrders(orders: number, buses: number, sellers: Int32Array, seed: number): Book {
  const random = mulberry32(seed)
  const book = emptyBook(orders)
  for (let row = 0; row < orders; row++) {
    const sells = row >= orders / 2
    book.side[row] = sells ? 1 : 0
    const pick = random()
    book.bus[row] = sells ? sellers[Math.floor(pick * sellers.length)]! : Math.floor(pick * buses)
    book.limitTicks[row] = lowestTicks + Math.floor(random() * ticks)
    book.quantityWh[row] = (1 + Math.floor(random() * 500)) * whPerKwh
  }
  return book
}

function emptyBook(count: number): Book {
  return {
    count,
    bus: new Int32Array(count),
    side: new Uint8Array(count),
    limitTicks: new Int32Array(count),
    quantityWh: new Float64Array(count),
    sequence: Float64Array.from({ length: count }, (_, row) => row),
  }
}

function tree(
  buses: number,
  parentOf: (bus: number) => number,
  { fee = () => 0, done }: { fee?: () => number; done?: (bus: number) => void } = {},
): Network {
  const network = {
    busCount: buses,
    parent: new Int32Array(buses).fill(-1),
    feeUpTicks: new Float64Array(buses),
    feeDownTicks: new Float64Array(buses),
    capacityUpWh: new Float64Array(buses).fill(Infinity),
    capacityDownWh: new Float64Array(buses).fill(Infinity),
  }
  for (let bus = 1; bus < buses; bus++) {
    network.parent[bus] = parentOf(bus)
    network.feeUpTicks[bus] = network.feeDownTicks[bus] = fee()
    done?.(bus)
  }
  return network
}

/** Fisher–Yates from the end, as the published instance does it. */
function shuffledBuses(buses: number, random: () => number): Int32Array {
  const order = Int32Array.from({ length: buses }, (_, bus) => bus)
  for (let last = buses - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1))
    const moved = order[last]!
    order[last] = order[other]!
    order[other] = moved
  }
  return order
}
