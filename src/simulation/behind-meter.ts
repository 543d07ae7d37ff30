/**
 * What happens behind each meter, the same with and without the market: a roof serves its host first, the rest of
 * the load comes through the meter, the rest of the sun goes out through it. A meter never does both in one interval.
 */
import { addColumn } from '../base/columns.ts'
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
  const surplusWh = series.pvWh.map((pv, index) => {
    const used = selfUseWh[index]!
    const surplus = new Int32Array(pv.length)
    for (let interval = 0; interval < pv.length; interval++)
      surplus[interval] = pv[interval]! - used[interval]!
    return surplus
  })
  assertConserved(series, { netLoadWh, surplusWh, selfUseWh })
  return { netLoadWh, surplusWh, selfUseWh }
}

/** Energy is conserved in every interval: load + surplus = net load + generation. */
function assertConserved(series: Series, meter: BehindMeter): void {
  const balanceWh = new Float64Array(series.loadWh[0]?.length ?? 0)
  for (const column of [...series.loadWh, ...meter.surplusWh]) addColumn(balanceWh, column, 1)
  for (const column of [...meter.netLoadWh, ...series.pvWh]) addColumn(balanceWh, column, -1)
  const broken = balanceWh.findIndex((balance) => balance !== 0)
  assert(broken < 0, () => `energy behind the meters is off by ${balanceWh[broken]} Wh in interval ${broken}`)
}
