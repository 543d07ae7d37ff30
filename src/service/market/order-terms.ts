/**
 * Orders as they are asked for against what the market lets their member do. A batch is checked whole, so that everything
 * wrong with it is told at once; what depends on an interval alone is looked up once an interval.
 */
import { kwhText, priceText } from '../../contract/decimals.ts'
import type { ProblemCode, ProblemPart } from '../../contract/problems.ts'
import { mostOrdersInInterval } from '../../contract/routes/orders.ts'
import type { Zone } from '../../scenario/zone.ts'
import type { Held, NewOrder } from '../../store/port.ts'
import { Refusal } from '../refusal.ts'
import { placeOf, type AskedOrder, type AskedOrders } from './asked-orders.ts'
import type { Holdings } from './holdings.ts'
import type { Member } from './members.ts'

/** What a check has to know of one interval. */
export interface IntervalTerms {
  readonly interval: number
  /** fee on the member's own connection, which its buys pay beside the path's [ticks] */
  readonly withdrawalTicks: number
  /** what the member has in it already */
  readonly held: Held
  /** whether its owner stands on a side already, buys first */
  readonly ownerStands: readonly [boolean, boolean]
}

export interface Rules {
  readonly market: Pick<Zone['market'], 'floorTicks' | 'capTicks'>
  /** name of the member's bus */
  readonly busId: string
}

/** What is asked for in one interval, by side. */
interface Pending {
  readonly terms: IntervalTerms
  readonly askedWh: [number, number]
  readonly asked: [number, number]
}

export class OrderBatch {
  /** what is to be kept */
  readonly orders: NewOrder[] = []
  readonly #member: Member
  readonly #rules: Rules
  readonly #termsOf: (interval: number, path: string) => IntervalTerms
  readonly #pending = new Map<number, Pending>()
  readonly #wrong: (ProblemPart & { code: ProblemCode })[] = []
  readonly #isList: boolean
  /** the order that is looked at */
  #at = 0

  /**
   * @param termsOf refuses intervals that are unknown or closed, naming the place of the order
   * @throws Refusal with everything that is wrong
   */
  constructor(
    { orders, isList }: AskedOrders,
    member: Member,
    rules: Rules,
    termsOf: (interval: number, path: string) => IntervalTerms,
  ) {
    this.#isList = isList
    this.#member = member
    this.#rules = rules
    this.#termsOf = termsOf
    for (this.#at = 0; this.#at < orders.length; this.#at++) this.#add(orders[this.#at]!)
    this.#refuseWrong()
  }

  /** Counts the batch among what its member has. @returns undoes it */
  hold(holdings: Holdings): () => void {
    const { participant } = this.#member
    const count = (sign: 1 | -1) => {
      for (const [interval, { asked, askedWh }] of this.#pending) {
        const standingWh = [sign * askedWh[0], sign * askedWh[1]] as const
        holdings.add(participant, interval, { standingWh, placed: sign * (asked[0] + asked[1]) })
      }
    }
    count(1)
    return () => count(-1)
  }

  #add(order: AskedOrder): void {
    const { interval, side, grossTicks, quantityWh } = order
    const pending = this.#pendingOf(interval)
    pending.asked[side]++
    pending.askedWh[side] += quantityWh
    this.#checkOrder(order)
    this.#checkSums(order, pending)
    const limitTicks = side === 0 ? grossTicks - pending.terms.withdrawalTicks : grossTicks
    this.orders.push({ interval, side, bus: this.#member.bus, limitTicks, quantityWh })
  }

  #refuseWrong(): void {
    const [first] = this.#wrong
    if (!first) return
    const { code, wanted, came, path } = first
    throw new Refusal(code, { wanted, came, path, errors: this.#wrong })
  }

  #pendingOf(interval: number): Pending {
    let pending = this.#pending.get(interval)
    if (!pending) {
      const terms = this.#termsOf(interval, placeOf(this.#isList, this.#at))
      pending = { terms, askedWh: [0, 0], asked: [0, 0] }
      this.#pending.set(interval, pending)
    }
    return pending
  }

  #checkOrder({ side, grossTicks, bus }: AskedOrder): void {
    const { market, busId } = this.#rules
    const { floorTicks, capTicks } = market
    const { buys, sells } = this.#member
    if (grossTicks < floorTicks || grossTicks > capTicks) {
      const wanted = `a price from ${priceText(floorTicks)} to ${priceText(capTicks)} CNY/kWh`
      this.#tell('price-out-of-range', 'price', wanted, priceText(grossTicks))
    }
    if (bus !== undefined && bus !== busId) this.#tell('other-bus', 'bus', `${busId}, or no bus`, bus)
    if (side === 0 ? !buys : !sells) this.#tell('other-side', 'side', buys ? 'buy' : 'sell', wordOf(side))
  }

  #checkSums({ side }: AskedOrder, { terms, asked, askedWh }: Pending): void {
    const { held, ownerStands } = terms
    const { mostWh } = this.#member
    const other = side === 0 ? 1 : 0
    const standsWh = held.standingWh[side] + askedWh[side]
    if (standsWh > mostWh) {
      const wanted = `at most ${kwhText(mostWh)} kWh of one side in one interval`
      this.#tell('beyond-connection', 'quantity', wanted, `${kwhText(standsWh)} kWh`)
    }
    if (ownerStands[other] || asked[other] > 0) {
      const wanted = `no ${wordOf(side)} beside own orders of the other side`
      this.#tell('self-trade', 'side', wanted, wordOf(side))
    }
    const placed = held.placed + asked[0] + asked[1]
    if (placed > mostOrdersInInterval)
      this.#tell('too-many-orders', 'interval', `at most ${mostOrdersInInterval} orders`, String(placed))
  }

  #tell(code: ProblemCode, field: string, wanted: string, came: string): void {
    this.#wrong.push({ code, path: placeOf(this.#isList, this.#at) + field, wanted, came })
  }
}

function wordOf(side: 0 | 1): string {
  return side === 0 ? 'buy' : 'sell'
}
