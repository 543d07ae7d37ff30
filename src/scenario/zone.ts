/**
 * The zone a scenario describes, resolved: every default filled in, every draw drawn, every reference an index.
 * It holds no time series and no money; the simulation grows those from it. Units stand in the names.
 */
import type { Calendar } from '../base/calendar.ts'
import type { RateE8, Ticks } from '../base/units.ts'
import type { CogenerationSpec } from '../assets/cogeneration.ts'
import type { Holidays } from '../assets/holidays.ts'
import type { LoadArchetype } from '../assets/load/archetype.ts'
import type { MeteringOptions } from '../assets/metering/options.ts'
import type { PvSystem } from '../assets/pv/system.ts'
import type { Site } from '../assets/site.ts'
import type { StorageSpec } from '../assets/storage.ts'
import type { Climate } from '../assets/weather/synthetic.ts'
import type { Regime } from '../grid/regimes/index.ts'
import type { VoltageLevel } from '../grid/voltage.ts'
import type { PriceRuleName } from '../market/pricing/index.ts'
import type { Strategy } from '../strategy/bidding/index.ts'
import type { DispatchedUnit } from '../strategy/cogeneration-dispatch.ts'
import type { ForecastMode } from '../strategy/forecast/mode.ts'
import type { TariffBook } from '../tariff/book.ts'
import type { Connection, Contract } from '../tariff/connection.ts'
import type { Economics } from './economics.ts'
import type { FlexibleSource } from './flexible.ts'

export type Confidence = 'verified-primary' | 'verified-secondary' | 'derived' | 'unverified'

/** Where a figure of the scenario comes from; `path` may end in `*`. */
export interface Provenance {
  readonly path: string
  readonly source: string
  readonly confidence: Confidence
  readonly note?: string
}

export interface ZoneBus {
  readonly id: string
  readonly name: string
  readonly level: VoltageLevel
  /** index into {@link Zone.buses}, smaller than the bus's own; -1 at the root, which is bus 0 */
  readonly parent: number
  /** room of the arc to the parent, null for none; no-reverse-flow is already a capacityUpKw of 0 */
  readonly capacityUpKw: number | null
  readonly capacityDownKw: number | null
}

export type LoadSource =
  | { readonly kind: 'archetype'; readonly archetype: LoadArchetype }
  | { readonly kind: 'file'; readonly file: string; readonly options: MeteringOptions }
  | FlexibleSource

/** What a kWh fed in earns outside the local market. */
export type OutsidePrice =
  | { readonly kind: 'mechanism-stock' }
  | { readonly kind: 'mechanism-incremental' }
  | { readonly kind: 'fixed'; readonly priceE8: RateE8 }
  | { readonly kind: 'spot' }

/** One PV installation. On a host's roof it serves the host first and only its surplus reaches the market. */
export interface PvUnit {
  readonly id: string
  readonly name: string
  /** who is paid for the surplus: the host's own id, or a third party's */
  readonly owner: string
  readonly bus: number
  readonly host: number | null
  readonly system: PvSystem
  readonly outside: OutsidePrice
  /** least price outside at which surplus is sent out, null for any */
  readonly curtailBelowE8: RateE8 | null
  /** what the host pays a third-party owner for energy used behind its meter (合同能源管理) */
  readonly behindMeterE8: RateE8 | null
  readonly strategy: Strategy
  readonly forecast: ForecastMode
}

export interface Enterprise {
  readonly id: string
  readonly name: string
  readonly group: string
  readonly bus: number
  readonly annualKwh: number
  readonly load: LoadSource
  readonly connection: Connection
  readonly contract: Contract
  readonly strategy: Strategy
  readonly forecast: ForecastMode
}

/** What a battery expects of others: books of the day or week before, prices of the day before, or the books to come. */
export type StorageForecast = 'yesterday' | 'last-week' | 'prices' | 'perfect'

export interface StorageUnit {
  readonly id: string
  readonly name: string
  readonly bus: number
  readonly spec: StorageSpec
  /** what it does in the run with the market: trade, or serve its host behind the meter */
  readonly mode: 'arbitrage' | 'own-load' | 'peak-shaving'
  /** whether it bids the value of its stored energy, or its orders come from outside */
  readonly bids: 'value' | 'external'
  /** how far ahead it plans and how often, both counted from the start of the run */
  readonly plan: {
    readonly forecast: StorageForecast
    readonly horizonIntervals: number
    readonly replanIntervals: number
  }
  /** wear per kWh taken out of the battery; its owner's */
  readonly wearTicks: Ticks
  /** what a kWh taken out costs who decides on it: the wear, or what a tenant pays for its use */
  readonly dispatchTicks: Ticks
  /** of a rented share: whose it is and on what terms */
  readonly lease: StorageLease | null
  /** what the unit does in the run without the market; `user-side` needs a host */
  readonly baseline: 'idle' | 'user-side'
  readonly host: number | null
}

/** A share of a shared battery (共享储能) in the hands of a tenant, who trades with it on its own account. */
export interface StorageLease {
  /** index of the owner's part among the storage units */
  readonly lessor: number
  readonly tenant: string
  /** rent of a month [1e-8 CNY/kW], [1e-8 CNY/kWh] */
  readonly perKwE8: RateE8
  readonly perKwhE8: RateE8
  /** for each kWh taken out */
  readonly usePerKwhTicks: Ticks
}

/** A battery's rows among the storage units: its owner's, and those of its tenants. */
export function partsOf(storages: readonly StorageUnit[], owner: number): number[] {
  return storages.flatMap(({ lease }, row) => (row === owner || lease?.lessor === owner ? [row] : []))
}

export interface CogenerationUnit {
  readonly id: string
  readonly name: string
  readonly bus: number
  readonly spec: CogenerationSpec
  readonly outside: OutsidePrice
  /** null where it follows its heat */
  readonly dispatch: DispatchedUnit | null
  readonly strategy: Strategy
}

/** Which auctions are held for an interval, and when their gates close. */
export interface Auctions {
  /** hour of the day before at which one gate closes for all 96 intervals; null where no such auction is held */
  readonly dayAhead: { readonly closesHour: number } | null
  /** whether an auction is held for each interval by itself, and how long before it its gate closes */
  readonly intraday: boolean
  readonly closesMinutesBefore: number
}

export interface Zone {
  readonly scenario: string
  readonly title: { readonly en: string; readonly zh: string }
  readonly seed: number
  readonly calendar: Calendar
  readonly site: Site
  readonly weather:
    | { readonly kind: 'synthetic'; readonly climate: Climate; readonly ghiScale: number }
    | { readonly kind: 'epw'; readonly file: string; readonly solarShiftHours: number | 'detect' }
  readonly holidays: Holidays
  readonly book: TariffBook
  /** 24 hourly prices of energy from outside the zone (upstream), what purchasing accounts pay per net import; null: the book's of the day */
  readonly upstreamE8: readonly RateE8[] | null
  readonly buses: readonly ZoneBus[]
  readonly levelAboveRoot: VoltageLevel | null
  /** whether the rule against reverse flow (不得反送) holds for the zone as a whole, towards the level above its root */
  readonly rootStaysBelow: boolean
  readonly wheeling: {
    readonly regime: Regime
    readonly paysLineLoss: boolean
    readonly paysSystemFee: boolean
    readonly storageExempt: boolean
  }
  readonly market: {
    readonly rule: PriceRuleName
    /** k as whole ten-thousandths */
    readonly kNumerator: number
    readonly floorTicks: Ticks
    readonly capTicks: Ticks
    readonly mechanism: 'per-interval' | 'annual'
    readonly auctions: Auctions
  }
  readonly deviation: { readonly freeShare: number; readonly coefficient: number }
  readonly enterprises: readonly Enterprise[]
  readonly pvUnits: readonly PvUnit[]
  readonly storages: readonly StorageUnit[]
  readonly cogenerations: readonly CogenerationUnit[]
  readonly carbon: {
    readonly factorKgPerKwh: number
    readonly factorName: string
    readonly coalKgPerKwh: number
  }
  readonly headline: Headline | null
  /** null where the scenario names no costs of PV or storage */
  readonly economics: Economics | null
  readonly provenance: readonly Provenance[]
}

/** The variants a report's headline sets side by side. */
export interface Headline {
  readonly regimes: readonly Regime[]
  readonly cogenerationOutsideE8: readonly RateE8[]
  readonly storageBaselines: readonly ('idle' | 'user-side')[]
}
