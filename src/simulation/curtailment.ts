/**
 * What the wires cannot carry is not generated. Where the metered flow out of a bus would pass the thermal limit of
 * its arc, the PV below it is turned down pro rata, in both runs alike. A limit of 0 is no thermal limit but the rule
 * "no reverse flow" (不得反送), which binds trades and not meters.
 */
import { addTo, highest } from '../base/columns.ts'
import { intervalsPerDay, limitWhOf } from '../base/units.ts'
import type { Zone } from '../scenario/zone.ts'
import type { BehindMeter } from './behind-meter.ts'
import type { Series } from './series.ts'

export interface Curtailment {
  /** surplus left after curtailment, per PV unit [Wh] */
  readonly surplusWh: readonly Int32Array[]
  /** energy not generated, per PV unit [Wh] */
  readonly curtailedWh: readonly number[]
}

/** What the wires leave to PV. */
export interface WireRule {
  /** what may flow up over a bus's arc by the meters [kW], null for anything */
  readonly upKw: (zone: Zone, bus: number) => number | null
  /** whether a unit that is dispatched by price has the room of its rated power, or of what it sends out without the market */
  readonly keepsRated: boolean
}

export const thermalLimit: WireRule = {
  upKw: ({ buses }, bus) => (bus > 0 && buses[bus]!.capacityUpKw) || null,
  keepsRated: true,
}

/** The rule against reverse flow taken for the meters too: nothing leaves upward where it holds. */
export const noReverseFlow: WireRule = {
  upKw: ({ buses, rootStaysBelow }, bus) => (bus === 0 && rootStaysBelow ? 0 : buses[bus]!.capacityUpKw),
  keepsRated: false,
}

/** @returns surplus and curtailed energy; the column of a unit that is never turned down is the same object as before */
export function curtail(
  zone: Zone,
  series: Series,
  meter: BehindMeter,
  rule: WireRule = thermalLimit,
): Curtailment {
  const wires = new Wires(zone, series, meter, rule)
  if (wires.canBind)
    for (let day = 0; day < zone.calendar.days.length; day++) wires.turnDownDay(day * intervalsPerDay)
  return wires
}

/** An arc that may bind, and the PV units below it. */
interface Limit {
  readonly limitWh: number
  readonly units: readonly number[]
}

class Wires implements Curtailment {
  readonly surplusWh: Int32Array[]
  readonly curtailedWh: number[]
  readonly #zone: Zone
  readonly #series: Series
  readonly #meter: BehindMeter
  /** by bus; null where nothing can be turned down, or never needs to be */
  readonly #limits: readonly (Limit | null)[]
  /** net export of the subtree of each bus, `bus · 96 + quarter` [Wh] */
  readonly #exportWh: Float64Array

  constructor(zone: Zone, series: Series, meter: BehindMeter, { upKw }: WireRule) {
    this.surplusWh = meter.surplusWh.slice()
    this.curtailedWh = zone.pvUnits.map(() => 0)
    this.#zone = zone
    this.#series = series
    this.#meter = meter
    const mostWh = mostGeneratedWh(zone, series, meter)
    this.#limits = zone.buses.map((_, bus) => limitOf(zone, bus, upKw(zone, bus), mostWh[bus]!))
    this.#exportWh = new Float64Array(zone.buses.length * intervalsPerDay)
  }

  get canBind(): boolean {
    return this.#limits.some((limit) => limit !== null)
  }

  /** Children stand behind parents, so walking the buses backward meets every arc after those below it. */
  turnDownDay(firstInterval: number): void {
    this.#readMeters(firstInterval)
    const exportWh = this.#exportWh
    for (let bus = this.#zone.buses.length - 1; bus >= 0; bus--) {
      const limit = this.#limits[bus]
      const own = bus * intervalsPerDay
      const { parent } = this.#zone.buses[bus]!
      for (let quarter = 0; quarter < intervalsPerDay; quarter++) {
        const outWh = exportWh[own + quarter]!
        const cutWh =
          limit && outWh > limit.limitWh ? this.#turnDown(limit, firstInterval + quarter, outWh) : 0
        if (parent >= 0) addTo(exportWh, parent * intervalsPerDay + quarter, outWh - cutWh)
      }
    }
  }

  #readMeters(firstInterval: number): void {
    const { enterprises, pvUnits, cogenerations } = this.#zone
    this.#exportWh.fill(0)
    this.#add(enterprises, this.#meter.netLoadWh, firstInterval, -1)
    this.#add(pvUnits, this.surplusWh, firstInterval, 1)
    this.#add(cogenerations, this.#series.cogenerationWh, firstInterval, 1)
  }

  #add(
    units: readonly { readonly bus: number }[],
    columns: readonly Int32Array[],
    firstInterval: number,
    sign: 1 | -1,
  ): void {
    for (let unit = 0; unit < units.length; unit++) {
      const column = columns[unit]!
      const own = units[unit]!.bus * intervalsPerDay
      for (let quarter = 0; quarter < intervalsPerDay; quarter++) {
        addTo(this.#exportWh, own + quarter, sign * column[firstInterval + quarter]!)
      }
    }
  }

  /** Cuts what passes the limit from the units' surplus, as far as there is any; returns what was cut. */
  #turnDown({ limitWh, units }: Limit, interval: number, outWh: number): number {
    const { surplusWh, curtailedWh } = this
    let pvWh = 0
    for (const unit of units) pvWh += surplusWh[unit]![interval]!
    if (pvWh === 0) return 0
    const keptShare = Math.max(0, pvWh - (outWh - limitWh)) / pvWh
    let cutWh = 0
    for (const unit of units) {
      const keptWh = Math.floor(surplusWh[unit]![interval]! * keptShare)
      const lostWh = surplusWh[unit]![interval]! - keptWh
      if (lostWh === 0) continue
      if (surplusWh[unit] === this.#meter.surplusWh[unit]) surplusWh[unit] = surplusWh[unit]!.slice()
      surplusWh[unit]![interval] = keptWh
      curtailedWh[unit] = curtailedWh[unit]! + lostWh
      cutWh += lostWh
    }
    return cutWh
  }
}

/** What could be generated below each bus in a quarter-hour if all units had their best one at once. [Wh] */
function mostGeneratedWh(zone: Zone, series: Series, meter: BehindMeter): Float64Array {
  const mostWh = new Float64Array(zone.buses.length)
  const add = (units: readonly { readonly bus: number }[], columns: readonly Int32Array[]) =>
    units.forEach(({ bus }, unit) => addTo(mostWh, bus, highest(columns[unit]!)))
  add(zone.pvUnits, meter.surplusWh)
  add(zone.cogenerations, series.cogenerationWh)
  for (let bus = zone.buses.length - 1; bus > 0; bus--) addTo(mostWh, zone.buses[bus]!.parent, mostWh[bus]!)
  return mostWh
}

function limitOf(zone: Zone, bus: number, capacityKw: number | null, mostWh: number): Limit | null {
  const limitWh = capacityKw === null ? Infinity : limitWhOf(capacityKw)
  if (mostWh <= limitWh) return null
  const below = subtree(zone, bus)
  const units = zone.pvUnits.flatMap((unit, index) => (below.has(unit.bus) ? [index] : []))
  return units.length > 0 ? { limitWh, units } : null
}

function subtree(zone: Zone, top: number): Set<number> {
  const below = new Set([top])
  for (let bus = top + 1; bus < zone.buses.length; bus++)
    if (below.has(zone.buses[bus]!.parent)) below.add(bus)
  return below
}
