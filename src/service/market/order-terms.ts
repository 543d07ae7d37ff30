/**
 * Orders as they are asked for against what the market lets their member do. A batch is checked whole, so that everything
 * wrong with it is told at once; what depends on an interval alone is looked up once an interval.
 */
import { kwhText, priceText, ticksOf, whOf } from '../../contract/decimals.ts'
import type { ProblemCode, ProblemPart } from '../../contract/problems.ts'
import { mostOrdersInInterval, type NewOrder } from '../../contract/routes/orders.ts'
import type { Zone } from '../../scenario/zone.ts'
import type { NewOrder as StoreOrder } from '../../store/port.ts'
import { Refusal } from '../refusal.ts'
import type { Holding } from './holdings.ts'
import type { Member } from './members.ts'

/** What a check has to know of one interval. */
export interface IntervalTerms {
  readonly interval: number
  /** fee on the member's own connection, which its buys pay beside the path's [ticks] */
  readonly withdrawalTicks: number
  readonly holding: Holding
  /** whether its owner stands on a side already, buys first */
  readonly ownerStands: readonly [boolean, boolean]
}

export interface Rules {
  readonly market: Pick<Zone['market'], 'floorTicks' | 'capTicks'>
  /** name of the member's bus */
  readonly busId: string
}

interface Pending {
  readonly terms: IntervalTerms
  readonly askedWh: [number, number]
  readonly asked: [number, number]
}

export class OrderBatch {
  readonly orders: StoreOrder[] = []
  readonly #member: Member
  readonly #rules: Rules
  readonly #termsOf: (name: string, path: string) => IntervalTerms
  readonly #pending = new Map<string, Pending>()
  readonly #wrong: (ProblemPart & { code: ProblemCode })[] = []

  /** @param termsOf refuses intervals that are unknown or closed, naming the place of the order */
  constructor(member: Member, rules: Rules, termsOf: (name: string, path: string) => IntervalTerms) {
    this.#member = member
    this.#rules = rules
    this.#termsOf = termsOf
  }

  /** @param path where the order stands in the request, as `body.3.` */
  add(order: NewOrder, path: string): void {
    const pending = this.#pendingOf(order.interval, path)
    const side = order.side === 'buy' ? 0 : 1
    const grossTicks = ticksOf(order.price)
    const quantityWh = whOf(order.quantity)
    this.#checkOrder(order, path, grossTicks)
    pending.asked[side]++
    pending.askedWh[side] += quantityWh
    this.#checkSums(order, path, pending, side)
    const { interval, withdrawalTicks } = pending.terms
    const limitTicks = side === 0 ? grossTicks - withdrawalTicks : grossTicks
    this.orders.push({ interval, side, bus: this.#member.bus, limitTicks, quantityWh })
  }

  /** @throws Refusal with everything that was wrong */
  refuseWrong(): void {
    const [first] = this.#wrong
    if (!first) return
    const { code, wanted, came, path } = first
    throw new Refusal(code, { wanted, came, path, errors: this.#wrong })
  }

  /** Counts the batch among what stands. @returns undoes it */
  hold(): () => void {
    const count = (sign: 1 | -1) => {
      for (const { terms, asked, askedWh } of this.#pending.values()) {
        terms.holding.standingWh[0] += sign * askedWh[0]
        terms.holding.standingWh[1] += sign * askedWh[1]
        terms.holding.placed += sign * (asked[0] + asked[1])
      }
    }
    count(1)
    return () => count(-1)
  }

  #pendingOf(name: string, path: string): Pending {
    let pending = this.#pending.get(name)
    if (!pending) {
      pending = { terms: this.#termsOf(name, path), askedWh: [0, 0], asked: [0, 0] }
      this.#pending.set(name, pending)
    }
    return pending
  }

  #checkOrder(order: NewOrder, path: string, grossTicks: number): void {
    const { floorTicks, capTicks } = this.#rules.market
    const { buys, sells } = this.#member
    if (grossTicks < floorTicks || grossTicks > capTicks) {
      const wanted = `a price from ${priceText(floorTicks)} to ${priceText(capTicks)} CNY/kWh`
      this.#tell('price-out-of-range', path, 'price', wanted, order.price)
    }
    if (order.bus !== undefined && order.bus !== this.#rules.busId)
      this.#tell('other-bus', path, 'bus', `${this.#rules.busId}, or no bus`, order.bus)
    if (order.side === 'buy' ? !buys : !sells)
      this.#tell('other-side', path, 'side', buys ? 'buy' : 'sell', order.side)
  }

  #checkSums(order: NewOrder, path: string, { terms, asked, askedWh }: Pending, side: 0 | 1): void {
    const { holding, ownerStands } = terms
    const { mostWh } = this.#member
    const other = side === 0 ? 1 : 0
    const standsWh = holding.standingWh[side] + askedWh[side]
    if (standsWh > mostWh) {
      const wanted = `at most ${kwhText(mostWh)} kWh of one side in one interval`
      this.#tell('beyond-connection', path, 'quantity', wanted, `${kwhText(standsWh)} kWh`)
    }
    if (ownerStands[other] || asked[other] > 0)
      this.#tell(
        'self-trade',
        path,
        'side',
        `no ${order.side} beside own orders of the other side`,
        order.side,
      )
    const placed = holding.placed + asked[0] + asked[1]
    if (placed > mostOrdersInInterval)
      this.#tell(
        'too-many-orders',
        path,
        'interval',
        `at most ${mostOrdersInInterval} orders`,
        String(placed),
      )
  }

  #tell(code: ProblemCode, path: string, field: string, wanted: string, came: string): void {
    this.#wrong.push({ code, path: path + field, wanted, came })
  }
}
