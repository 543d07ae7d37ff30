/**
 * What happens behind each meter, the same with and without the market: a roof serves its host first, the rest of
 * the load comes through the meter, the rest of the sun goes out through it. A meter never does both in one interval.
 */
import { assert } from '../base/errors.ts'
import type { PvUnit } from '../scenario/zone.ts'
import type { Series } from './series.ts'

export interface BehindMeter {
  /** load left for the grid, per enterprise [Wh] */
  readonly netLoadWh: readonly Int32Array[]
  /** generation that leaves the host, per PV unit; all of it for a plant [Wh] */
  readonly surplusWh: readonly Int32Array[]
  /** generation used by the host, per PV unit [Wh] */
  readonly selfUseWh: readonly Int32Array[]
}

/** Several roofs on one host serve it in the order of the scenario. */
export function settleBehindMeter(series: Series, pvUnits: readonly PvUnit[]): BehindMeter {
  const netLoadWh = series.loadWh.map((load) => load.slice())
  const selfUseWh = pvUnits.map((unit, index) => {
    const pv = series.pvWh[index]!
    const used = new Int32Array(pv.length)
    if (unit.host === null) return used
    const net = netLoadWh[unit.host]!
    for (let interval = 0; interval < pv.length; interval++) {
      used[interval] = Math.min(pv[interval]!, net[interval]!)
      net[interval] = net[interval]! - used[interval]!
    }
    return used
  })
  const surplusWh = series.pvWh.map((pv, index) =>
    pv.map((energy, interval) => energy - selfUseWh[index]![interval]!),
  )
  assertConserved(series, { netLoadWh, surplusWh, selfUseWh })
  return { netLoadWh, surplusWh, selfUseWh }
}

/** Energy is conserved in every interval: load + surplus = net load + generation, and nothing is negative. */
function assertConserved(series: Series, meter: BehindMeter): void {
  const intervals = series.loadWh[0]?.length ?? 0
  for (let interval = 0; interval < intervals; interval++) {
    let balanceWh = 0
    for (const column of series.loadWh) balanceWh += column[interval]!
    for (const column of meter.surplusWh) balanceWh += column[interval]!
    for (const column of meter.netLoadWh) balanceWh -= column[interval]!
    for (const column of series.pvWh) balanceWh -= column[interval]!
    assert(
      balanceWh === 0,
      () => `energy behind the meters is off by ${balanceWh} Wh in interval ${interval}`,
    )
  }
}
