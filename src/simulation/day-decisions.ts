/**
 * What the market changes about machines. Every day loads that follow prices and dispatched units decide anew, on what the
 * auctions of the day before were cleared at: a load expects to pay that where it is less than its contract, a unit expects
 * to earn it where it is more than outside. The first day knows of no auction. What is decided is done, traded or not.
 */
import { intervalsPerDay, rateE8PerTick } from '../base/units.ts'
import { DispatchDesk, dispatchHorizon } from './dispatch-desk.ts'
import { contractHorizon } from './flexible-year.ts'
import type { FlexibleLoad, LoadYear } from './flexible-loads.ts'
import { openDesk, type LoadDesk } from './load-desks.ts'
import type { Moment } from './moment.ts'
import type { Outcome } from './outcome.ts'
import { addersE8 } from './rates.ts'
import type { Variant } from './variant.ts'
import type { WheelingSlots } from './wheeling-slots.ts'
import type { Seller, World } from './world.ts'

interface DecidingLoad {
  readonly desk: LoadDesk
  readonly bus: number
  /** full price on the contract, by slot [ticks] */
  readonly contractTicks: Float64Array
  readonly energyWh: Int32Array
}

interface DecidingUnit {
  readonly desk: DispatchDesk
  readonly bus: number
  readonly outsideE8: Float64Array
  readonly energyWh: Int32Array
}

export class DayDecisions {
  /** the world and its sellers with columns of their own for all that decides */
  readonly world: World
  readonly sellers: readonly Seller[]
  readonly #wheeling: WheelingSlots
  readonly #loads: readonly DecidingLoad[]
  readonly #units: readonly DecidingUnit[]
  /** price of yesterday's auctions, `bus · 96 + quarter`, NaN where none was held [ticks] */
  readonly #yesterdayTicks: Float64Array

  /** @returns null where nothing decides by price; units that may not sell in the market keep their plans */
  static open(
    world: World,
    sellers: readonly Seller[],
    wheeling: WheelingSlots,
    { cogeneration }: Variant,
  ): DayDecisions | null {
    const loads = world.series.flexible.filter((load) => load.followsPrices)
    const units = cogeneration && world.series.heatWh.some((heat) => heat !== null)
    return loads.length > 0 || units ? new DayDecisions(world, sellers, wheeling, { loads, units }) : null
  }

  private constructor(
    world: World,
    sellers: readonly Seller[],
    wheeling: WheelingSlots,
    decide: { readonly loads: readonly FlexibleLoad[]; readonly units: boolean },
  ) {
    const deciding = decide.loads.map((load) => load.enterprise)
    this.world = withOwnLoads(world, deciding)
    this.sellers = decide.units ? withOwnUnits(world, sellers) : sellers
    this.#wheeling = wheeling
    this.#loads = decide.loads.map((load) => {
      const buyer = this.world.buyers[load.enterprise]!
      return {
        desk: openDesk(load, world.zone.calendar.intervals),
        bus: buyer.bus,
        contractTicks: buyer.rates.fullE8.map((e8) => e8 / rateE8PerTick),
        energyWh: buyer.meteredWh,
      }
    })
    this.#units = decide.units ? this.sellers.flatMap((seller) => decidingUnit(world, seller)) : []
    this.#yesterdayTicks = new Float64Array(world.zone.buses.length * intervalsPerDay).fill(NaN)
  }

  /** Decides on a day, before anybody reads its columns. */
  startDay({ interval, segment }: Moment): void {
    for (const load of this.#loads) {
      const priceTicks = this.#expectedCost(load, interval, segment)
      load.energyWh.set(load.desk.planDay(interval, priceTicks), interval)
    }
    for (const unit of this.#units) {
      const day = unit.desk.planDay(interval, this.#expectedRevenue(unit, interval))
      unit.energyWh.set(day, interval)
    }
  }

  /** Notes what the auction of a quarter was cleared at. */
  note({ isHeld, busTicks }: Outcome, { quarter }: Moment): void {
    for (let bus = 0; bus < busTicks.length; bus++) {
      this.#yesterdayTicks[bus * intervalsPerDay + quarter] = isHeld ? busTicks[bus]! : NaN
    }
  }

  /** What the loads that decided did, by enterprise. */
  loadYears(): ReadonlyMap<number, LoadYear> {
    return new Map(this.#loads.map(({ desk }) => [desk.enterprise, desk.year()]))
  }

  #expectedCost({ desk, bus, contractTicks }: DecidingLoad, interval: number, segment: number): Float64Array {
    const { slots } = this.world
    const { withdrawalTicks, adders } = this.#wheeling
    const onTop =
      withdrawalTicks[segment * this.world.buyers.length + desk.enterprise]! +
      addersE8(adders[segment]!) / rateE8PerTick
    return contractHorizon(contractTicks, slots, interval).map((contract, at) => {
      const auction = this.#yesterdayTicks[bus * intervalsPerDay + (at % intervalsPerDay)]! + onTop
      return auction < contract ? auction : contract
    })
  }

  #expectedRevenue({ bus, outsideE8 }: DecidingUnit, interval: number): Float64Array {
    return outsideE8.subarray(interval, interval + dispatchHorizon).map((e8, at) => {
      const auction = this.#yesterdayTicks[bus * intervalsPerDay + (at % intervalsPerDay)]!
      const outside = e8 / rateE8PerTick
      return auction > outside ? auction : outside
    })
  }
}

/**
 * Such a load orders what it decided on, and its meter shows that; a day ahead it has not decided yet. No roof stands over it,
 * so its meter is its load.
 */
function withOwnLoads(world: World, enterprises: readonly number[]): World {
  if (enterprises.length === 0) return world
  const loadWh = world.series.loadWh.slice()
  const netLoadWh = world.meter.netLoadWh.slice()
  const buyers = world.buyers.slice()
  for (const enterprise of enterprises) {
    const column = loadWh[enterprise]!.slice()
    loadWh[enterprise] = column
    netLoadWh[enterprise] = column
    buyers[enterprise] = { ...buyers[enterprise]!, meteredWh: column, orderWh: column, dayAheadWh: null }
  }
  const { series, meter } = world
  return { ...world, series: { ...series, loadWh }, meter: { ...meter, netLoadWh }, buyers }
}

function withOwnUnits(world: World, sellers: readonly Seller[]): Seller[] {
  return sellers.map((seller) => {
    if (seller.kind === 'pv' || world.series.heatWh[seller.unit] === null) return seller
    const column = seller.meteredWh.slice()
    return { ...seller, meteredWh: column, orderWh: column, dayAheadWh: null }
  })
}

function decidingUnit({ zone, series }: World, seller: Seller): DecidingUnit[] {
  if (seller.kind === 'pv') return []
  const { dispatch } = zone.cogenerations[seller.unit]!
  const heatWh = series.heatWh[seller.unit]!
  if (dispatch === null || heatWh === null) return []
  const desk = new DispatchDesk(dispatch, heatWh)
  return [{ desk, bus: seller.bus, outsideE8: seller.outsideE8, energyWh: seller.meteredWh }]
}
