/**
 * Everything about a zone that no market run changes: its physical year, its prices, what every side could buy and
 * sell for elsewhere. Built once and shared by all variants of a scenario.
 */
import type { RateE8 } from '../base/units.ts'
import type { Regime } from '../grid/regimes/index.ts'
import type { Zone } from '../scenario/zone.ts'
import { makeChart, type Chart } from '../settlement/chart.ts'
import type { ContractRates } from '../settlement/postings.ts'
import { withCapacityTd } from '../tariff/capacity-td.ts'
import { settleBehindMeter, type BehindMeter } from './behind-meter.ts'
import { uncountable } from './countable.ts'
import { curtail, thermalLimit } from './curtailment.ts'
import { decideFlexible, withDecided, type FlexibleYear } from './flexible-year.ts'
import { dispatchYear } from './dispatch-desk.ts'
import { expectationOf, expectExactly, type Expectation } from './expectations.ts'
import { byInterval, OutsidePrices, type PricedYear } from './outside-prices.ts'
import { contractRates, makeSlots, rateKey, ratesAt, type RateSlots } from './rates.ts'
import { growSeries, type Grown, type ReadFile, type Series } from './series.ts'

/** A side that sells what its meter sends out: a PV unit or a cogeneration unit. */
export interface Seller extends Expectation {
  readonly kind: 'pv' | 'cogeneration'
  /** index among the units of its kind */
  readonly unit: number
  readonly account: number
  readonly bus: number
  readonly meteredWh: Int32Array
  /** what a kWh earns outside the market, by interval [1e-8 CNY/kWh] */
  readonly outsideE8: Float64Array
  /** what the purchaser of fed-in energy pays of it; the mechanism pays the rest */
  readonly referenceE8: Float64Array
  /** the same for what is left over in the run with the market: the spot price once the mechanism is given up for a year */
  readonly leftoverOutsideE8: Float64Array
  readonly leftoverReferenceE8: Float64Array
  /** least price outside at which energy is fed in at all; 0 for any [1e-8 CNY/kWh] */
  readonly curtailBelowE8: number
}

export interface Buyer extends Expectation {
  readonly account: number
  readonly bus: number
  readonly rates: ContractRates
  /** index into {@link World.rateClasses} */
  readonly rateClass: number
  readonly meteredWh: Int32Array
}

export interface World {
  readonly zone: Zone
  readonly chart: Chart
  readonly series: Series
  /** loads that are machines, as they were decided without the market */
  readonly flexible: readonly FlexibleYear[]
  readonly meter: BehindMeter
  readonly curtailedWh: readonly number[]
  readonly slots: RateSlots
  readonly buyers: readonly Buyer[]
  /** prices of every kind of customer there is */
  readonly rateClasses: readonly ContractRates[]
  /** price of energy from outside the zone, by interval [1e-8 CNY/kWh] */
  readonly upstreamE8: Float64Array
}

/** @param rule what the grid leaves to PV; the thermal limits of its arcs unless something else is asked */
export function buildWorld(zone: Zone, readFile: ReadFile, rule = thermalLimit): Grown<World> {
  const grown = growSeries(zone, readFile)
  if (!grown.ok) return grown
  const slots = makeSlots(zone)
  const flexible = decideFlexible(zone, grown.value, slots)
  const series = withDecided(grown.value, flexible)
  const behind = settleBehindMeter(series, zone.pvUnits)
  const upstreamE8 = byInterval(zone, (interval) => {
    const hourlyE8 = zone.upstreamE8 ?? ratesAt(slots, interval).upstreamE8
    return hourlyE8[Math.floor((interval % 96) / 4)]!
  })
  const onWires = rule.keepsRated ? series : withDispatched({ zone, series, slots, upstreamE8 })
  const { surplusWh, curtailedWh } = curtail(zone, onWires, behind, rule)
  const meter = { ...behind, surplusWh }
  const chart = makeChart({
    enterprises: zone.enterprises.map((enterprise) => enterprise.id),
    pv: zone.pvUnits.map((unit) => unit.id),
    storages: zone.storages.map((unit) => unit.id),
    cogenerations: zone.cogenerations.map((unit) => unit.id),
    hasFuel: zone.cogenerations.some((unit) => unit.dispatch !== null),
  })
  const world = { zone, chart, series, flexible, meter, curtailedWh, slots, upstreamE8 }
  const whole: World = { ...world, ...makeBuyers(zone, chart, slots, meter) }
  const faults = uncountable(whole)
  return faults.length > 0 ? { ok: false, faults } : { ok: true, value: whole }
}

/**
 * The world as its members see it under a wheeling regime. Only T&D by capacity (1192号) changes more than the arcs: the
 * contracts of two-part users no longer hold a T&D energy price, whether their energy is traded or not.
 */
export function worldUnder(world: World, regime: Regime): World {
  if (regime.kind !== 'capacity-1192') return world
  const segments = world.slots.segments.map((segment) => ({
    ...segment,
    rates: withCapacityTd(segment.rates, regime.loadRateE4),
  }))
  const slots = { ...world.slots, segments }
  return { ...world, slots, ...makeBuyers(world.zone, world.chart, slots, world.meter) }
}

function makeBuyers(
  zone: Zone,
  chart: Chart,
  slots: RateSlots,
  meter: BehindMeter,
): Pick<World, 'buyers' | 'rateClasses'> {
  const known = new Map<string, number>()
  const rateClasses: ContractRates[] = []
  const buyers = zone.enterprises.map((enterprise, index) => {
    const { contract, connection } = enterprise
    const key = rateKey(contract, connection.level, connection.part)
    const rateClass =
      known.get(key) ?? rateClasses.push(contractRates(zone.calendar, slots, contract, connection)) - 1
    known.set(key, rateClass)
    const meteredWh = meter.netLoadWh[index]!
    return {
      account: chart.enterprise + index,
      bus: enterprise.bus,
      rates: rateClasses[rateClass]!,
      rateClass,
      meteredWh,
      ...expectationOf(zone, 'load', enterprise, meteredWh),
    }
  })
  return { buyers, rateClasses }
}

/**
 * The zone's sellers: PV units first, then cogeneration.
 *
 * @param cogenerationOutsideE8 an outside price to try for all cogeneration units, null for what the scenario says
 */
export function makeSellers(world: World, cogenerationOutsideE8: RateE8 | null): Seller[] {
  const { zone, chart, series, meter } = world
  const prices = new OutsidePrices(world)
  const pv = zone.pvUnits.map((unit, index): Seller => {
    const meteredWh = meter.surplusWh[index]!
    const outside = prices.of(unit.outside, 'pv')
    // 机制电价: the share under the mechanism may be lowered once a year, so a released kWh meets the spot price.
    const isReleased = zone.market.mechanism === 'annual' && unit.outside.kind.startsWith('mechanism')
    const leftover = isReleased ? prices.of({ kind: 'spot' }, 'pv') : outside
    return {
      kind: 'pv',
      unit: index,
      account: chart.pv + index,
      bus: unit.bus,
      meteredWh,
      ...expectationOf(zone, 'pv', unit, meteredWh),
      ...outside,
      leftoverOutsideE8: leftover.outsideE8,
      leftoverReferenceE8: leftover.referenceE8,
      curtailBelowE8: unit.curtailBelowE8 ?? 0,
    }
  })
  const cogeneration = zone.cogenerations.map((unit, index): Seller => {
    const tried =
      cogenerationOutsideE8 === null
        ? unit.outside
        : { kind: 'fixed' as const, priceE8: cogenerationOutsideE8 }
    const outside = prices.of(tried, 'cogeneration')
    const meteredWh = cogeneratedWh(zone, series, index, outside.outsideE8)
    return {
      kind: 'cogeneration',
      unit: index,
      account: chart.cogeneration + index,
      bus: unit.bus,
      meteredWh,
      ...expectExactly(zone, meteredWh),
      ...outside,
      leftoverOutsideE8: outside.outsideE8,
      leftoverReferenceE8: outside.referenceE8,
      curtailBelowE8: 0,
    }
  })
  return [...pv, ...cogeneration]
}

/** What a cogeneration unit sends out without the market. [Wh] */
function cogeneratedWh(
  { cogenerations }: Zone,
  { cogenerationWh, heatWh }: Series,
  index: number,
  outsideE8: Float64Array,
): Int32Array {
  const [{ dispatch }, heat] = [cogenerations[index]!, heatWh[index]!]
  return dispatch && heat ? dispatchYear(dispatch, heat, outsideE8) : cogenerationWh[index]!
}

/** The physical year with what dispatched units send out in the place of what they could. */
function withDispatched(world: PricedYear & Pick<World, 'series'>): Series {
  const { zone, series } = world
  const prices = new OutsidePrices(world)
  const cogenerationWh = zone.cogenerations.map(({ outside }, index) =>
    cogeneratedWh(zone, series, index, prices.of(outside, 'cogeneration').outsideE8),
  )
  return { ...series, cogenerationWh }
}
