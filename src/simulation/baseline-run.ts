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
import { closeMonth, type MonthSheet } from './month.ts'
import type { Seller, World } from './world.ts'

export interface BaselineRun {
  readonly state: RunState
  readonly sheets: readonly MonthSheet[]
}

export function runBaseline(world: World, sellers: readonly Seller[]): BaselineRun {
  const state = openRun(world, sellers)
  const sheets = world.zone.calendar.months.map((month, index) => {
    for (let interval = month.firstInterval; interval < month.endInterval; interval++) {
      baselineInterval(state, interval, index)
    }
    return closeMonth(state, index, 'baseline')
  })
  return { state, sheets }
}

function baselineInterval(state: RunState, interval: number, month: number): void {
  const { buyers } = state.world
  let netImportWh = 0
  for (let enterprise = 0; enterprise < buyers.length; enterprise++) {
    const energyWh = buyers[enterprise]!.meteredWh[interval]!
    if (energyWh > 0) takeOnContract(state, enterprise, interval, energyWh)
    netImportWh += energyWh
  }
  for (let seller = 0; seller < state.sellers.length; seller++) {
    const { meteredWh, outsideE8, referenceE8 } = state.sellers[seller]!
    const energyWh = meteredWh[interval]!
    if (energyWh === 0) continue
    const price = { outsideE8: outsideE8[interval]!, referenceE8: referenceE8[interval]! }
    feedIn(state, { seller, month, interval }, energyWh, price)
    netImportWh -= energyWh
  }
  settleContracts(state, interval)
  payBehindMeter(state, interval, month)
  countExchange(state, netImportWh)
  state.ledger.closeInterval()
}
