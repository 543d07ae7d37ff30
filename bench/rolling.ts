/** How many operations a second the rolling book takes while about ten thousand orders wait in it. */
import { randomStream } from '../src/base/random.ts'
import type { Network } from '../src/grid/network.ts'
import { ArcRoom } from '../src/market/sessions/arc-room.ts'
import { RollingBook } from '../src/market/sessions/rolling-book.ts'
import { timeSort } from './pilot.ts'
import { treeBook } from './workloads.ts'

const submitKind = 0
const cancelKind = 1
const replaceKind = 2

/** Operations as columns, numbered from 1; what an operation does not need is 0. */
export interface Operations {
  readonly count: number
  readonly kind: Uint8Array
  readonly id: Float64Array
  readonly owner: Int32Array
  readonly bus: Int32Array
  readonly side: Uint8Array
  readonly limitTicks: Int32Array
  readonly quantityWh: Float64Array
}

/** the last fifth buys and sells, of the others every second one */
const owners = 1000
const oneSided = 800

/**
 * A stream made by following a book: of a hundred operations 51 hand in an order, a fifth of those across the spread, 35
 * cancel one, two of them too late, and 14 replace one, half of those by a smaller quantity only; 9 lead to trades. Limits
 * lie around a middle that wanders from 0.45 CNY/kWh, 0.006 away in the mean; quantities are 1 to 500 kWh.
 */
export function rollingStream(network: Network, count: number, waiting = 10_000): Operations {
  const { uniform } = randomStream(1, `bench/rolling/${network.busCount}`)
  const upTo = (limit: number) => Math.floor(uniform() * limit)
  const book = new RollingBook(new ArcRoom(network))
  const operations = emptyOperations(count)
  const ids: number[] = []
  let middleTicks = 4500

  const pickId = (): number => {
    for (;;) {
      const place = upTo(ids.length)
      const id = ids[place]!
      if (book.order(id) !== undefined) return id
      ids[place] = ids.at(-1)!
      ids.pop()
      if (uniform() < 0.04) return id
    }
  }
  const limitOf = (side: number, crosses: boolean): number => {
    const away = Math.ceil(-Math.log(1 - uniform()) * (crosses ? 20 : 60))
    return middleTicks + ((side === 1) === crosses ? -away : away)
  }

  for (let at = 0; at < count; at++) {
    if (uniform() < 0.01) middleTicks += upTo(3) - 1
    const kind = drawKind(uniform(), book.count < 2 ? 0 : book.count / waiting)
    operations.kind[at] = kind
    if (kind === submitKind) {
      const owner = upTo(owners)
      const side = owner < oneSided ? owner % 2 : upTo(2)
      operations.owner[at] = owner
      operations.bus[at] = upTo(network.busCount)
      operations.side[at] = side
      operations.limitTicks[at] = limitOf(side, uniform() < 0.2)
      operations.quantityWh[at] = (1 + upTo(500)) * 1000
      ids.push(at + 1)
    } else {
      const id = pickId()
      const order = book.order(id)
      operations.id[at] = id
      if (kind === replaceKind) {
        const shrinks = uniform() < 0.5
        operations.limitTicks[at] = order && shrinks ? order.limitTicks : limitOf(order?.side ?? 0, false)
        operations.quantityWh[at] = order && shrinks ? Math.ceil(order.openWh / 2) : (1 + upTo(500)) * 1000
      }
    }
    apply(book, operations, at)
  }
  return operations
}

/** Fuller books see more cancellations, emptier ones fewer. */
function drawKind(draw: number, full: number): number {
  const cancels = full < 0.2 ? 0.05 : full < 1 ? 0.2 : 0.4
  return draw < cancels ? cancelKind : draw < cancels + 0.14 ? replaceKind : submitKind
}

function emptyOperations(count: number): Operations {
  return {
    count,
    kind: new Uint8Array(count),
    id: new Float64Array(count),
    owner: new Int32Array(count),
    bus: new Int32Array(count),
    side: new Uint8Array(count),
    limitTicks: new Int32Array(count),
    quantityWh: new Float64Array(count),
  }
}

/** Runs one operation; its number is its place counted from 1. */
export function apply(book: RollingBook, operations: Operations, at: number) {
  const sequence = at + 1
  const kind = operations.kind[at]!
  if (kind === cancelKind) return book.cancel(operations.id[at]!)
  const limitTicks = operations.limitTicks[at]!
  const quantityWh = operations.quantityWh[at]!
  if (kind === replaceKind) return book.replace({ sequence, id: operations.id[at]!, limitTicks, quantityWh })
  const owner = operations.owner[at]!
  return book.submit({
    sequence,
    owner,
    bus: operations.bus[at]!,
    side: operations.side[at]!,
    limitTicks,
    quantityWh,
  })
}

interface Replay {
  readonly seconds: number
  readonly hash: string
}

/** The operations before `from` fill the book, the others are timed, the reading of their trades included. */
function replay(network: Network, operations: Operations, from: number): Replay {
  const book = new RollingBook(new ArcRoom(network))
  for (let at = 0; at < from; at++) apply(book, operations, at)
  let hash = 0
  const start = performance.now()
  for (let at = from; at < operations.count; at++) {
    const { trades, openWh } = apply(book, operations, at)
    for (let row = 0; row < trades.count; row++)
      hash = mix(
        mix(hash, trades.sellId[row]! ^ trades.buyId[row]!),
        trades.quantityWh[row]! + trades.sellerTicks[row]!,
      )
    hash = mix(hash, openWh)
  }
  const seconds = (performance.now() - start) / 1000
  return { seconds, hash: (hash >>> 0).toString(16).padStart(8, '0') }
}

const mix = (hash: number, value: number) => Math.imul(hash ^ value, 0x01000193) ^ (hash >>> 15)

const filling = 40_000

export function benchRolling({ operations: timed = 1_000_000 } = {}): object[] {
  const sortSeconds = timeSort()
  const tree = treeBook(0, 50).network
  tree.capacityUpWh.fill(Infinity)
  tree.capacityDownWh.fill(Infinity)
  const networks = { 'rolling-one-bus': treeBook(0, 1).network, 'rolling-tree-50': tree }
  return Object.entries(networks).map(([workload, network]) => {
    const operations = rollingStream(network, filling + timed)
    const runs = Array.from({ length: 5 }, () => replay(network, operations, filling))
    const { seconds, hash } = runs.toSorted((a, b) => a.seconds - b.seconds)[2]!
    const perMillion = (seconds / timed) * 1e6
    return {
      bench: 'rolling',
      workload,
      operationsPerSecond: Math.round(timed / seconds),
      sortSeconds: Math.round(sortSeconds * 1000) / 1000,
      ratio: Math.round((perMillion / sortSeconds) * 100) / 100,
      hash,
    }
  })
}
