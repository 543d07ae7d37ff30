import { expect, test } from 'vitest'
import { ClearingEngine } from '../../../src/market/clear.ts'
import { busPrices } from '../../../src/market/prices.ts'
import { pilot, zoneOf } from '../../simulation/zones.ts'
import { marketDays } from './market-days.ts'
import { plannersSaving } from './program.ts'

const perfect = ['forecast.load_error_share=0', 'forecast.pv_error_share=0', 'calendar.to=2027-01-05']

test('without batteries the planner reaches what 96 clearings reach, and the market just that', () => {
  const [day] = marketDays(zoneOf(pilot, ...perfect, 'participants.storage=[]'), [3])
  const engine = new ClearingEngine(day!.network)
  const prices = new Float64Array(day!.network.busCount)
  let welfare = 0n
  for (const book of day!.books) {
    busPrices(day!.network, engine.clear(book), { floorTicks: 0, capTicks: 20_000, kNumerator: 5000 }, prices)
    welfare += engine.certificate(prices).welfare
  }
  expect(plannersSaving(day!, true)).toBeCloseTo(Number(welfare), -3)
  expect(day!.saving).toBe(Number(welfare))
})

test('no schedule of the market is better than the planner’s, and a battery is worth something to it', () => {
  const [day] = marketDays(zoneOf(pilot, ...perfect), [4])
  const planner = plannersSaving(day!, true)
  expect(day!.saving).toBeLessThanOrEqual(planner * (1 + 1e-9))
  const free = {
    ...day!,
    batteries: day!.batteries.map((battery) => ({ ...battery, endWh: battery.startWh })),
  }
  expect(plannersSaving(free, true)).toBeGreaterThan(plannersSaving(day!, false))
})
