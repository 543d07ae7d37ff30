/** The same year without the neighbourhood market: everyone on its ordinary contract, every surplus fed in. */
import { BehindMeterPayments } from './behind-meter-payments.ts'
import { ContractSettlement } from './contract-settlement.ts'
import { FuelCosts } from './fuel-costs.ts'
import { Moment } from './moment.ts'
import { closeMonth, type MonthSheet } from './month.ts'
import { ReadingsOfDay } from './readings.ts'
import { countExchange, openRun, type RunState } from './run-state.ts'
import type { Seller, World } from './world.ts'

export interface BaselineRun {
  readonly state: RunState
  readonly sheets: readonly MonthSheet[]
}

export function runBaseline(world: World, sellers: readonly Seller[]): BaselineRun {
  const state = openRun(world, sellers)
  const readings = new ReadingsOfDay(world, sellers)
  const moment = new Moment(world.slots)
  const settlement = new ContractSettlement(state, 'outside')
  const behindMeter = new BehindMeterPayments(state)
  const fuel = new FuelCosts(state)
  const nothing = {
    boughtWh: new Float64Array(world.buyers.length),
    soldWh: new Float64Array(sellers.length),
    turnedDownWh: new Float64Array(sellers.length),
  }
  const sheets = world.zone.calendar.months.map((month, index) => {
    for (let interval = month.firstInterval; interval < month.endInterval; interval++) {
      moment.moveTo(interval, index)
      if (moment.quarter === 0) readings.load(interval)
      const shown = readings.at(moment.quarter)
      countExchange(state, settlement.settle(nothing, moment, shown))
      behindMeter.settle(moment, shown)
      fuel.settle(moment, shown)
      state.ledger.closeInterval()
    }
    return closeMonth(state, index, 'baseline')
  })
  return { state, sheets }
}
