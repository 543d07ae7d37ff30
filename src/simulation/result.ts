/**
 * What a run hands on: whole numbers only, so that two machines can be compared by a hash.
 * Energy in Wh; money either in 1e-11 CNY as BigInt (`…E11`, the ledger's unit) or in whole fen (`…Fen`,
 * what stands on a statement). A positive account change is a gain of that account.
 */
import type { StorageUnit, Zone } from '../scenario/zone.ts'
import type { StrategyName } from '../strategy/bidding/index.ts'
import type { GridUse } from './grid-use.ts'

// Participants stand as `enterprise:<id>`, `pv:<unit>`, `storage:<unit>`, `cogeneration:<unit>` beside these.
export { publicAccounts, type PublicAccount } from '../settlement/chart.ts'
/** Names of the band codes in {@link IntervalColumns.band}. */
export { bands as bandCodes } from '../tariff/book-schema.ts'

export interface AccountResult {
  readonly account: string
  readonly beforeE11: bigint
  readonly afterE11: bigint
  readonly changeE11: bigint
}

/** One line of a monthly statement; amounts a participant pays are positive for buyers, receipts positive for sellers. */
export interface StatementLine {
  readonly key: string
  readonly zh: string
  readonly en: string
  /** energy the line speaks of, where it does */
  readonly energyWh?: number
  readonly amountFen: number
}

export interface Statement {
  /** account name, `enterprise:<id>` … */
  readonly account: string
  /** `2027-01` */
  readonly month: string
  readonly run: 'baseline' | 'market'
  /** a buyer pays `totalFen`, a seller receives it; a battery stands among the sellers and pays with negative lines */
  readonly role: 'buyer' | 'seller'
  readonly lines: readonly StatementLine[]
  readonly totalFen: number
  /** what stands below the total for information */
  readonly notes: readonly StatementNote[]
}

/**
 * What a statement tells beside its money: 节约额 (`saving`), traded PV energy with its certificates 绿证
 * (`green-energy`), the wear of a battery (`wear`). No amount here is part of the total.
 */
export interface StatementNote {
  readonly key: string
  readonly zh: string
  readonly en: string
  readonly energyWh?: number
  readonly amountFen?: number
  /** whole certificates of 1 MWh */
  readonly certificates?: number
}

export interface EnterpriseResult {
  readonly index: number
  readonly id: string
  readonly loadWh: number
  /** roof PV used behind the own meter, in both runs */
  readonly selfUseWh: number
  /** through the meter from the grid, traded or not, market run */
  readonly gridWh: number
  readonly tradedWh: number
  /** traded energy by source of its seller */
  readonly tradedPvWh: number
  readonly tradedStorageWh: number
  readonly tradedCogenerationWh: number
  readonly billBeforeFen: number
  readonly billAfterFen: number
  /** what the traded kWh would have cost on the contract (energy price incl. adders), and what they cost, E11 */
  readonly tradedCostBeforeE11: bigint
  readonly tradedCostAfterE11: bigint
  readonly wheelingE11: bigint
}

export interface PvResult {
  readonly index: number
  readonly id: string
  readonly generatedWh: number
  readonly selfUseWh: number
  /** surplus that reached the grid */
  readonly surplusWh: number
  readonly tradedWh: number
  readonly incomeBeforeE11: bigint
  readonly incomeAfterE11: bigint
}

export interface StorageResult {
  readonly index: number
  readonly id: string
  readonly boughtWh: number
  readonly soldWh: number
  readonly lostWh: number
  /** cash of the market run less its wear, and of the named baseline (user-side arbitrage less wear; 0 when idle) */
  readonly gainMarketE11: bigint
  readonly gainBaselineE11: bigint
  /** gain by itself behind its host's meter, null without a host or where nobody asked */
  readonly behindMeter: { readonly ownLoadE11: bigint; readonly peakShavingE11: bigint } | null
  /** null where it did not trade */
  readonly spread: StorageSpread | null
}

/** Energy a battery traded, and the same times the price of its bus at its first and its last kWh [Wh·tick]. */
export interface StorageSpread {
  readonly boughtWh: number
  readonly boughtFirstTickWh: number
  readonly boughtLastTickWh: number
  readonly soldWh: number
  readonly soldFirstTickWh: number
  readonly soldLastTickWh: number
}

export interface CogenerationResult {
  readonly index: number
  readonly id: string
  readonly generatedWh: number
  readonly tradedWh: number
  readonly incomeBeforeE11: bigint
  readonly incomeAfterE11: bigint
}

/** Who would get what for the same traded energy under a price rule and k; gains against the outside option, E11. */
export interface SplitRow {
  readonly rule: string
  readonly kNumerator: number
  readonly buyersE11: bigint
  readonly pvE11: bigint
  readonly storageE11: bigint
  readonly cogenerationE11: bigint
  readonly marketSurplusE11: bigint
  readonly tAndDE11: bigint
}

export type BuyerGroup = 'agency' | 'retail-flat' | 'retail-by-period' | 'storage'
export type Source = 'pv' | 'storage' | 'cogeneration'

/** Traded energy of one buyer group from one source in one tariff band, with what both sides could bear. */
export interface TradeCell {
  readonly group: BuyerGroup
  readonly source: Source
  readonly band: string
  readonly tradedWh: number
  /** what the group wanted in these intervals (net load), whether or not it was traded */
  readonly wantedWh: number
  /** highest net limit of the group and lowest limit of the source seen in this band, ticks; null when none offered */
  readonly buyerLimitTicks: number | null
  readonly sellerLimitTicks: number | null
}

/** Zone totals per interval of the market run, one entry each. */
export interface IntervalColumns {
  readonly loadWh: Float64Array
  readonly selfUseWh: Float64Array
  readonly pvWh: Float64Array
  readonly cogenerationWh: Float64Array
  readonly chargeWh: Float64Array
  readonly dischargeWh: Float64Array
  readonly storedWh: Float64Array
  readonly tradedWh: Float64Array
  /** money of trades at the seller's side, Wh·tick; mean price = this / tradedWh */
  readonly tradedValueTickWh: Float64Array
  /** wheeling fees incl. those of the buyers' own connections, Wh·tick */
  readonly wheelingTickWh: Float64Array
  readonly importWh: Float64Array
  readonly exportWh: Float64Array
  /** supporting price of the root bus, mixed at k = 0.5 and clipped, ticks; of the day-ahead auction where one was held */
  readonly rootPriceTicks: Float64Array
  /** tariff band code, index into bands */
  readonly band: Uint8Array
  /** arcs at their limit in this interval */
  readonly fullArcs: Uint8Array
}

/** A load that is a machine: how it served, by itself, on its contract's prices, and with the market. */
export interface FlexibleResult {
  /** index among the enterprises */
  readonly index: number
  readonly id: string
  readonly followsPrices: boolean
  readonly uncontrolled: LoadYearResult
  readonly before: LoadYearResult
  readonly after: LoadYearResult
}

export interface LoadYearResult {
  readonly energyWh: number
  /** what its energy would cost on its contract, untraded */
  readonly contractE11: bigint
  readonly service: LoadServiceResult
}

/** Temperatures in whole millikelvins: results hold no floats. */
export type LoadServiceResult =
  | {
      readonly kind: 'charging'
      readonly sessions: number
      readonly wantedWh: number
      readonly shortSessions: number
      readonly shortWh: number
    }
  | {
      readonly kind: 'cold-store'
      readonly warmestMilliC: number
      readonly coldestMilliC: number
      readonly warmIntervals: number
    }

/** A cogeneration unit that starts and stops by price. */
export interface DispatchResult {
  readonly index: number
  readonly id: string
  readonly before: DispatchYearResult
  readonly after: DispatchYearResult
}

export interface DispatchYearResult {
  readonly generatedWh: number
  readonly starts: number
  readonly runningIntervals: number
  /** fuel and starts less what heat saves */
  readonly fuelE11: bigint
}

/** PV that is turned down where a kWh earns too little outside. */
export interface CurtailedResult {
  readonly index: number
  readonly id: string
  readonly beforeWh: number
  readonly afterWh: number
}

/** What decides by price beside batteries. */
export interface MachinesResult {
  readonly loads: readonly FlexibleResult[]
  readonly units: readonly DispatchResult[]
  readonly curtailed: readonly CurtailedResult[]
}

/** What forecasts made of the market: who expected, traded and delivered how much in which auction. */
export interface AuctionsResult {
  readonly auctions: readonly AuctionResult[]
  readonly groups: readonly ForecastGroupResult[]
}

export type AuctionName = 'day-ahead' | 'intraday'

export interface AuctionResult {
  readonly auction: AuctionName
  /** intervals in which it was held, and in which something was traded */
  readonly heldIntervals: number
  readonly tradedIntervals: number
  readonly acceptedWh: number
  readonly settledWh: number
  /** what sellers got for the settled energy [Wh·tick] */
  readonly valueTickWh: number
}

/** Of one auction, within a group [Wh]. */
export interface ForecastTurn {
  readonly auction: AuctionName
  /** how far forecasts were off the meters at its gate, Σ |forecast − metered| */
  readonly errorWh: number
  readonly orderedWh: number
  readonly acceptedWh: number
  readonly settledWh: number
}

/** Buyers by contract, sellers by source. */
export interface ForecastGroupResult {
  readonly side: 'buy' | 'sell'
  readonly group: BuyerGroup | Source
  readonly meteredWh: number
  readonly turns: readonly ForecastTurn[]
  /** accepted in all auctions and not metered, and the part of it beyond the free band [Wh] */
  readonly shortWh: number
  readonly chargedWh: number
  readonly chargeE11: bigint
}

/** One run without and one with the market, and their difference. */
export interface VariantResult {
  readonly name: string
  readonly accounts: readonly AccountResult[]
  readonly enterprises: readonly EnterpriseResult[]
  readonly pv: readonly PvResult[]
  readonly storages: readonly StorageResult[]
  readonly cogenerations: readonly CogenerationResult[]
  readonly statements: readonly Statement[]
  readonly splits: readonly SplitRow[]
  readonly trades: {
    readonly cells: readonly TradeCell[]
    readonly pairs: number
    readonly intervalsWithTrade: number
  }
  readonly columns: IntervalColumns
  readonly energy: {
    readonly loadWh: number
    readonly pvWh: number
    readonly selfUseWh: number
    readonly cogenerationWh: number
    readonly tradedWh: number
    readonly fedInWh: number
    readonly curtailedWh: number
    readonly importBeforeWh: number
    readonly importAfterWh: number
    readonly exportBeforeWh: number
    readonly exportAfterWh: number
  }
  readonly ledger: { readonly residualE11: bigint; readonly postings: number }
  readonly uncertified: number
  /** whether the wheeling rule is carried exactly by the arcs; the note says how it errs */
  readonly wheeling: { readonly exact: boolean; readonly note: string }
  readonly grid: GridUse
  /** absent where the scenario has no such machines */
  readonly machines?: MachinesResult
  /** absent where forecasts have but one error and one auction is held */
  readonly auctions?: AuctionsResult
  /** trades one by one, only when asked for */
  readonly tradeList: TradeList | null
}

export interface TradeList {
  readonly count: number
  readonly interval: Int32Array
  /** account indices into {@link VariantResult.accounts} */
  readonly seller: Int32Array
  readonly buyer: Int32Array
  readonly energyWh: Float64Array
  readonly sellerTicks: Float64Array
  readonly buyerTicks: Float64Array
  readonly wheelingTicks: Float64Array
  /** 1 where a trade was agreed a day ahead */
  readonly isDayAhead: Uint8Array
}

/** A run whose members do not all bid the truth, less the same run with everybody truthful. */
export interface BiddingEffect {
  /** what trade is worth at true values: to buyers, less to sellers outside, less fees, wear and losses */
  readonly welfareE11: bigint
  readonly truthfulWelfareE11: bigint
  /** all accounts of the ledger; sums to 0 */
  readonly accounts: readonly { readonly account: string; readonly changeE11: bigint }[]
  readonly members: readonly BiddingMember[]
}

export interface BiddingMember {
  readonly account: string
  readonly kind: 'enterprise' | 'pv' | 'storage' | 'cogeneration'
  readonly strategy: StrategyName | StorageUnit['bids']
  /** bought by enterprises, sold by all others */
  readonly tradedWh: number
  readonly truthfulTradedWh: number
  readonly changeE11: bigint
}

/** What one PV unit or battery earned in a year of its life, in both runs. */
export interface UnitYear {
  readonly kind: 'pv' | 'storage'
  /** index among the units of its kind */
  readonly index: number
  readonly id: string
  /** receipts less payments by its statements; wear is none */
  readonly beforeFen: number
  readonly afterFen: number
  /** what a host's own roof takes off its bill, the same in both runs */
  readonly savedFen: number
  /** generated, or given back by a battery */
  readonly quantityBeforeWh: number
  readonly quantityAfterWh: number
}

/** One simulated year of life of all units, at the prices of the first. */
export interface ProjectYear {
  readonly year: number
  readonly units: readonly UnitYear[]
}

/** One line of the headline: the zone with some of its assets, under one regime. */
export interface HeadlineRow {
  readonly assets: readonly ('pv' | 'storage' | 'cogeneration')[]
  readonly regime: string
  readonly cogenerationOutsideE8: number | null
  readonly storageBaseline: 'idle' | 'user-side' | null
  readonly tradedWh: number
  readonly enterprisesE11: bigint
  readonly enterprisesBillE11: bigint
  readonly tradedCostBeforeE11: bigint
  readonly pvOwnersE11: bigint
  readonly pvIncomeE11: bigint
  readonly storageE11: bigint
  readonly cogenerationE11: bigint
  readonly tAndDE11: bigint
}

export interface SimulationResult {
  readonly version: string
  readonly zone: Zone
  /** the zone as the scenario says, with all its assets */
  readonly main: VariantResult
  /** null where nobody bids anything but the truth */
  readonly bidding: BiddingEffect | null
  readonly headline: readonly HeadlineRow[]
  /** what units earn by simulated year of life, the first being the main run; empty where it is no project year */
  readonly projects: readonly ProjectYear[]
  /** repairs made to input files and what was found in them */
  readonly inputs: readonly {
    readonly file: string
    readonly findings: readonly string[]
    readonly repairs: readonly { kind: string; count: number }[]
  }[]
  readonly resultHash: string
}
