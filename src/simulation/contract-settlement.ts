/** What was not traded: the rest of each purchase runs on the ordinary contract, the rest of each sale is fed in. */
import type { Moment } from './moment.ts'
import type { Settled } from './pair-settlement.ts'
import type { Readings } from './readings.ts'
import { feedIn, takeOnContract, type RunState } from './run-state.ts'

/** Returns the participants' net consumption, batteries apart. [Wh] */
export function settleRest(state: RunState, settled: Settled, moment: Moment, readings: Readings): number {
  const { sellers } = state
  let netWh = 0
  for (let who = 0; who < readings.boughtWh.length; who++) {
    const meteredWh = readings.boughtWh[who]!
    const tradedWh = settled.boughtWh[who]!
    if (meteredWh > tradedWh) takeOnContract(state, who, moment, meteredWh - tradedWh)
    netWh += meteredWh
  }
  for (let who = 0; who < readings.sentWh.length; who++) {
    const meteredWh = readings.sentWh[who]!
    const tradedWh = settled.soldWh[who]!
    const { leftoverOutsideE8, leftoverReferenceE8 } = sellers[who]!
    if (meteredWh > tradedWh) {
      feedIn(state, who, moment, meteredWh - tradedWh, {
        outsideE8: leftoverOutsideE8[moment.interval]!,
        referenceE8: leftoverReferenceE8[moment.interval]!,
      })
    }
    netWh -= meteredWh
  }
  return netWh
}
