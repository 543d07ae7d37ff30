import { expect, test } from 'vitest'
import { minimal, pilot, strategicPark } from '../simulation/zones.ts'
import type { StatementAnswer } from '../../src/contract/routes/participants.ts'
import type { TradeCursor, TradeRow } from '../../src/store/port.ts'
import { newFile, openTestMarket, type TestMarket } from './markets.ts'
import { simulatedTrades } from './simulated.ts'

/** Every settled trade of a market by the accounts of its sides, as `simulatedTrades` lists them. */
async function tradesOf({ store, market }: TestMarket): Promise<number[][]> {
  const { first, end } = market.model.timeline
  const trades: TradeRow[] = []
  let after: TradeCursor | undefined
  do {
    const page = await store.intervals.trades({
      from: first,
      to: end,
      settled: true,
      ...(after && { after }),
    })
    trades.push(...page.trades)
    after = page.next
  } while (after)
  const account = (participant: number) => market.members.byParticipant(participant).account
  return trades.map((each) => [
    each.interval - first,
    account(each.seller),
    account(each.buyer),
    each.energyWh,
    each.sellerTicks,
    each.buyerTicks,
    each.feeTicks,
  ])
}

test('a market on disk that nobody drives trades what the simulation does, and its postings sum to 0', async () => {
  const market = await openTestMarket()
  const { first, end } = market.market.model.timeline
  await market.moveTo(end)
  expect(await tradesOf(market)).toEqual(simulatedTrades(minimal))
  for await (const { settlements } of market.store.intervals.records({ from: first, to: end })) {
    expect(settlements).toHaveLength(1)
    expect(settlements[0]!.postings.amountE11.reduce((sum, amount) => sum + amount, 0n)).toBe(0n)
  }
  await market.close()
})

test('statements hold every reading that came before their month closed, however many came at once', async () => {
  const market = await openTestMarket({ scenario: [minimal, 'calendar.to=2027-05-20'] })
  const { first, end, calendar } = market.market.model.timeline
  await market.moveTo(end)
  const { participant } = market.market.members.byId('workshop')!
  const importWh = 100_000
  const readings = Array.from({ length: end - first }, (_, at) => ({
    participant,
    interval: first + at,
    importWh,
    exportWh: 0,
  }))
  await market.store.meters.add(readings, { atMs: market.market.clock.now() })
  expect(readings.length).toBeGreaterThan(1000)
  await market.moveTo(end + 30 * 96)
  const [month] = calendar.months
  const { body } = (await market.store.statements.get(participant, month!.key))!
  const { lines } = JSON.parse(new TextDecoder().decode(body)) as StatementAnswer
  const kwhOf = (keys: string[]) =>
    lines.filter(({ key }) => keys.includes(key)).reduce((sum, { energy }) => sum + Number(energy), 0)
  expect(kwhOf(['td-energy', 'trade-energy'])).toBeCloseTo((readings.length * importWh) / 1000, 3)
  await market.close()
})

test.each<Parameters<typeof simulatedTrades>>([
  [pilot, 'calendar.from=2027-05-09', 'calendar.to=2027-05-10'],
  [strategicPark, 'calendar.to=2027-05-02'],
])(
  'a market that is stopped and opened again, mid-day, every day, ends where one does that runs through: %s',
  async (...scenario) => {
    const file = newFile()
    for (const stop of [10, 96, 97, 192]) {
      const market = await openTestMarket({ file, scenario })
      await market.moveTo(market.market.model.timeline.first + stop)
      if (stop === 192) expect(await tradesOf(market)).toEqual(simulatedTrades(...scenario))
      await market.close()
    }
  },
)
