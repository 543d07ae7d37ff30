/** An auction's outcome against the meters: pairs, the rest on ordinary contracts, batteries. One interval's postings. */
import { BehindMeterPayments } from './behind-meter-payments.ts'
import { ContractSettlement } from './contract-settlement.ts'
import { FuelCosts } from './fuel-costs.ts'
import type { Moment } from './moment.ts'
import type { Outcome } from './outcome.ts'
import { PairSettlement, type Settled } from './pair-settlement.ts'
import type { Readings } from './readings.ts'
import type { Roster } from './roster.ts'
import { countExchange, type RunState } from './run-state.ts'
import type { StorageDesk } from './storage-desk.ts'
import { StorageSettlement } from './storage-settlement.ts'
import { TwoAuctions, type BothSettled } from './two-auctions.ts'
import type { WheelingSlots } from './wheeling-slots.ts'

export class IntervalSettlement {
  readonly #state: RunState
  readonly #pairs: PairSettlement
  readonly #contracts: ContractSettlement
  readonly #storage: StorageSettlement
  readonly #behindMeter: BehindMeterPayments
  readonly #fuel: FuelCosts
  /** null where an interval is traded once */
  readonly #both: TwoAuctions | null

  constructor(
    state: RunState,
    { wheeling, roster, desks }: { wheeling: WheelingSlots; roster: Roster; desks: readonly StorageDesk[] },
    rowsMax: number,
    dayAheadRowsMax: number | null = null,
  ) {
    this.#state = state
    this.#pairs = new PairSettlement(state, wheeling, roster, rowsMax)
    this.#contracts = new ContractSettlement(state, 'leftover')
    this.#storage = new StorageSettlement(state, wheeling, desks)
    this.#behindMeter = new BehindMeterPayments(state)
    this.#fuel = new FuelCosts(state)
    const bothMax = dayAheadRowsMax !== null && { dayAhead: dayAheadRowsMax, intraday: rowsMax }
    this.#both = bothMax ? new TwoAuctions(state, { wheeling, roster }, bothMax) : null
  }

  /** Posts everything that an interval's energy is paid by, and closes the interval in the ledger. */
  settle(outcome: Outcome, moment: Moment, readings: Readings): Settled {
    return this.#finish(this.#pairs.settle(outcome, moment, readings), outcome, moment, readings)
  }

  /** The same for an interval that was traded a day ahead and intraday: two outcomes, one ledger. */
  settleBoth(ahead: Outcome, intraday: Outcome, moment: Moment, readings: Readings): BothSettled {
    const both = this.#both!.settle(ahead, intraday, moment, readings)
    this.#finish(both.intraday, intraday, moment, readings)
    return both
  }

  /** The same with a rest after every so many pairs, in which others get a turn. */
  *settleInParts(
    outcome: Outcome,
    moment: Moment,
    readings: Readings,
    pairsAtOnce: number,
  ): Generator<void, Settled> {
    const settled = yield* this.#pairs.settleInParts(outcome, moment, readings, pairsAtOnce)
    return this.#finish(settled, outcome, moment, readings)
  }

  #finish(settled: Settled, outcome: Outcome, moment: Moment, readings: Readings): Settled {
    const state = this.#state
    const participantsWh = this.#contracts.settle(settled, moment, readings)
    const batteriesWh = this.#storage.settle(outcome, settled, moment)
    this.#behindMeter.settle(moment, readings)
    this.#fuel.settle(moment, readings)
    settled.netImportWh = participantsWh + batteriesWh
    countExchange(state, settled.netImportWh)
    state.ledger.closeInterval()
    return settled
  }
}
