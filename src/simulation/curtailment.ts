/**
 * What the wires cannot carry is not generated. Where the metered flow out of a bus would pass the thermal limit of
 * its arc, the PV below it is turned down pro rata, in both runs alike. A limit of 0 is no thermal limit but the rule
 * "no reverse flow" (不得反送), which binds trades and not meters.
 */
import type { Zone } from '../scenario/zone.ts'
import type { BehindMeter } from './behind-meter.ts'
import type { Series } from './series.ts'

export interface Curtailment {
  /** surplus left after curtailment, per PV unit [Wh] */
  readonly surplusWh: readonly Int32Array[]
  /** energy not generated, per PV unit [Wh] */
  readonly curtailedWh: readonly number[]
}

/** What may flow up over a bus's arc by the meters [kW], null for anything. */
export type UpwardLimit = (zone: Zone, bus: number) => number | null

export const thermalLimit: UpwardLimit = ({ buses }, bus) => (bus > 0 && buses[bus]!.capacityUpKw) || null

/** The rule against reverse flow taken for the meters too: nothing leaves upward where it holds. */
export const noReverseFlow: UpwardLimit = ({ buses, rootStaysBelow }, bus) =>
  bus === 0 && rootStaysBelow ? 0 : buses[bus]!.capacityUpKw

/** @returns surplus and curtailed energy; where no arc binds the surplus columns are the same objects as before */
export function curtail(
  zone: Zone,
  series: Series,
  meter: BehindMeter,
  limitOf: UpwardLimit = thermalLimit,
): Curtailment {
  const curtailedWh = zone.pvUnits.map(() => 0)
  const surplusWh = meter.surplusWh.slice()
  // Children stand behind parents, so walking the buses backward meets every arc after those below it.
  for (let bus = zone.buses.length - 1; bus >= 0; bus--) {
    const capacityKw = limitOf(zone, bus)
    if (capacityKw === null) continue
    const below = subtree(zone, bus)
    const units = indicesAt(zone.pvUnits, below)
    if (units.length === 0) continue
    const loads = indicesAt(zone.enterprises, below).map((index) => meter.netLoadWh[index]!)
    const firm = indicesAt(zone.cogenerations, below).map((index) => series.cogenerationWh[index]!)
    for (const unit of units) surplusWh[unit] = surplusWh[unit]!.slice()
    const columns = units.map((unit) => surplusWh[unit]!)
    turnDown(columns, loads, firm, Math.floor(capacityKw * 250)).forEach((cutWh, row) => {
      curtailedWh[units[row]!]! += cutWh
    })
  }
  return { surplusWh, curtailedWh }
}

/** Cuts the columns in place where their sum less load passes the limit; returns what each lost. */
function turnDown(
  columns: readonly Int32Array[],
  loads: readonly Int32Array[],
  firm: readonly Int32Array[],
  limitWh: number,
): number[] {
  const lostWh = columns.map(() => 0)
  const intervals = columns[0]!.length
  for (let interval = 0; interval < intervals; interval++) {
    const pvWh = sumAt(columns, interval)
    const excessWh = pvWh + sumAt(firm, interval) - sumAt(loads, interval) - limitWh
    if (excessWh <= 0 || pvWh === 0) continue
    const keptShare = Math.max(0, pvWh - excessWh) / pvWh
    columns.forEach((column, row) => {
      const keptWh = Math.floor(column[interval]! * keptShare)
      lostWh[row]! += column[interval]! - keptWh
      column[interval] = keptWh
    })
  }
  return lostWh
}

function sumAt(columns: readonly Int32Array[], interval: number): number {
  let sum = 0
  for (const column of columns) sum += column[interval]!
  return sum
}

function subtree(zone: Zone, top: number): Set<number> {
  const below = new Set([top])
  for (let bus = top + 1; bus < zone.buses.length; bus++)
    if (below.has(zone.buses[bus]!.parent)) below.add(bus)
  return below
}

function indicesAt(units: readonly { readonly bus: number }[], buses: ReadonlySet<number>): number[] {
  return units.flatMap((unit, index) => (buses.has(unit.bus) ? [index] : []))
}
