/** The same year without the neighbourhood market: everyone on its ordinary contract, every surplus fed in. */
import {
  countExchange,
  feedIn,
  openRun,
  payBehindMeter,
  settleContracts,
  takeOnContract,
  type RunState,
} from './run-state.ts'
import { Moment } from './moment.ts'
import { closeMonth, type MonthSheet } from './month.ts'
import { ReadingsOfDay, type Readings } from './readings.ts'
import type { Seller, World } from './world.ts'

export interface BaselineRun {
  readonly state: RunState
  readonly sheets: readonly MonthSheet[]
}

export function runBaseline(world: World, sellers: readonly Seller[]): BaselineRun {
  const state = openRun(world, sellers)
  const readings = new ReadingsOfDay(world, sellers)
  const moment = new Moment(world.slots)
  const sheets = world.zone.calendar.months.map((month, index) => {
    for (let interval = month.firstInterval; interval < month.endInterval; interval++) {
      moment.moveTo(interval, index)
      if (moment.quarter === 0) readings.load(interval)
      settleWithoutMarket(state, moment, readings.at(moment.quarter))
    }
    return closeMonth(state, index, 'baseline')
  })
  return { state, sheets }
}

function settleWithoutMarket(state: RunState, moment: Moment, readings: Readings): void {
  const { boughtWh, sentWh } = readings
  let netImportWh = 0
  for (let who = 0; who < boughtWh.length; who++) {
    const energyWh = boughtWh[who]!
    if (energyWh > 0) takeOnContract(state, who, moment, energyWh)
    netImportWh += energyWh
  }
  for (let who = 0; who < sentWh.length; who++) {
    const energyWh = sentWh[who]!
    if (energyWh === 0) continue
    const { outsideE8, referenceE8 } = state.sellers[who]!
    const { interval } = moment
    feedIn(state, who, moment, energyWh, {
      outsideE8: outsideE8[interval]!,
      referenceE8: referenceE8[interval]!,
    })
    netImportWh -= energyWh
  }
  settleContracts(state, moment)
  payBehindMeter(state, moment, readings)
  countExchange(state, netImportWh)
  state.ledger.closeInterval()
}
