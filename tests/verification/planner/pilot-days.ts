/** What the market reaches of what a planner who sees everything could, on one day of each month of the pilot. */
import { zoneOf, pilot } from '../../simulation/zones.ts'
import { count, table, type Findings, type Section } from '../findings.ts'
import { marketDays, type MarketDay } from './market-days.ts'
import { plannersSaving } from './program.ts'

/** The day of each month that is looked at. */
const dayOfMonth = 15

interface Judged {
  readonly day: MarketDay
  /** joint saving [tick·Wh]: the planner's, and that of the same books without batteries */
  readonly planner: number
  readonly without: number
}

function judge(day: MarketDay): Judged {
  return { day, planner: plannersSaving(day, true), without: plannersSaving(day, false) }
}

const cny = (tickWh: number) =>
  (tickWh / 1e7).toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })
const percent = (share: number) => `${(share * 100).toFixed(2)} %`

export const pilotDaysSection: Section = {
  name: 'planner/pilot',
  run: (size) => {
    const perfect = ['forecast.load_error_share=0', 'forecast.pv_error_share=0']
    const zone = zoneOf(pilot, ...perfect, ...(size === 'full' ? [] : ['calendar.to=2027-01-16']))
    const days = zone.calendar.days.flatMap(({ date }, index) =>
      Number(date.slice(8)) === dayOfMonth ? [index] : [],
    )
    return findings(marketDays(zone, days).map(judge))
  },
}

function findings(judged: readonly Judged[]): Findings {
  const reached = judged.map(({ day, planner }) => day.saving / planner)
  const beyond = judged.filter(({ day, planner }) => day.saving > planner * (1 + 1e-9))
  const all =
    judged.reduce((sum, { day }) => sum + day.saving, 0) /
    judged.reduce((sum, { planner }) => sum + planner, 0)
  return {
    rows: [
      [
        'pilot, one day of each month',
        'joint saving the market reached, of a planner’s who sees the whole day',
        count(judged.length),
        `${percent(all)} in all`,
        `${percent(1 - Math.min(...reached))} of a day’s`,
        'no',
      ],
      [
        'pilot, one day of each month',
        'no day of the market is better than the planner’s',
        count(judged.length),
        count(judged.length - beyond.length),
        '0',
        'no',
      ],
    ],
    blocks: { days: dayTable(judged) },
    misses: beyond.map(({ day }) => `${day.date}: the market came out ahead of the planner`),
  }
}

function dayTable(judged: readonly Judged[]): string {
  const stored = ({ batteries }: MarketDay) => {
    const sum = (end: 'startWh' | 'endWh') => batteries.reduce((all, battery) => all + battery[end], 0)
    return `${count(Math.round(sum('startWh') / 1000))} → ${count(Math.round(sum('endWh') / 1000))}`
  }
  return table(
    ['day', 'planner, CNY', 'market, CNY', 'reached', 'stored, kWh', 'no batteries, CNY'],
    judged.map(({ day, planner, without }) => [
      day.date,
      cny(planner),
      cny(day.saving),
      percent(day.saving / planner),
      stored(day),
      cny(without),
    ]),
  )
}
