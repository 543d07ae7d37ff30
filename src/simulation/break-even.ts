/**
 * The wheeling fee at which a group of buyers stops to gain. One flat fee (过网费) for every trade is raised step by step
 * and the market run anew under each, so that prices, batteries and everybody else's trades answer to it.
 *
 * A group trades while in some interval a member's value of a kWh reaches beyond what a seller asks by more than the fee,
 * so what it saves falls to 0 as the fee rises; the search halves the range until it knows the fee to a step. Batteries
 * make the way there uneven, hence the curve beside the answer.
 */
import type { Regime } from '../grid/regimes/index.ts'
import type { Contract } from '../tariff/connection.ts'
import type { BaselineRun } from './baseline-run.ts'
import { tradedCost } from './comparison.ts'
import type { MarketRun } from './market-run.ts'

export type ContractKind = Contract['kind']

/** What a group of buyers has of the market under one flat fee. */
export interface FeePoint {
  readonly feeTicks: number
  readonly tradedWh: number
  /** cost on the contract of what is traded, less its cost in the market [1e-11 CNY] */
  readonly savingE11: bigint
}

export interface BreakEven {
  readonly group: ContractKind
  readonly curve: readonly FeePoint[]
  /** the highest fee, to a step below, under which the group still saves; null where it saves under none of the curve */
  readonly lastFeeTicks: number | null
}

/** Fees of the curve [ticks]. */
export const curveFeesTicks = [0, 250, 500, 1000, 1500, 2000, 3000] as const
/** The search ends when the fee is known to so much [ticks]. */
export const stepTicks = 20

/** Runs a market year under a regime. */
export type RunUnder = (regime: Regime) => Promise<MarketRun>

export async function breakEvens(baseline: BaselineRun, runUnder: RunUnder): Promise<BreakEven[]> {
  const known = new Map<number, ReadonlyMap<ContractKind, FeePoint>>()
  const at = async (feeTicks: number) => {
    const found =
      known.get(feeTicks) ?? pointsOf(baseline, await runUnder({ kind: 'flat', feeTicks }), feeTicks)
    known.set(feeTicks, found)
    return found
  }
  for (const feeTicks of curveFeesTicks) await at(feeTicks)
  const { enterprises, market } = baseline.state.world.zone
  const groups = [...new Set(enterprises.map(({ contract }) => contract.kind))]
  const found: BreakEven[] = []
  for (const group of groups) {
    const saves = async (feeTicks: number) => (await at(feeTicks)).get(group)!.savingE11 > 0n
    found.push({
      group,
      curve: curveFeesTicks.map((feeTicks) => known.get(feeTicks)!.get(group)!),
      lastFeeTicks: await lastFee(saves, market.capTicks - market.floorTicks),
    })
  }
  return found
}

/**
 * Beyond the last fee of the curve under which the group saves, whatever it does below. No gap between a buyer's value and a
 * seller's limit is wider than the range of prices.
 */
export async function lastFee(
  saves: (feeTicks: number) => Promise<boolean>,
  widestTicks: number,
): Promise<number | null> {
  let low: number | null = null
  let high = widestTicks + 1
  for (const feeTicks of curveFeesTicks.toReversed()) {
    if (feeTicks >= high) continue
    if (await saves(feeTicks)) {
      low = feeTicks
      break
    }
    high = feeTicks
  }
  if (low === null) return null
  while (high - low > stepTicks) {
    const middle = Math.floor((low + high) / 2)
    if (await saves(middle)) low = middle
    else high = middle
  }
  return low
}

function pointsOf(baseline: BaselineRun, market: MarketRun, feeTicks: number): Map<ContractKind, FeePoint> {
  const points = new Map<ContractKind, FeePoint>()
  market.state.world.zone.enterprises.forEach(({ contract }, index) => {
    const { tradedWh, beforeE11, afterE11 } = tradedCost(baseline, market, index)
    const sofar = points.get(contract.kind) ?? { feeTicks, tradedWh: 0, savingE11: 0n }
    points.set(contract.kind, {
      feeTicks,
      tradedWh: sofar.tradedWh + tradedWh,
      savingE11: sofar.savingE11 + beforeE11 - afterE11,
    })
  })
  return points
}
