/** What forecasts made of the market: auctions with their volumes and prices, groups with what they expected, traded and missed. */
import type {
  AuctionName,
  AuctionResult,
  ForecastGroupResult,
  ForecastTurn,
  SimulationResult,
} from '../simulation/result.ts'
import { cny, kwh, share } from './numbers.ts'
import { groupNames, sourceNames } from './wording.ts'

export interface AuctionRow {
  readonly auction: AuctionName
  readonly heldIntervals: number
  readonly tradedIntervals: number
  readonly acceptedKwh: number
  readonly settledKwh: number
  /** what sellers got for a settled kWh on average, null where nothing was settled */
  readonly meanPriceCnyPerKwh: number | null
}

/** A group in one auction; energy in kWh. */
export interface TurnRow {
  readonly auction: AuctionName
  /** Σ |forecast − metered| at the gate, by itself and in shares of what was metered */
  readonly forecastErrorKwh: number
  readonly forecastErrorShare: number
  readonly orderedKwh: number
  readonly acceptedKwh: number
  readonly settledKwh: number
}

export interface ForecastGroupRow {
  readonly side: 'buy' | 'sell'
  readonly group: ForecastGroupResult['group']
  readonly meteredKwh: number
  readonly turns: readonly TurnRow[]
  readonly shortKwh: number
  readonly chargedKwh: number
  readonly chargeCny: number
}

/** Null where one auction is held on forecasts with an error share. */
export function auctionFigures({ main }: SimulationResult) {
  if (!main.auctions) return null
  return { auctions: main.auctions.auctions.map(auctionRow), groups: main.auctions.groups.map(groupRow) }
}

function auctionRow({ settledWh, acceptedWh, valueTickWh, ...counts }: AuctionResult): AuctionRow {
  return {
    auction: counts.auction,
    heldIntervals: counts.heldIntervals,
    tradedIntervals: counts.tradedIntervals,
    acceptedKwh: kwh(acceptedWh),
    settledKwh: kwh(settledWh),
    meanPriceCnyPerKwh: settledWh === 0 ? null : Math.round((valueTickWh / settledWh) * 100) / 1e6,
  }
}

function groupRow({ side, group, meteredWh, turns, ...short }: ForecastGroupResult): ForecastGroupRow {
  return {
    side,
    group,
    meteredKwh: kwh(meteredWh),
    turns: turns.map((turn) => turnRow(turn, meteredWh)),
    shortKwh: kwh(short.shortWh),
    chargedKwh: kwh(short.chargedWh),
    chargeCny: cny(short.chargeE11),
  }
}

function turnRow({ auction, errorWh, orderedWh, acceptedWh, settledWh }: ForecastTurn, meteredWh: number) {
  return {
    auction,
    forecastErrorKwh: kwh(errorWh),
    forecastErrorShare: share(errorWh, meteredWh),
    orderedKwh: kwh(orderedWh),
    acceptedKwh: kwh(acceptedWh),
    settledKwh: kwh(settledWh),
  }
}

export const auctionNames: Readonly<Record<AuctionName, string>> = {
  'day-ahead': 'day-ahead (日前)',
  intraday: 'intraday (日内)',
}

/** `agency buyers (代理购电)`, `PV (光伏)`, and batteries by what they do. */
export function groupName({ side, group }: Pick<ForecastGroupRow, 'side' | 'group'>): string {
  if (group === 'storage')
    return side === 'buy' ? 'storage, charging (储能充电)' : 'storage, selling (储能放电)'
  return group in groupNames
    ? groupNames[group as keyof typeof groupNames]
    : sourceNames[group as keyof typeof sourceNames]
}
