/**
 * What it costs that some do not bid the truth: the same physical year run once more with everybody truthful, both valued at true
 * values. Who leaves its orders to somebody outside places none in either.
 */
import type { Zone } from '../scenario/zone.ts'
import { isExternal, isStrategic, truthful, type Strategy } from '../strategy/bidding/index.ts'
import type { MarketRun } from './market-run.ts'
import type { BiddingEffect, BiddingMember } from './result.ts'
import { runMarket, type Progress } from './run-market.ts'
import type { RunState } from './run-state.ts'
import { storageCostE11 } from './storage-lines.ts'
import type { Variant } from './variant.ts'
import type { World } from './world.ts'

export function hasStrategicBidders({ enterprises, pvUnits, cogenerations }: Zone): boolean {
  return [enterprises, pvUnits, cogenerations].some((list) =>
    list.some(({ strategy }) => isStrategic(strategy)),
  )
}

/** The zone with everybody truthful who bids at all. */
export function truthfulZone(zone: Zone): Zone {
  const honest = <Each extends { readonly strategy: Strategy }>(each: Each): Each =>
    isExternal(each.strategy) ? each : { ...each, strategy: truthful }
  return {
    ...zone,
    enterprises: zone.enterprises.map(honest),
    pvUnits: zone.pvUnits.map(honest),
    cogenerations: zone.cogenerations.map(honest),
  }
}

/**
 * Runs the truthful twin of a run.
 *
 * @param market run of the world under the variant, with tallies
 */
export async function biddingEffect(
  world: World,
  market: MarketRun,
  variant: Variant,
  work: Progress,
): Promise<BiddingEffect> {
  const honest = { ...world, zone: truthfulZone(world.zone) }
  const twin = await runMarket(honest, { ...variant, tallies: true, tradeList: false }, work)
  const { ledger } = market.state
  const changeE11 = (account: number) => ledger.balance(account) - twin.state.ledger.balance(account)
  return {
    welfareE11: welfareE11(market),
    truthfulWelfareE11: welfareE11(twin),
    accounts: world.chart.names.map((account, row) => ({ account, changeE11: changeE11(row) })),
    members: membersOf(world, market, twin),
  }
}

/**
 * What trade was worth to everybody together, in what was settled:
 *
 *     Σ (value to the buyer − value to the seller − fees of the way) − wear and fees of what batteries lost      [1e-11 CNY]
 */
function welfareE11({ tallies, state }: MarketRun): bigint {
  return tallies!.gainsE11(storageCostE11(state))
}

/** Everybody who may trade, as the accounts stand in the chart. */
function membersOf({ zone, chart }: World, market: MarketRun, twin: MarketRun): BiddingMember[] {
  const member = (
    kind: BiddingMember['kind'],
    strategy: BiddingMember['strategy'],
    account: number,
    tradedOf: (state: RunState) => number,
  ): BiddingMember => ({
    account: chart.names[account]!,
    kind,
    strategy,
    tradedWh: tradedOf(market.state),
    truthfulTradedWh: tradedOf(twin.state),
    changeE11: market.state.ledger.balance(account) - twin.state.ledger.balance(account),
  })
  const units = zone.pvUnits.length
  return [
    ...zone.enterprises.map(({ strategy }, at) =>
      member('enterprise', strategy.kind, chart.enterprise + at, (state) => boughtWh(state, at)),
    ),
    ...zone.pvUnits.map(({ strategy }, at) =>
      member('pv', strategy.kind, chart.pv + at, ({ soldWh, months }) => rowSum(soldWh, at, months)),
    ),
    ...zone.storages.map(({ bids }, at) =>
      member('storage', bids, chart.storage + at, ({ storage, months }) =>
        rowSum(storage.soldWh, at, months),
      ),
    ),
    ...zone.cogenerations.map(({ strategy }, at) =>
      member('cogeneration', strategy.kind, chart.cogeneration + at, ({ soldWh, months }) =>
        rowSum(soldWh, units + at, months),
      ),
    ),
  ]
}

function boughtWh({ tradedWh, world }: RunState, enterprise: number): number {
  return rowSum(tradedWh, enterprise, world.slots.slots)
}

function rowSum(column: Float64Array, row: number, width: number): number {
  return column.subarray(row * width, (row + 1) * width).reduce((sum, energyWh) => sum + energyWh, 0)
}
