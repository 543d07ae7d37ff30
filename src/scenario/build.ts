/** From scenario data and seeds to the zone: defaults filled in, draws drawn, references made indices. */
import { makeCalendar, type Calendar } from '../base/calendar.ts'
import { InputFaults, show, type Fault } from '../base/errors.ts'
import { energyWhOf, hoursPerInterval, ticks, ticksPerCny, type RateE8 } from '../base/units.ts'
import { parseHolidays, type Holidays } from '../assets/holidays.ts'
import type { MeteringOptions } from '../assets/metering/options.ts'
import { parseLoadArchetypes, type LoadArchetype } from '../assets/load/archetype.ts'
import type { PvSystem } from '../assets/pv/system.ts'
import { parseClimate } from '../assets/weather/climate.ts'
import { parentsFirst } from '../grid/network.ts'
import { parseRegime } from '../grid/regimes/index.ts'
import { rankOf, type VoltageLevel } from '../grid/voltage.ts'
import type { Strategy } from '../strategy/bidding/index.ts'
import type { DispatchedUnit } from '../strategy/cogeneration-dispatch.ts'
import { bands, parseTariffBook, type Band, type TariffBook } from '../tariff/book.ts'
import type { Connection, Contract } from '../tariff/connection.ts'
import type { PathFault } from './check.ts'
import { auctionsOf, forecastOf } from './forecast.ts'
import { drawEnterprises, drawRoofs } from './draw.ts'
import { buildStorages } from './build-storage.ts'
import { economicsOf } from './economics.ts'
import { chargingOf, coldStoreOf, isByPrice } from './flexible.ts'
import { placeFault, type Scenario } from './parse.ts'
import { e8 } from './rate-field.ts'
import type { ContractData, OutsideData, ScenarioData, StrategyData } from './schema.ts'
import type {
  CogenerationUnit,
  Enterprise,
  LoadSource,
  OutsidePrice,
  PvUnit,
  StorageUnit,
  Zone,
  ZoneBus,
} from './zone.ts'

/** Seeds by their path from the project, `seeds/tariffs/zhejiang.json`. */
export interface SeedTexts {
  read(path: string): string | undefined
}

export type BuildResult =
  | { readonly ok: true; readonly zone: Zone }
  | { readonly ok: false; readonly faults: readonly Fault[] }

export function buildZone(scenario: Scenario, seeds: SeedTexts): BuildResult {
  const builder = new ZoneBuilder(scenario.data, seeds)
  const zone = builder.build()
  const faults = [
    ...builder.faults.map((fault) => placeFault(fault, scenario.locate, scenario.file)),
    ...builder.seedFaults,
  ]
  return zone && faults.length === 0 ? { ok: true, zone } : { ok: false, faults }
}

const powerFactorDefault = 0.95
/** Standard transformer sizes of the facts file. [kVA] */
const transformerSizesKva = [50, 100, 200, 315, 400, 500, 630, 800, 1000, 1250, 1600, 2000, 2500]
const twoPartFromKva = 315

class ZoneBuilder {
  readonly faults: PathFault[] = []
  readonly seedFaults: Fault[] = []
  readonly #data: ScenarioData
  readonly #seeds: SeedTexts
  #busRow = new Map<string, number>()
  #buses: ZoneBus[] = []

  constructor(data: ScenarioData, seeds: SeedTexts) {
    this.#data = data
    this.#seeds = seeds
  }

  build(): Zone | undefined {
    const data = this.#data
    if (data.calendar.to < data.calendar.from) {
      this.#fault(['calendar', 'to'], `a day not before ${data.calendar.from}`, data.calendar.to)
      return undefined
    }
    const calendar = makeCalendar(data.calendar)
    const book = this.#seed(data.seeds.tariffs, ['seeds', 'tariffs'], parseTariffBook)
    const holidays = this.#seed(data.seeds.holidays, ['seeds', 'holidays'], parseHolidays)
    const archetypes = this.#seed(
      data.seeds.load_archetypes,
      ['seeds', 'load_archetypes'],
      parseLoadArchetypes,
    )
    const weather = this.#weather()
    if (book) this.#checkCoverage(book)
    if (holidays) this.#checkHolidays(holidays, calendar)
    this.#buses = this.#orderBuses()
    const enterprises = archetypes && this.#enterprises(archetypes)
    if (!book || !holidays || !enterprises || !weather || this.faults.length > 0) return undefined
    const rates = book.ratesOn(calendar.from)
    return {
      scenario: data.name,
      title: data.title,
      seed: data.seed,
      calendar,
      site: {
        latitudeDeg: data.site.latitude_deg,
        longitudeDeg: data.site.longitude_deg,
        altitudeM: data.site.altitude_m,
      },
      weather,
      holidays,
      book,
      upstreamE8: data.upstream_cny_per_kwh?.map(e8) ?? null,
      buses: this.#buses,
      levelAboveRoot: data.zone.level_above_root,
      rootStaysBelow: this.#rootStaysBelow(),
      wheeling: {
        regime: parseRegime(data.zone.wheeling.regime)!,
        paysLineLoss: data.zone.wheeling.line_loss,
        paysSystemFee: data.zone.wheeling.system_fee,
        storageExempt: data.zone.wheeling.storage_exempt,
      },
      market: {
        rule: data.market.rule,
        kNumerator: Math.round(data.market.k * 10_000),
        floorTicks: ticks(Math.round(data.market.price_floor_cny_per_kwh * 10_000)),
        capTicks: ticks(Math.round(data.market.price_cap_cny_per_kwh * 10_000)),
        mechanism: data.market.mechanism,
        auctions: auctionsOf(data.market),
      },
      deviation: data.deviation
        ? { freeShare: data.deviation.free_share, coefficient: data.deviation.coefficient }
        : {
            freeShare: Number(rates.rules.deviationFreeShare.value),
            coefficient: Number(rates.rules.deviationCoefficient.value),
          },
      enterprises,
      pvUnits: this.#pvUnits(enterprises),
      storages: this.#storages(enterprises),
      cogenerations: this.#cogenerations(),
      carbon: {
        factorKgPerKwh: data.carbon.factor_kg_per_kwh,
        factorName: data.carbon.factor_name,
        coalKgPerKwh: data.carbon.coal_kg_per_kwh,
      },
      headline: data.headline
        ? {
            regimes: data.headline.regimes.map((text) => parseRegime(text)!),
            cogenerationOutsideE8: data.headline.cogeneration_outside_cny_per_kwh.map(e8),
            storageBaselines: data.headline.storage_baselines,
          }
        : null,
      economics: data.economics ? economicsOf(data.economics) : null,
      provenance: data.provenance.map(({ note, ...rest }) => (note === undefined ? rest : { ...rest, note })),
    }
  }

  #fault(path: PropertyKey[], wanted: string, came: unknown): void {
    this.faults.push({ code: 'zone', path, wanted, came: show(came) })
  }

  #seed<Seed>(
    path: string,
    at: PropertyKey[],
    parse: (json: unknown, file: string) => Seed,
  ): Seed | undefined {
    const text = this.#seeds.read(path)
    if (text === undefined) {
      this.#fault(at, 'a seed file of the project', path)
      return undefined
    }
    try {
      return parse(JSON.parse(text), path)
    } catch (error) {
      if (error instanceof InputFaults) this.seedFaults.push(...error.faults)
      else this.#fault(at, 'a JSON file', `${path}: ${(error as Error).message}`)
      return undefined
    }
  }

  #weather(): Zone['weather'] | undefined {
    const { weather } = this.#data
    if ('epw' in weather) {
      return { kind: 'epw', file: weather.epw, solarShiftHours: weather.solar_shift_hours ?? 'detect' }
    }
    const climate = this.#seed(weather.climate, ['weather', 'climate'], parseClimate)
    return climate && { kind: 'synthetic', climate, ghiScale: weather.ghi_scale ?? 1 }
  }

  #checkCoverage(book: TariffBook): void {
    const { from, to } = this.#data.calendar
    const wanted = `days that the tariff book covers, ${book.coveredFrom} to ${book.coveredTo}`
    if (from < book.coveredFrom || from > book.coveredTo) this.#fault(['calendar', 'from'], wanted, from)
    if (to < book.coveredFrom || to > book.coveredTo) this.#fault(['calendar', 'to'], wanted, to)
  }

  #checkHolidays(holidays: Holidays, calendar: Calendar): void {
    const missing = [...new Set(calendar.days.map((day) => day.year))].filter(
      (year) => !holidays.years.includes(year),
    )
    for (const year of missing) {
      this.#fault(['seeds', 'holidays'], `public holidays of ${year}`, `only ${holidays.years.join(', ')}`)
    }
  }

  #orderBuses(): ZoneBus[] {
    const { zone } = this.#data
    const listed = new Map(zone.buses.map((bus, row) => [bus.id, row]))
    const tree = parentsFirst(zone.buses.map(({ parent }) => (parent === null ? -1 : listed.get(parent)!)))
    const order = 'order' in tree ? tree.order : []
    this.#busRow = new Map(order.map((row, at) => [zone.buses[row]!.id, at]))
    return order.map((row) => {
      const bus = zone.buses[row]!
      const parent = bus.parent === null ? undefined : zone.buses[listed.get(bus.parent)!]!
      return {
        id: bus.id,
        name: bus.name ?? bus.id,
        level: bus.voltage,
        parent: bus.parent === null ? -1 : this.#busRow.get(bus.parent)!,
        capacityUpKw: this.#staysBelow(bus.id, bus.voltage, parent?.voltage)
          ? 0
          : (bus.capacity_up_kw ?? null),
        capacityDownKw: bus.capacity_down_kw ?? null,
      }
    })
  }

  /** 不得向上级电网反送: nothing is traded upward over this arc. */
  #staysBelow(id: string, level: VoltageLevel, above: VoltageLevel | undefined): boolean {
    const rule = this.#data.zone.no_reverse_flow
    if (Array.isArray(rule)) return rule.includes(id)
    return rule && above !== undefined && rankOf(above) > rankOf(level)
  }

  #rootStaysBelow(): boolean {
    const { buses, level_above_root: above } = this.#data.zone
    const root = buses.find(({ parent }) => parent === null)!
    return this.#staysBelow(root.id, root.voltage, above ?? undefined)
  }

  #enterprises(archetypes: ReadonlyMap<string, LoadArchetype>): Enterprise[] {
    const { participants, seed } = this.#data
    const named = participants.enterprises.map((each, row): Enterprise => {
      const path = ['participants', 'enterprises', row]
      return {
        id: each.id,
        name: each.name,
        group: each.group,
        bus: this.#busRow.get(each.bus)!,
        annualKwh: each.annual_kwh,
        load: this.#load(each.load, archetypes, [...path, 'load']),
        connection: this.#connection(each, each.annual_kwh, this.#busRow.get(each.bus)!),
        contract: contractOf(each.contract),
        strategy: strategyOf(each.strategy ?? this.#data.strategy),
        forecast: forecastOf(this.#data.forecast, 'load', each.forecast),
      }
    })
    if (!participants.draws) return named
    participants.draws.groups.forEach((group, row) => {
      this.#load({ archetype: group.archetype }, archetypes, ['participants', 'draws', 'groups', row])
    })
    const isLowVoltage = (bus: string) => this.#buses[this.#busRow.get(bus)!]!.level === '0.4kV'
    const drawn = drawEnterprises(participants.draws, seed, isLowVoltage).map((each): Enterprise => {
      const bus = this.#busRow.get(each.bus)!
      return {
        id: each.id,
        name: each.name,
        group: each.group,
        bus,
        annualKwh: each.annualKwh,
        load: { kind: 'archetype', archetype: archetypes.get(each.archetype)! },
        connection: this.#connection({}, each.annualKwh, bus),
        contract: contractOf(each.contract),
        strategy: strategyOf(each.strategy ?? this.#data.strategy),
        forecast: forecastOf(this.#data.forecast, 'load'),
      }
    })
    return [...named, ...drawn]
  }

  #load(
    load: ScenarioData['participants']['enterprises'][number]['load'],
    archetypes: ReadonlyMap<string, LoadArchetype>,
    path: PropertyKey[],
  ): LoadSource {
    if ('archetype' in load) {
      const archetype = archetypes.get(load.archetype)
      if (!archetype)
        this.#fault([...path, 'archetype'], `one of ${[...archetypes.keys()].join(', ')}`, load.archetype)
      return { kind: 'archetype', archetype: archetype! }
    }
    if ('ev_charging' in load) return chargingOf(load.ev_charging)
    if ('cold_store' in load) return coldStoreOf(load.cold_store)
    const { file, map_year: mapYear, ...options } = load
    const given = Object.fromEntries(
      Object.entries({ ...options, mapYear }).filter(([, value]) => value !== undefined),
    )
    return { kind: 'file', file, options: given as unknown as MeteringOptions }
  }

  /** What a customer does not say of its connection follows from its energy and voltage. */
  #connection(
    given: {
      part?: 'single' | 'two' | undefined
      billing?: 'demand' | 'capacity' | undefined
      transformer_kva?: number | undefined
      contract_demand_kw?: number | undefined
      power_factor?: number | undefined
    },
    annualKwh: number,
    bus: number,
  ): Connection {
    const level = this.#buses[bus]!.level
    const transformerKva = given.transformer_kva ?? transformerFor(annualKwh)
    const isSmall = transformerKva < twoPartFromKva && given.billing === undefined
    const part = given.part ?? (level === '0.4kV' || isSmall ? 'single' : 'two')
    // Above 3,500 full-load hours of the transformer the capacity charge is the cheaper one, roughly.
    const cheaper = annualKwh / transformerKva > 3500 ? 'capacity' : 'demand'
    return {
      level,
      part,
      billing: part === 'single' ? 'none' : (given.billing ?? cheaper),
      transformerKva,
      powerFactor: given.power_factor ?? powerFactorDefault,
      ...(given.contract_demand_kw === undefined ? {} : { contractDemandKw: given.contract_demand_kw }),
    }
  }

  #pvUnits(enterprises: readonly Enterprise[]): PvUnit[] {
    const { participants, seed } = this.#data
    const rowOf = new Map(enterprises.map((each, row) => [each.id, row]))
    const plants = participants.pv_plants.map((each): PvUnit => ({
      id: each.id,
      name: each.name,
      owner: each.owner ?? each.id,
      bus: this.#busRow.get(each.bus)!,
      host: null,
      system: systemOf(each, 'rack'),
      outside: outsideOf(each.outside),
      curtailBelowE8: optionalE8(each.curtail_below_cny_per_kwh),
      behindMeterE8: null,
      strategy: this.#pvStrategy(each.strategy),
      forecast: forecastOf(this.#data.forecast, 'pv', each.forecast),
    }))
    const roofs = participants.pv_roofs.map((each): PvUnit => {
      const host = rowOf.get(each.host)!
      return {
        id: each.id,
        name: each.name,
        owner: each.owner ?? each.host,
        bus: enterprises[host]!.bus,
        host,
        system: systemOf(each, 'roof'),
        outside: outsideOf(each.outside),
        curtailBelowE8: optionalE8(each.curtail_below_cny_per_kwh),
        behindMeterE8: optionalE8(each.behind_meter_cny_per_kwh),
        strategy: this.#pvStrategy(each.strategy),
        forecast: forecastOf(this.#data.forecast, 'pv', each.forecast),
      }
    })
    return [...plants, ...roofs, ...this.#drawnRoofs(enterprises, rowOf, seed)]
  }

  #drawnRoofs(
    enterprises: readonly Enterprise[],
    rowOf: ReadonlyMap<string, number>,
    seed: number,
  ): PvUnit[] {
    const { roofs } = this.#data.participants
    if (!roofs) return []
    const hosts = enterprises.filter((each) => each.connection.level !== '0.4kV' && !isByPrice(each.load))
    return drawRoofs(roofs, hosts, seed).map((roof): PvUnit => {
      const host = rowOf.get(roof.host)!
      const thirdParty = roof.owner === 'third-party'
      return {
        id: roof.id,
        name: `${enterprises[host]!.name} 屋顶光伏`,
        owner: thirdParty ? `esco-${roof.id}` : roof.host,
        bus: enterprises[host]!.bus,
        host,
        system: systemOf({ capacity_kw: roof.capacityKw }, 'roof'),
        outside: { kind: roof.outside },
        curtailBelowE8: null,
        behindMeterE8: thirdParty ? e8(roofs.behind_meter_cny_per_kwh) : null,
        strategy: this.#pvStrategy(),
        forecast: forecastOf(this.#data.forecast, 'pv'),
      }
    })
  }

  #pvStrategy(own?: StrategyData): Strategy {
    return strategyOf(own ?? this.#data.pv_strategy)
  }

  #storages(enterprises: readonly Enterprise[]): StorageUnit[] {
    const rowOf = new Map(enterprises.map((each, row) => [each.id, row]))
    return buildStorages(this.#data.participants.storage, this.#busRow, rowOf)
  }

  #cogenerations(): CogenerationUnit[] {
    return this.#data.participants.cogeneration.map((unit) => ({
      id: unit.id,
      name: unit.name,
      bus: this.#busRow.get(unit.bus)!,
      spec: {
        electricKw: unit.electric_kw,
        minLoadFraction: unit.min_load_share,
        maintenanceDays: unit.maintenance_days,
        maintenanceStartDayOfYear: unit.maintenance_start_day_of_year,
      },
      outside: outsideOf(unit.outside),
      dispatch: unit.dispatch ? dispatchOf(unit, unit.dispatch) : null,
      strategy: strategyOf(unit.strategy ?? this.#data.cogeneration_strategy),
    }))
  }
}

type CogenerationData = ScenarioData['participants']['cogeneration'][number]

/** Prices in ticks and costs in Wh · tick, so that the best plan is found in whole numbers. */
function dispatchOf(
  { electric_kw: electricKw, min_load_share: minLoadShare }: CogenerationData,
  terms: NonNullable<CogenerationData['dispatch']>,
): DispatchedUnit {
  const intervals = (hours: number) => Math.max(1, Math.round(hours / hoursPerInterval))
  return {
    // At 0 Wh nobody could tell a unit that runs from one that stands still, and running on would cost a start.
    leastWh: Math.max(1, energyWhOf(electricKw * minLoadShare)),
    mostWh: energyWhOf(electricKw),
    fuelTicks: Math.round(terms.fuel_cny_per_kwh * ticksPerCny),
    heatTicks: Math.round(terms.heat_credit_cny_per_kwh * ticksPerCny),
    rules: {
      startCost: Math.round(terms.start_cost_cny * 1000 * ticksPerCny),
      leastOn: intervals(terms.least_on_hours),
      leastOff: intervals(terms.least_off_hours),
    },
  }
}

function optionalE8(cny: number | undefined): RateE8 | null {
  return cny === undefined ? null : e8(cny)
}

function contractOf(contract: ContractData): Contract {
  if (contract === 'agency') return { kind: 'agency' }
  if ('retail_flat_cny_per_kwh' in contract)
    return { kind: 'retail-flat', energyE8: e8(contract.retail_flat_cny_per_kwh) }
  const prices = contract.retail_by_period_cny_per_kwh
  const energyE8 = Object.fromEntries(bands.map((band) => [band, e8(prices[band])])) as Record<Band, RateE8>
  return { kind: 'retail-by-period', energyE8 }
}

function strategyOf(strategy: StrategyData = 'truthful'): Strategy {
  return typeof strategy === 'string' ? { kind: strategy } : { kind: 'markup', share: strategy.markup }
}

function outsideOf(outside: OutsideData): OutsidePrice {
  return typeof outside === 'string'
    ? { kind: outside }
    : { kind: 'fixed', priceE8: e8(outside.price_cny_per_kwh) }
}

/** Defaults of a system: DC/AC ratio 1.2 for plants and 1.15 for roofs, PVWatts losses and inverter. */
function systemOf(
  given: {
    capacity_kw: number
    inverter_kw?: number | undefined
    tilt_deg?: number | undefined
    azimuth_deg?: number | undefined
    losses_share?: number | undefined
    inverter_curve?: PvSystem['inverterCurve']
  },
  mounting: PvSystem['mounting'],
): PvSystem {
  return {
    capacityKwDc: given.capacity_kw,
    inverterKwAc: given.inverter_kw ?? given.capacity_kw / (mounting === 'rack' ? 1.2 : 1.15),
    tiltDeg: given.tilt_deg ?? (mounting === 'rack' ? 20 : 8),
    azimuthDeg: given.azimuth_deg ?? 180,
    lossFraction: given.losses_share ?? 0.14,
    inverterEfficiency: 0.96,
    ...(given.inverter_curve === undefined ? {} : { inverterCurve: given.inverter_curve }),
    temperatureCoefficientPerK: -0.0037,
    mounting,
  }
}

/** The smallest standard transformer, or the fewest of the largest, for a customer used 3,000 hours at 80 % load. */
function transformerFor(annualKwh: number): number {
  const neededKva = annualKwh / 3000 / 0.8
  const largest = transformerSizesKva.at(-1)!
  return transformerSizesKva.find((size) => size >= neededKva) ?? Math.ceil(neededKva / largest) * largest
}
