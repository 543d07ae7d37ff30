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

/** Several roofs on one host serve it in the order of the scenario. A column that nothing changes is not copied. */
export function settleBehindMeter(series: Series, pvUnits: readonly PvUnit[]): BehindMeter {
  const hosts = new Set(pvUnits.map(({ host }) => host))
  const netLoadWh = series.loadWh.map((load, enterprise) => (hosts.has(enterprise) ? load.slice() : load))
  const unused = new Int32Array(series.pvWh[0]?.length ?? 0)
  const selfUseWh = pvUnits.map(({ host }, unit) =>
    host === null ? unused : serveHost(series.pvWh[unit]!, netLoadWh[host]!),
  )
  const surplusWh = series.pvWh.map((pv, unit) =>
    pvUnits[unit]!.host === null ? pv : difference(pv, selfUseWh[unit]!),
  )
  assertConserved(series, { netLoadWh, surplusWh, selfUseWh })
  return { netLoadWh, surplusWh, selfUseWh }
}

/** Takes from a host's net load what its roof serves; returns that. */
function serveHost(pvWh: Int32Array, netWh: Int32Array): Int32Array {
  const usedWh = new Int32Array(pvWh.length)
  for (let interval = 0; interval < pvWh.length; interval++) {
    const energyWh = Math.min(pvWh[interval]!, netWh[interval]!)
    usedWh[interval] = energyWh
    netWh[interval] = netWh[interval]! - energyWh
  }
  return usedWh
}

function difference(fromWh: Int32Array, lessWh: Int32Array): Int32Array {
  const restWh = new Int32Array(fromWh.length)
  for (let interval = 0; interval < restWh.length; interval++)
    restWh[interval] = fromWh[interval]! - lessWh[interval]!
  return restWh
}

/** Energy is conserved in every interval: load + surplus = net load + generation. */
function assertConserved({ loadWh, pvWh }: Series, { netLoadWh, surplusWh }: BehindMeter): void {
  const balanceWh = new Float64Array(loadWh[0]?.length ?? 0)
  const compare = (before: readonly Int32Array[], after: readonly Int32Array[], sign: 1 | -1) =>
    before.forEach((column, row) => {
      if (column === after[row]) return
      addColumn(balanceWh, column, sign)
      addColumn(balanceWh, after[row]!, sign === 1 ? -1 : 1)
    })
  compare(loadWh, netLoadWh, 1)
  compare(pvWh, surplusWh, -1)
  const broken = balanceWh.findIndex((balance) => balance !== 0)
  assert(broken < 0, () => `energy behind the meters is off by ${balanceWh[broken]} Wh in interval ${broken}`)
}
