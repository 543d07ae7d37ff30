/** The rolling book said with lists and loops: every order looks at every other one, every path is walked. */
import type { Network } from '../../../src/grid/network.ts'
import type { OpenOrder, SessionOrder, SessionTrade } from '../../../src/market/sessions/session-order.ts'

type Waiting = { -readonly [Key in keyof OpenOrder]: OpenOrder[Key] }

export interface NaiveOutcome {
  readonly code: string | null
  readonly tradedWh: number
  readonly openWh: number
  readonly cancelledWh: number
  readonly trades: SessionTrade[]
}

/** Arcs from a seller's bus to a buyer's, by the bus below them. */
export function pathOf({ parent }: Network, from: number, to: number): { up: number[]; down: number[] } {
  const line = (bus: number): number[] => (bus < 0 ? [] : [bus, ...line(parent[bus]!)])
  const [climb, descent] = [line(from), line(to)]
  return {
    up: climb.filter((bus) => !descent.includes(bus)),
    down: descent.filter((bus) => !climb.includes(bus)),
  }
}

export function feeOf(network: Network, from: number, to: number): number {
  if (from === to) return 0
  const { up, down } = pathOf(network, from, to)
  return (
    up.reduce((sum, bus) => sum + network.feeUpTicks[bus]!, 0) +
    down.reduce((sum, bus) => sum + network.feeDownTicks[bus]!, 0)
  )
}

export class NaiveRoom {
  readonly network: Network
  readonly upWh: number[]
  readonly downWh: number[]

  constructor(network: Network) {
    this.network = network
    this.upWh = [...network.capacityUpWh]
    this.downWh = [...network.capacityDownWh]
  }

  mostWh(from: number, to: number): number {
    if (from === to) return Infinity
    const { up, down } = pathOf(this.network, from, to)
    return Math.min(Infinity, ...up.map((bus) => this.upWh[bus]!), ...down.map((bus) => this.downWh[bus]!))
  }

  take(from: number, to: number, energyWh: number): void {
    const { up, down } = pathOf(this.network, from, to)
    for (const bus of up) this.upWh[bus]! -= energyWh
    for (const bus of down) this.downWh[bus]! -= energyWh
  }
}

export class NaiveRolling {
  readonly room: NaiveRoom
  waiting: Waiting[] = []

  constructor(room: NaiveRoom) {
    this.room = room
  }

  submit({ quantityWh, ...order }: SessionOrder): NaiveOutcome {
    const came: Waiting = { ...order, id: order.sequence, openWh: quantityWh }
    if (this.#crossesOwn(came)) return this.#refused('self-trade')
    return this.#come(came)
  }

  cancel(id: number): NaiveOutcome {
    const order = this.waiting.find((each) => each.id === id)
    if (!order) return this.#refused('unknown-order')
    this.waiting = this.waiting.filter((each) => each !== order)
    return { code: null, tradedWh: 0, openWh: 0, cancelledWh: order.openWh, trades: [] }
  }

  replace(change: { sequence: number; id: number; limitTicks: number; quantityWh: number }): NaiveOutcome {
    const order = this.waiting.find((each) => each.id === change.id)
    if (!order) return this.#refused('unknown-order')
    const { sequence, limitTicks, quantityWh: openWh } = change
    if (this.#crossesOwn({ ...order, limitTicks })) return this.#refused('self-trade')
    if (limitTicks === order.limitTicks && openWh <= order.openWh) {
      order.openWh = openWh
      return { code: null, tradedWh: 0, openWh, cancelledWh: 0, trades: [] }
    }
    this.waiting = this.waiting.filter((each) => each !== order)
    return this.#come({ ...order, sequence, limitTicks, openWh })
  }

  rematch(): SessionTrade[] {
    const trades = this.waiting
      .toSorted((a, b) => a.sequence - b.sequence)
      .flatMap((order) => (order.openWh > 0 ? this.#match(order) : []))
    this.waiting = this.waiting.filter(({ openWh }) => openWh > 0)
    return trades
  }

  #refused(code: string): NaiveOutcome {
    return { code, tradedWh: 0, openWh: 0, cancelledWh: 0, trades: [] }
  }

  #come(came: Waiting): NaiveOutcome {
    const trades = this.#match(came)
    this.waiting = [...this.waiting, came].filter(({ openWh }) => openWh > 0)
    const tradedWh = trades.reduce((sum, trade) => sum + trade.quantityWh, 0)
    return { code: null, tradedWh, openWh: came.openWh, cancelledWh: 0, trades }
  }

  #crossesOwn(order: Waiting): boolean {
    return this.waiting.some(
      (each) => each.owner === order.owner && each.side !== order.side && this.gainOf(order, each) >= 0,
    )
  }

  /** What a kWh between two orders of different sides is worth beyond the fees, whichever of them sells. */
  gainOf(one: OpenOrder, other: OpenOrder): number {
    const [sell, buy] = one.side === 1 ? [one, other] : [other, one]
    return buy.limitTicks - sell.limitTicks - feeOf(this.room.network, sell.bus, buy.bus)
  }

  reachOf(one: OpenOrder, other: OpenOrder): number {
    const [sell, buy] = one.side === 1 ? [one, other] : [other, one]
    return this.room.mostWh(sell.bus, buy.bus)
  }

  #match(order: Waiting): SessionTrade[] {
    const trades: SessionTrade[] = []
    while (order.openWh > 0) {
      const [best] = this.waiting
        .filter((each) => each.side !== order.side && each.openWh > 0)
        .filter((each) => this.gainOf(order, each) >= 0 && this.reachOf(order, each) > 0)
        .sort((a, b) => this.gainOf(order, b) - this.gainOf(order, a) || a.sequence - b.sequence)
      if (!best) break
      trades.push(this.#trade(order, best))
    }
    return trades
  }

  #trade(order: Waiting, best: Waiting): SessionTrade {
    const [sell, buy] = order.side === 1 ? [order, best] : [best, order]
    const quantityWh = Math.min(order.openWh, best.openWh, this.reachOf(order, best))
    this.room.take(sell.bus, buy.bus, quantityWh)
    order.openWh -= quantityWh
    best.openWh -= quantityWh
    const pathFeeTicks = feeOf(this.room.network, sell.bus, buy.bus)
    return {
      sellId: sell.id,
      buyId: buy.id,
      sellOwner: sell.owner,
      buyOwner: buy.owner,
      quantityWh,
      sellerTicks: sell.sequence < buy.sequence ? sell.limitTicks : buy.limitTicks - pathFeeTicks,
      pathFeeTicks,
    }
  }
}
