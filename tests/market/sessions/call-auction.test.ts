/** What the sessions leave, cleared by the call auction: nothing is lost, no arc is exceeded, money adds up. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Network } from '../../../src/grid/network.ts'
import { certify } from '../../../src/market/certificate.ts'
import { ClearingEngine } from '../../../src/market/clear.ts'
import { busPrices } from '../../../src/market/prices.ts'
import { ArcRoom } from '../../../src/market/sessions/arc-room.ts'
import { BilateralContracts } from '../../../src/market/sessions/bilateral.ts'
import { callAuction, type CallAuction } from '../../../src/market/sessions/call-auction.ts'
import { ListingBoard } from '../../../src/market/sessions/listing.ts'
import { RollingBook } from '../../../src/market/sessions/rolling-book.ts'
import type { OpenOrder, SessionTrade } from '../../../src/market/sessions/session-order.ts'
import { pathOf } from './naive-rolling.ts'
import { streams, type Event, type Stream } from './streams.ts'

interface Evening {
  readonly room: ArcRoom
  readonly contracts: BilateralContracts
  readonly listings: ListingBoard
  readonly rolling: RollingBook
  /** trades of listing and rolling, with their buses */
  readonly trades: (SessionTrade & { readonly sellBus: number; readonly buyBus: number })[]
  /** what each order of listing and rolling asked for, less what it gave up [Wh] */
  readonly askedWh: Map<number, number>
}

/** Runs a stream through all sessions: orders divided by three are listed, and takes follow each listing. */
function evening({ network, events }: Stream): Evening {
  const room = new ArcRoom(network)
  const sessions = {
    room,
    contracts: new BilateralContracts(room),
    listings: new ListingBoard(room),
    rolling: new RollingBook(room),
    trades: [] as Evening['trades'],
    askedWh: new Map<number, number>(),
  }
  const busOf = new Map<number, number>()
  const keep = (trade: SessionTrade) =>
    sessions.trades.push({ ...trade, sellBus: busOf.get(trade.sellId)!, buyBus: busOf.get(trade.buyId)! })
  events.forEach((event, sequence) => step(sessions, event, sequence, busOf, keep))
  const trades = sessions.rolling.rematch()
  for (let row = 0; row < trades.count; row++) keep(trades.at(row))
  return sessions
}

function step(
  { room, contracts, listings, rolling, askedWh }: Evening,
  event: Event,
  sequence: number,
  busOf: Map<number, number>,
  keep: (trade: SessionTrade) => void,
): void {
  const { busCount } = room.network
  const keepRolling = ({ trades }: { trades: { count: number; at: (row: number) => SessionTrade } }) => {
    for (let row = 0; row < trades.count; row++) keep(trades.at(row))
  }
  if (event.kind === 'submit') {
    const { owner, side, limit: limitTicks, quantity: quantityWh } = event
    const order = { sequence, owner, bus: event.bus % busCount, side, limitTicks, quantityWh }
    busOf.set(sequence, order.bus)
    if (sequence % 3 === 0) listings.list(order)
    else {
      const outcome = rolling.submit(order)
      keepRolling(outcome)
      if (outcome.fault) return
    }
    askedWh.set(sequence, quantityWh)
  }
  if (event.kind === 'replace') {
    const listed = listings.orders()
    const target = listed[event.pick % Math.max(1, listed.length)]
    if (!target) return
    const bus = event.pick % busCount
    const quantityWh = Math.min(event.quantity, target.openWh)
    busOf.set(sequence, bus)
    const answer = listings.take({ sequence, id: target.id, owner: 50, bus, quantityWh })
    if ('trade' in answer) keep(answer.trade)
  }
  if (event.kind === 'cancel') {
    const waiting = rolling.orders()
    const order = waiting[event.pick % Math.max(1, waiting.length)]
    if (order) askedWh.set(order.id, askedWh.get(order.id)! - rolling.cancel(order.id).cancelledWh)
  }
  if (event.kind === 'register') {
    const [sellBus, buyBus] = [event.from % busCount, event.to % busCount]
    const terms = { seller: 60, buyer: 61, quantityWh: event.quantity, priceTicks: 1 }
    contracts.register({ sequence, sellBus, buyBus, ...terms })
  }
  if (event.kind === 'revoke') {
    const standing = contracts.contracts()
    if (standing.length > 0) contracts.cancel(standing[event.pick % standing.length]!.id)
  }
}

const left = ({ room, listings, rolling }: Evening) =>
  callAuction({ room, orders: [...listings.orders(), ...rolling.orders()] })

function clear({ network, book }: CallAuction) {
  const clearing = new ClearingEngine(network).clear(book)
  const prices = new Float64Array(network.busCount)
  busPrices(network, clearing, { floorTicks: -1000, capTicks: 1000, kNumerator: 5000 }, prices)
  const { welfare, dualBound } = certify(network, book, clearing, prices)
  expect(welfare).toBe(dualBound)
  return clearing
}

test('traded in the sessions + left for the auction = asked for, order by order', () => {
  fc.assert(
    fc.property(streams(), (stream) => {
      const all = evening(stream)
      const auction = left(all)
      const foundWh = new Map<number, number>()
      const find = (id: number, energyWh: number) => foundWh.set(id, (foundWh.get(id) ?? 0) + energyWh)
      for (const { sellId, buyId, quantityWh } of all.trades)
        for (const id of [sellId, buyId]) if (all.askedWh.has(id)) find(id, quantityWh)
      auction.ids.forEach((id, row) => find(id, auction.book.quantityWh[row]!))
      for (const [id, energyWh] of all.askedWh) expect(foundWh.get(id) ?? 0).toBe(energyWh)
      expect(foundWh.size).toBeLessThanOrEqual(all.askedWh.size)
    }),
    { numRuns: 1000, seed: 70 },
  )
})

test('contracts, sessions and auction together never exceed an arc, and the auction is proved optimal', () => {
  fc.assert(
    fc.property(streams(), (stream) => {
      const { network } = stream
      const all = evening(stream)
      const { flowUpWh } = clear(left(all))
      const upWh = Array.from(flowUpWh, (flow) => Math.max(0, flow))
      const downWh = Array.from(flowUpWh, (flow) => Math.max(0, -flow))
      for (const { sellBus, buyBus, quantityWh } of [...all.trades, ...all.contracts.contracts()]) {
        const { up, down } = pathOf(network, sellBus, buyBus)
        for (const bus of up) upWh[bus]! += quantityWh
        for (const bus of down) downWh[bus]! += quantityWh
      }
      for (let bus = 1; bus < network.busCount; bus++) {
        expect(upWh[bus]!).toBeLessThanOrEqual(network.capacityUpWh[bus]!)
        expect(downWh[bus]!).toBeLessThanOrEqual(network.capacityDownWh[bus]!)
      }
    }),
    { numRuns: 1000, seed: 71 },
  )
})

test('money of the sessions: paid = received + the fees of the arcs their energy crossed', () => {
  fc.assert(
    fc.property(streams(), (stream) => {
      const { network } = stream
      const { trades, contracts, room } = evening(stream)
      let paid = 0
      let received = 0
      for (const { sellerTicks, pathFeeTicks, quantityWh } of [...trades, ...contracts.contracts()]) {
        paid += (sellerTicks + pathFeeTicks) * quantityWh
        received += sellerTicks * quantityWh
      }
      expect(paid - received).toBe(
        feesOf(network, room) + feesOfUnlimited(network, [...trades, ...contracts.contracts()]),
      )
    }),
    { numRuns: 1000, seed: 72 },
  )
})

/** Fees of the room that is gone, on arcs with a limit. */
function feesOf(network: Network, room: ArcRoom): number {
  let fees = 0
  for (let bus = 1; bus < network.busCount; bus++) {
    const { capacityUpWh, capacityDownWh, feeUpTicks, feeDownTicks } = network
    if (capacityUpWh[bus] !== Infinity)
      fees += feeUpTicks[bus]! * (capacityUpWh[bus]! - room.leftWh(bus, 'up'))
    if (capacityDownWh[bus] !== Infinity)
      fees += feeDownTicks[bus]! * (capacityDownWh[bus]! - room.leftWh(bus, 'down'))
  }
  return fees
}

/** Fees on arcs without one, where the room tells nothing. */
function feesOfUnlimited(
  network: Network,
  trades: readonly { sellBus: number; buyBus: number; quantityWh: number }[],
): number {
  let fees = 0
  for (const { sellBus, buyBus, quantityWh } of trades) {
    const { up, down } = pathOf(network, sellBus, buyBus)
    for (const bus of up)
      if (network.capacityUpWh[bus] === Infinity) fees += network.feeUpTicks[bus]! * quantityWh
    for (const bus of down)
      if (network.capacityDownWh[bus] === Infinity) fees += network.feeDownTicks[bus]! * quantityWh
  }
  return fees
}

test('a rolling book alone leaves the auction nothing to trade', () => {
  fc.assert(
    fc.property(streams(), ({ network, events }) => {
      const room = new ArcRoom(network)
      const rolling = new RollingBook(room)
      events.forEach((event, sequence) => {
        if (event.kind !== 'submit') return
        const { owner, bus, side, limit: limitTicks, quantity: quantityWh } = event
        rolling.submit({ sequence, owner, bus: bus % network.busCount, side, limitTicks, quantityWh })
      })
      expect(clear(callAuction({ room, orders: rolling.orders() })).volumeWh).toBe(0)
    }),
    { numRuns: 1500, seed: 73 },
  )
})

const order = (sequence: number): OpenOrder => ({
  id: sequence,
  sequence,
  owner: sequence,
  bus: 0,
  side: sequence % 2,
  limitTicks: 10 * sequence,
  openWh: 100 + sequence,
})
const one = {
  busCount: 1,
  parent: Int32Array.of(-1),
  feeUpTicks: new Float64Array(1),
  feeDownTicks: new Float64Array(1),
  capacityUpWh: Float64Array.of(Infinity),
  capacityDownWh: Float64Array.of(Infinity),
}

test('callAuction() puts orders of all sessions and of the auction itself in the sequence of their numbers', () => {
  const room = new ArcRoom(one)
  const { book, ids, owners } = callAuction({ room, orders: [3, 1, 2].map(order) })
  expect([...ids]).toEqual([1, 2, 3])
  expect([...owners]).toEqual([1, 2, 3])
  expect([...book.sequence]).toEqual([1, 2, 3])
  expect([...book.limitTicks]).toEqual([10, 20, 30])
  expect([...book.quantityWh]).toEqual([101, 102, 103])
  expect([...book.side]).toEqual([1, 0, 1])
  expect(() => callAuction({ room, orders: [order(1), order(1)] })).toThrow('two orders have the number 1')
})

test('callAuction() leaves the room’s own columns alone', () => {
  const room = new ArcRoom({ ...one, busCount: 1 })
  callAuction({ room, orders: [] }).network.capacityUpWh[0] = 0
  expect(room.leftWh(0, 'up')).toBe(Infinity)
})
