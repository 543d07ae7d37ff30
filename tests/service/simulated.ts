/** What the simulation finds for a scenario of one month: the twin of a market that nobody drives. */
import { runBaseline, type BaselineRun } from '../../src/simulation/baseline-run.ts'
import { MarketRun } from '../../src/simulation/market-run.ts'
import { makeSellers } from '../../src/simulation/world.ts'
import { worldOf } from './worlds.ts'

export interface Simulated {
  /** interval, seller, buyer, energy, price of the seller, of the buyer, wheeling fee; sides by account */
  readonly trades: number[][]
  readonly run: MarketRun
  readonly baseline: BaselineRun
}

export function simulated(...scenario: Parameters<typeof worldOf>): Simulated {
  const world = worldOf(...scenario)
  const variant = {
    regime: world.zone.wheeling.regime,
    storage: true,
    cogeneration: true,
    cogenerationOutsideE8: null,
    tallies: false,
    tradeList: true,
  }
  const run = new MarketRun(world, makeSellers(world, null), variant)
  run.runMonth(0)
  const list = run.recorder!.list()
  const trades = Array.from({ length: list.count }, (_, row) => [
    list.interval[row]!,
    list.seller[row]!,
    list.buyer[row]!,
    list.energyWh[row]!,
    list.sellerTicks[row]!,
    list.buyerTicks[row]!,
    list.wheelingTicks[row]!,
  ])
  return { trades, run, baseline: runBaseline(world, makeSellers(world, null)) }
}

export function simulatedTrades(...scenario: Parameters<typeof worldOf>): number[][] {
  return simulated(...scenario).trades
}
