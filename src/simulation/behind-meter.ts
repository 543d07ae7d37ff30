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

/** Several roofs on one host serve it in the order of the scenario. A column that nothing changes is not copied. */
export function settleBehindMeter(series: Series, pvUnits: readonly PvUnit[]): BehindMeter {
  const hosts = new Set(pvUnits.map(({ host }) => host))
  const netLoadWh = series.loadWh.map((load, enterprise) => (hosts.has(enterprise) ? load.slice() : load))
  const unused = new Int32Array(series.pvWh[0]?.length ?? 0)
  const served = pvUnits.map(({ host }, unit) => {
    const pvWh = series.pvWh[unit]!
    return host === null ? { usedWh: unused, restWh: pvWh } : serveHost(pvWh, netLoadWh[host]!)
  })
  const surplusWh = served.map(({ restWh }) => restWh)
  assertConserved(series, netLoadWh, surplusWh)
  return { netLoadWh, surplusWh, selfUseWh: served.map(({ usedWh }) => usedWh) }
}

/** Takes from a host's net load what its roof serves; returns that and what is left of the roof's. */
function serveHost(pvWh: Int32Array, netWh: Int32Array): { usedWh: Int32Array; restWh: Int32Array } {
  const usedWh = new Int32Array(pvWh.length)
  const restWh = new Int32Array(pvWh.length)
  for (let interval = 0; interval < pvWh.length; interval++) {
    const energyWh = Math.min(pvWh[interval]!, netWh[interval]!)
    usedWh[interval] = energyWh
    restWh[interval] = pvWh[interval]! - energyWh
    netWh[interval] = netWh[interval]! - energyWh
  }
  return { usedWh, restWh }
}

/** Energy is conserved in every interval: load + surplus = net load + generation. */
function assertConserved(
  { loadWh, pvWh }: Series,
  netLoadWh: readonly Int32Array[],
  surplusWh: readonly Int32Array[],
): void {
  const balanceWh = new Float64Array(loadWh[0]?.length ?? 0)
  loadWh.forEach((load, row) => addDifference(balanceWh, load, netLoadWh[row]!))
  pvWh.forEach((pv, row) => addDifference(balanceWh, surplusWh[row]!, pv))
  const broken = balanceWh.findIndex((balance) => balance !== 0)
  assert(broken < 0, () => `energy behind the meters is off by ${balanceWh[broken]} Wh in interval ${broken}`)
}

function addDifference(sumsWh: Float64Array, columnWh: Int32Array, lessWh: Int32Array): void {
  if (columnWh === lessWh) return
  for (let interval = 0; interval < sumsWh.length; interval++)
    sumsWh[interval] = sumsWh[interval]! + (columnWh[interval]! - lessWh[interval]!)
}
