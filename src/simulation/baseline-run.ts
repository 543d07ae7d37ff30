/** The same year without the neighbourhood market: everyone on its ordinary contract, every surplus fed in. */
import { BehindMeterPayments } from './behind-meter-payments.ts'
import { ContractSettlement, type Traded } from './contract-settlement.ts'
import { FuelCosts } from './fuel-costs.ts'
import { Moment } from './moment.ts'
import { closeMonth, type MonthSheet } from './month.ts'
import { ReadingsOfDay, type Readings } from './readings.ts'
import { countExchange, openRun, type RunState } from './run-state.ts'
import type { Seller, World } from './world.ts'

export interface BaselineRun {
  readonly state: RunState
  readonly sheets: readonly MonthSheet[]
}

export function runBaseline(world: World, sellers: readonly Seller[]): BaselineRun {
  const state = openRun(world, sellers)
  const settlement = new BaselineSettlement(state)
  const readings = new ReadingsOfDay(world, sellers)
  const moment = new Moment(world.slots)
  const sheets = world.zone.calendar.months.map((month, index) => {
    for (let interval = month.firstInterval; interval < month.endInterval; interval++) {
      moment.moveTo(interval, index)
      if (moment.quarter === 0) readings.load(interval)
      settlement.settle(moment, readings.at(moment.quarter))
    }
    return closeMonth(state, index, 'baseline')
  })
  return { state, sheets }
}

/** What an interval's energy costs everybody without the market. */
export class BaselineSettlement {
  readonly #state: RunState
  readonly #contracts: ContractSettlement
  readonly #behindMeter: BehindMeterPayments
  readonly #fuel: FuelCosts
  readonly #nothing: Traded

  constructor(state: RunState) {
    this.#state = state
    this.#contracts = new ContractSettlement(state, 'outside')
    this.#behindMeter = new BehindMeterPayments(state)
    this.#fuel = new FuelCosts(state)
    this.#nothing = {
      boughtWh: new Float64Array(state.world.buyers.length),
      soldWh: new Float64Array(state.sellers.length),
      turnedDownWh: new Float64Array(state.sellers.length),
    }
  }

  /** Posts an interval's money and closes it in the ledger. */
  settle(moment: Moment, readings: Readings): void {
    countExchange(this.#state, this.#contracts.settle(this.#nothing, moment, readings))
    this.#behindMeter.settle(moment, readings)
    this.#fuel.settle(moment, readings)
    this.#state.ledger.closeInterval()
  }
}
