import { expect, test } from 'vitest'
import { intervalsPerDay } from '../../src/base/units.ts'
import { holdAuction } from '../../src/service/market/hold-auction.ts'
import type { MarketCore } from '../../src/service/market/market-core.ts'
import { momentOf } from '../../src/service/market/market-model.ts'
import { MonthBooks } from '../../src/service/market/month-books.ts'
import { ReadingsOfDay } from '../../src/simulation/readings.ts'
import { minimal, pilot, strategicPark } from '../simulation/zones.ts'
import { bookedOf } from './booked.ts'
import { simulated } from './simulated.ts'
import { coreOf } from './worlds.ts'

/** Runs a market whose members all leave it to their strategies, gate by gate. */
function runUndriven(core: MarketCore) {
  const { model } = core
  const { timeline, world, sellers } = model
  const readings = new ReadingsOfDay(world, sellers)
  const books = new MonthBooks(model, 0)
  const trades: number[][] = []
  for (let interval = timeline.first; interval < timeline.end; interval++) {
    const index = timeline.indexOf(interval)
    if (core.isStartOfDay(interval)) {
      core.startDay(interval)
      readings.load(index)
    }
    const orders = bookedOf(core.propose(interval))
    const answer = holdAuction({ ...core.auctionOf(interval), orders })
    if ('broken' in answer) throw new Error(answer.broken.message)
    const { joined, levels, outcomes, trades: kept } = answer.held
    core.learn(interval, { orders, outcomes, trades: kept })
    core.publish(interval, levels)
    const moment = momentOf(model, interval)
    const settled = books.settle(joined, moment, readings.at(index % intervalsPerDay), core.storedWh)
    core.storedWh = settled.storedWh
    expect(settled.movedE11.reduce((sum, amount) => sum + amount, 0n)).toBe(0n)
    const account = (row: number) => core.members.byParticipant(orders.participant[row]!).account
    for (let pair = 0; pair < kept.count; pair++) {
      trades.push([
        index,
        account(kept.sellRow[pair]!),
        account(kept.buyRow[pair]!),
        settled.pairWh[pair]!,
        kept.sellerTicks[pair]!,
        kept.buyerTicks[pair]!,
        kept.feeTicks[pair]!,
      ])
    }
  }
  return { trades, books }
}

test.each([
  ['the minimal zone', minimal, []],
  ['two days of the pilot', pilot, ['calendar.from=2027-05-09', 'calendar.to=2027-05-10']],
  ['three days of every strategy', strategicPark, ['calendar.to=2027-05-03']],
])('a market that nobody drives trades and bills what the simulation does: %s', (_, file, set) => {
  const live = runUndriven(coreOf(file, ...set))
  const { trades, run, baseline } = simulated(file, ...set)
  expect(trades.length).toBeGreaterThan(100)
  expect(live.trades).toEqual(trades)
  const { names } = run.state.world.chart
  expect(
    names.map((__, account) => live.books.standing(account).withE11).some((amount) => amount !== 0n),
  ).toBe(true)
  const sheets = live.books.close()
  expect(sheets.market).toEqual(run.sheets[0])
  expect(sheets.without).toEqual(baseline.sheets[0])
})
