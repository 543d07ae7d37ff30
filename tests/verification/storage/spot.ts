/** The pilot's battery on published prices of a Chinese province, day by day and the month as a whole, beside HiGHS. */
import { seriesSteps } from '../../../bench/battery-program.ts'
import { intervalsPerDay } from '../../../src/base/units.ts'
import { StoragePlanner } from '../../../src/strategy/storage-plan.ts'
import { compared, pilotUnit, spotPrices } from '../../strategy/battery-cases.ts'
import { count, type Section } from '../findings.ts'
import { agreementOf } from './agreement.ts'

const series = { 日前出清电价: 'day-ahead', 实时出清电价: 'real-time' } as const

export const spotSection: Section = {
  name: 'storage/spot',
  needs: 'price-china-spot-2025-07/energy_data_cleaned.csv',
  sliceIsAll: true,
  run: () => {
    const perSeries = (Object.keys(series) as (keyof typeof series)[]).map((name) => {
      const prices = spotPrices(name)!
      const cases = spansOf(prices.length).flatMap(([from, to]) =>
        [0, 500, 1570].map((wearTicks) => ({
          name: `${name} from interval ${from} to ${to}, wear ${wearTicks}`,
          outcome: onPrices(prices.subarray(from, to), wearTicks),
        })),
      )
      return { name, agreement: agreementOf(cases) }
    })
    return {
      rows: perSeries.map(({ name, agreement }) => [
        `July 2025, ${series[name]} prices (${name})`,
        'each day and the month as one, three costs of wear',
        'a tick per stored kWh',
        `${agreement.ticksPerKwh.toFixed(3)} ticks a kWh in the mean`,
        count(agreement.cases),
        count(agreement.hold),
        'no',
      ]),
      misses: perSeries.flatMap(({ agreement }) => agreement.misses),
    }
  },
}

/** Every day, and all of them together. */
function spansOf(intervals: number): (readonly [from: number, to: number])[] {
  const days = Array.from({ length: intervals / intervalsPerDay }, (_, day) => day * intervalsPerDay)
  return [...days.map((from) => [from, from + intervalsPerDay] as const), [0, intervals]]
}

function onPrices(prices: Float64Array, wearTicks: number) {
  const battery = { ...pilotUnit, wearTicks }
  const plan = new StoragePlanner(prices.length, 2 * prices.length).planPrices(battery, prices)
  return compared(battery, seriesSteps(prices), plan)
}
