/**
 * Rolling matching (滚动撮合): every order is matched as it comes, with the best orders of the other side by price net of
 * path fee, then time (发改能源规〔2025〕1656号 annex: counterparty price first, then time), and what is left of it waits.
 *
 *     a buy at `limit` and a sell at `limit` cross when   sell limit + path fee ≤ buy limit
 *
 * A pair trades at the limit of the order that came first: a waiting seller receives its limit and the buyer pays the
 * path fee on top; a waiting buyer pays its limit and the seller receives what the path fee leaves. So nobody trades
 * beyond its limit, and who comes later has the gain.
 *
 * A trade takes room on the arcs of its path ({@link ArcRoom}); a counterpart behind a full arc is passed over for the next
 * best. Two waiting orders cross only while a full arc stands between them. Room comes back when a contract is cancelled:
 * then {@link RollingBook.rematch}.
 *
 * An operation is O(log n) in the orders of its bus and O(depth · log children) in the tree, for every trade it makes. Nothing is
 * allocated once the columns have grown to the book, refusals apart.
 */
import { assert, type Fault } from '../../base/errors.ts'
import { buySide, sellSide } from '../book.ts'
import type { ArcRoom } from './arc-room.ts'
import { BestReach } from './best-reach.ts'
import { IdRows } from './id-rows.ts'
import { OwnOrders } from './own-orders.ts'
import { PriceQueues } from './price-queues.ts'
import { Rising } from './rising.ts'
import { RollingOrders } from './rolling-orders.ts'
import { ownOrderFault, priceFault, quantityFault, totalFault, unknownId } from './session-faults.ts'
import { widestRange, type OpenOrder, type SessionOrder, type SessionRange } from './session-order.ts'
import { TradeColumns } from './trade-columns.ts'

export interface Replacement {
  /** position in the one row of all events, rising */
  readonly sequence: number
  /** of the order, which keeps it */
  readonly id: number
  readonly limitTicks: number
  /** what shall be open from now on, whatever was traded before; whole, above 0 [Wh] */
  readonly quantityWh: number
}

/** What became of an operation; the book owns it and fills it anew at the next one. */
export interface RollingOutcome {
  /** why it was refused; then nothing has changed */
  readonly fault: Fault | null
  /** the order it was about */
  readonly id: number
  /** traded now, the sum over `trades` [Wh] */
  readonly tradedWh: number
  /** what waits of the order now [Wh] */
  readonly openWh: number
  /** taken back by a cancellation [Wh] */
  readonly cancelledWh: number
  readonly trades: TradeColumns
}

/** One price at which orders of one side of a bus wait. */
export interface PriceLevel {
  readonly limitTicks: number
  readonly openWh: number
  readonly orders: number
}

export class RollingBook {
  readonly #room: ArcRoom
  readonly #range: SessionRange
  readonly #orders = new RollingOrders()
  readonly #rows = new IdRows()
  readonly #own: OwnOrders
  readonly #queues: PriceQueues
  readonly #sells: BestReach
  readonly #buys: BestReach
  readonly #events = new Rising()
  readonly #trades = new TradeColumns()
  readonly #outcome = {
    fault: null as Fault | null,
    id: -1,
    tradedWh: 0,
    openWh: 0,
    cancelledWh: 0,
    trades: this.#trades,
  }
  #openWh = 0
  #count = 0

  /** @param range limits that the book takes */
  constructor(room: ArcRoom, range: SessionRange = widestRange) {
    const { floorTicks, capTicks } = range
    assert(
      floorTicks >= widestRange.floorTicks && capTicks <= widestRange.capTicks && floorTicks <= capTicks,
      () => `no prices from ${floorTicks} to ${capTicks} ticks`,
    )
    this.#room = room
    this.#range = range
    this.#own = new OwnOrders(room.paths)
    this.#queues = new PriceQueues(2 * room.network.busCount, capTicks - floorTicks)
    this.#sells = new BestReach(room, sellSide)
    this.#buys = new BestReach(room, buySide)
    this.#reserve()
  }

  /** Orders that wait. */
  get count(): number {
    return this.#count
  }

  /**
   * Matches an order as far as it goes and lets the rest wait, or refuses it: for its quantity, its limit, an own order it
   * crosses, a session too full; in this order.
   */
  submit(order: SessionOrder): RollingOutcome {
    this.#begin(order.sequence, order.sequence)
    this.#assertRows(order)
    const fault =
      this.#faultOf(order.limitTicks, order.quantityWh) ??
      this.#ownFault(order.owner, order.bus, order.side, order.limitTicks) ??
      totalFault(this.#openWh, order.quantityWh)
    if (fault) return this.#refuse(fault)
    const row = this.#orders.add(order)
    this.#reserve()
    this.#match(row)
    if (this.#orders.openWh[row]! > 0) {
      this.#rows.add(order.sequence, row)
      this.#count++
      this.#queue(row)
    } else this.#orders.drop(row)
    return this.#outcome
  }

  /** Takes back what is left of an order. */
  cancel(id: number): RollingOutcome {
    this.#clear(id)
    const row = this.#rows.get(id)
    if (row === -1) return this.#refuse(unknownId('order', id))
    this.#outcome.cancelledWh = this.#orders.openWh[row]!
    this.#unqueue(row)
    this.#forget(row)
    return this.#outcome
  }

  /**
   * Gives an order a new limit, a new open quantity or both. It keeps its place in time only if nothing but the quantity
   * falls; else it comes anew, behind all others, and may trade. Refused like a new order, or for an unknown id, which is
   * looked at first; then it waits on as it was.
   */
  replace({ sequence, id, limitTicks, quantityWh }: Replacement): RollingOutcome {
    this.#begin(sequence, id)
    const row = this.#rows.get(id)
    if (row === -1) return this.#refuse(unknownId('order', id))
    const orders = this.#orders
    const beforeWh = orders.openWh[row]!
    const fault =
      this.#faultOf(limitTicks, quantityWh) ??
      this.#ownFault(orders.owner[row]!, orders.bus[row]!, orders.side[row]!, limitTicks) ??
      totalFault(this.#openWh - beforeWh, quantityWh)
    if (fault) return this.#refuse(fault)
    if (limitTicks === orders.limitTicks[row] && quantityWh <= beforeWh) this.#shrink(row, quantityWh)
    else this.#comeAnew(row, sequence, limitTicks, quantityWh)
    return this.#outcome
  }

  /**
   * Matches what waits after room has come back: each order in time looks for counterparts as if it came now, and every
   * pair trades at the limit of its earlier order. Leaves no two orders that cross and can reach each other.
   */
  rematch(): TradeColumns {
    this.#clear(-1)
    for (const row of this.#orders.rowsInTime()) {
      const beforeWh = this.#orders.openWh[row]!
      if (beforeWh === 0) continue
      this.#match(row)
      const openWh = this.#orders.openWh[row]!
      this.#openWh -= beforeWh - openWh
      if (openWh > 0) continue
      this.#unqueue(row)
      this.#forget(row)
    }
    return this.#trades
  }

  /** A waiting order. */
  order(id: number): OpenOrder | undefined {
    const row = this.#rows.get(id)
    return row === -1 ? undefined : this.#orders.at(row)
  }

  /** All waiting orders by time. */
  orders(): OpenOrder[] {
    return this.#orders.rowsInTime().map((row) => this.#orders.at(row))
  }

  /** What waits on one side of a bus, best price first. */
  depth(bus: number, side: number): PriceLevel[] {
    const { limitTicks, openWh } = this.#orders
    return this.#queues.levels(2 * bus + side).map((rows) => ({
      limitTicks: limitTicks[rows[0]!]!,
      openWh: rows.reduce((sum, row) => sum + openWh[row]!, 0),
      orders: rows.length,
    }))
  }

  #begin(sequence: number, id: number): void {
    this.#events.next(sequence)
    this.#clear(id)
  }

  #assertRows({ owner, bus, side }: SessionOrder): void {
    assert(
      (side === buySide || side === sellSide) && bus >= 0 && bus < this.#room.network.busCount && owner >= 0,
      () => `no order of owner ${owner} on side ${side} of bus ${bus}`,
    )
  }

  #clear(id: number): void {
    const outcome = this.#outcome
    outcome.fault = null
    outcome.id = id
    outcome.tradedWh = 0
    outcome.openWh = 0
    outcome.cancelledWh = 0
    this.#trades.count = 0
  }

  #refuse(fault: Fault): RollingOutcome {
    this.#outcome.fault = fault
    return this.#outcome
  }

  #faultOf(limitTicks: number, quantityWh: number): Fault | null {
    return quantityFault(quantityWh) ?? priceFault(limitTicks, this.#range, 'limitTicks')
  }

  #ownFault(owner: number, bus: number, side: number, limitTicks: number): Fault | null {
    const own = this.#own.crossed(owner, bus, side, side === sellSide ? limitTicks : -limitTicks)
    return own === -1 ? null : ownOrderFault(side, limitTicks, this.#orders.at(own))
  }

  #reserve(): void {
    this.#queues.reserve(this.#orders.size)
    this.#own.reserve(this.#orders.size)
  }

  /** Trades an order with the best of the other side while they cross. */
  #match(row: number): void {
    const orders = this.#orders
    const sells = orders.side[row] === sellSide
    const others = sells ? this.#buys : this.#sells
    const bus = orders.bus[row]!
    const most = -orders.cost(row)
    while (orders.openWh[row]! > 0) {
      const from = others.find(bus, most)
      if (from === -1) return
      const other = this.#queues.head(2 * from + 1 - orders.side[row]!)
      const energyWh = sells ? this.#trade(row, other) : this.#trade(other, row)
      orders.openWh[row] = orders.openWh[row]! - energyWh
      this.#fill(other, energyWh)
    }
  }

  /** Writes the trade of a sell with a buy that it crosses and takes its room; returns its energy. */
  #trade(sell: number, buy: number): number {
    const { id, owner, bus, openWh, limitTicks, sequence } = this.#orders
    const sellBus = bus[sell]!
    const buyBus = bus[buy]!
    const quantityWh = Math.min(openWh[sell]!, openWh[buy]!, this.#room.mostWh(sellBus, buyBus))
    const pathFeeTicks = this.#room.paths.feeTicks(sellBus, buyBus)
    this.#room.take(sellBus, buyBus, quantityWh)
    const trades = this.#trades
    const at = trades.open()
    trades.sellId[at] = id[sell]!
    trades.buyId[at] = id[buy]!
    trades.sellOwner[at] = owner[sell]!
    trades.buyOwner[at] = owner[buy]!
    trades.quantityWh[at] = quantityWh
    trades.sellerTicks[at] =
      sequence[sell]! < sequence[buy]! ? limitTicks[sell]! : limitTicks[buy]! - pathFeeTicks
    trades.pathFeeTicks[at] = pathFeeTicks
    this.#outcome.tradedWh += quantityWh
    return quantityWh
  }

  /** Takes traded energy from a waiting order. */
  #fill(row: number, energyWh: number): void {
    this.#orders.openWh[row] = this.#orders.openWh[row]! - energyWh
    this.#openWh -= energyWh
    if (this.#orders.openWh[row] !== 0) return
    this.#unqueue(row)
    this.#forget(row)
  }

  #shrink(row: number, quantityWh: number): void {
    this.#openWh -= this.#orders.openWh[row]! - quantityWh
    this.#orders.openWh[row] = quantityWh
    this.#outcome.openWh = quantityWh
  }

  #comeAnew(row: number, sequence: number, limitTicks: number, quantityWh: number): void {
    const orders = this.#orders
    this.#unqueue(row)
    orders.sequence[row] = sequence
    orders.limitTicks[row] = limitTicks
    orders.openWh[row] = quantityWh
    this.#match(row)
    if (orders.openWh[row]! > 0) this.#queue(row)
    else this.#forget(row)
  }

  /** Lets an order wait at its price. */
  #queue(row: number): void {
    const { bus, side, owner, openWh } = this.#orders
    const queue = 2 * bus[row]! + side[row]!
    const cost = this.#orders.cost(row)
    this.#queues.append(queue, this.#keyOf(row), row)
    this.#own.add(row, owner[row]!, bus[row]!, side[row]!, cost)
    this.#openWh += openWh[row]!
    this.#outcome.openWh = openWh[row]!
    if (this.#queues.head(queue) === row) this.#showHead(bus[row]!, side[row]!)
  }

  /** Takes an order from its price; its row stays. */
  #unqueue(row: number): void {
    const { bus, side, openWh } = this.#orders
    const queue = 2 * bus[row]! + side[row]!
    const wasHead = this.#queues.head(queue) === row
    this.#queues.remove(queue, row)
    this.#own.remove(row)
    this.#openWh -= openWh[row]!
    if (wasHead) this.#showHead(bus[row]!, side[row]!)
  }

  #forget(row: number): void {
    this.#rows.delete(this.#orders.id[row]!)
    this.#orders.drop(row)
    this.#count--
  }

  /** Keys of which the smallest is best: sells upward from the floor, buys downward from the cap. */
  #keyOf(row: number): number {
    const limitTicks = this.#orders.limitTicks[row]!
    const { floorTicks, capTicks } = this.#range
    return this.#orders.side[row] === sellSide ? limitTicks - floorTicks : capTicks - limitTicks
  }

  #showHead(bus: number, side: number): void {
    const head = this.#queues.head(2 * bus + side)
    const reach = side === sellSide ? this.#sells : this.#buys
    if (head === -1) reach.setHead(bus, Infinity, Infinity)
    else reach.setHead(bus, this.#orders.cost(head), this.#orders.sequence[head]!)
  }
}
