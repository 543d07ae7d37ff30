/** Moves the batteries by what they traded, and posts what that costs beside the trade: fees on losses, and wear. */
import { addTo } from '../base/columns.ts'
import { rateE8PerTick } from '../base/units.ts'
import { postAdders, postPayment } from '../settlement/postings.ts'
import type { Moment } from './moment.ts'
import { storageRow } from './order-rows.ts'
import type { Outcome } from './outcome.ts'
import type { Settled } from './pair-settlement.ts'
import type { RunState } from './run-state.ts'
import type { StorageDesk } from './storage-desk.ts'
import type { WheelingSlots } from './wheeling-slots.ts'

export class StorageSettlement {
  readonly #state: RunState
  readonly #wheeling: WheelingSlots
  readonly #desks: readonly StorageDesk[]
  /** bought less sold, by desk [Wh] */
  readonly #tradedWh: Float64Array

  constructor(state: RunState, wheeling: WheelingSlots, desks: readonly StorageDesk[]) {
    this.#state = state
    this.#wheeling = wheeling
    this.#desks = desks
    this.#tradedWh = new Float64Array(desks.length)
  }

  /** Returns the batteries' net consumption. [Wh] */
  settle({ rows }: Outcome, { rowWh }: Settled, moment: Moment): number {
    if (this.#desks.length === 0) return 0
    this.#tradedWh.fill(0)
    for (let row = 0; row < rows.book.count; row++) {
      if (rows.kind[row] !== storageRow) continue
      addTo(this.#tradedWh, rows.who[row]!, rows.book.side[row] === 0 ? rowWh[row]! : -rowWh[row]!)
    }
    let netWh = 0
    for (let who = 0; who < this.#tradedWh.length; who++) {
      const tradedWh = this.#tradedWh[who]!
      if (tradedWh > 0) this.#charge(who, tradedWh, moment)
      else if (tradedWh < 0) this.#discharge(who, -tradedWh, moment)
      netWh += tradedWh
    }
    return netWh
  }

  #charge(who: number, boughtWh: number, moment: Moment): void {
    const books = this.#state.storage
    const at = who * this.#state.months + moment.month
    addTo(books.boughtWh, at, boughtWh)
    addTo(books.lostWh, at, this.#desks[who]!.settle(boughtWh, 0))
    this.#postFees(who, boughtWh, moment)
  }

  #discharge(who: number, soldWh: number, { month }: Moment): void {
    const { storage: books, ledger, months, world } = this.#state
    const desk = this.#desks[who]!
    const at = who * months + month
    const storedBefore = desk.storedWh
    addTo(books.soldWh, at, soldWh)
    addTo(books.lostWh, at, desk.settle(0, soldWh))
    const takenWh = storedBefore - desk.storedWh
    addTo(books.dischargedWh, at, takenWh)
    const { lease, wearTicks } = desk.unit
    const owner = lease === null ? desk.account : world.chart.storage + lease.lessor
    postPayment(ledger, owner, world.chart.wear, takenWh * wearTicks * rateE8PerTick)
  }

  #postFees(who: number, boughtWh: number, { segment, month }: Moment): void {
    const { world, ledger, storage: books, months } = this.#state
    const { chart, zone, slots } = world
    const desk = this.#desks[who]!
    const bearingWh = desk.feeBearingWh(boughtWh, zone.wheeling.storageExempt)
    if (bearingWh === 0) return
    const adders = this.#wheeling.adders[segment]!
    const at = who * slots.segments.length + segment
    const withdrawalTicks = this.#wheeling.storageWithdrawalTicks[at]!
    const wheelingE8 = withdrawalTicks * rateE8PerTick
    const feesE11 = bearingWh * (wheelingE8 + adders.lineLossE8 + adders.systemE8 + adders.fundsE8)
    ledger.post(desk.account, -feesE11)
    ledger.post(chart.tAndD, bearingWh * wheelingE8)
    postAdders(ledger, chart, bearingWh, adders)
    addTo(books.feeBearingWh, at, bearingWh)
    addTo(books.withdrawalTickWh, who * months + month, bearingWh * withdrawalTicks)
  }
}
