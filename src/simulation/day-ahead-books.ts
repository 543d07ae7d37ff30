/**
 * What of a run's trades was agreed a day ahead. The run's books hold the trades of both auctions; with these beside them, what
 * was traded intraday is the rest, and a statement can name the auction on each of its lines.
 */
import { rateE8PerTick } from '../base/units.ts'
import type { ExactLine } from '../settlement/statement.ts'

/** Energy [Wh], and money by key of a statement's line [Wh·tick]; by enterprise or seller, and month. */
export interface DayAheadColumns {
  readonly energyWh: Float64Array
  readonly tickWh: Readonly<Record<string, Float64Array>>
}

export interface DayAheadBooks {
  readonly bought: DayAheadColumns
  readonly sold: DayAheadColumns
}

export function openDayAheadBooks(buyerMonths: number, sellerMonths: number): DayAheadBooks {
  const bought = () => new Float64Array(buyerMonths)
  const sold = () => new Float64Array(sellerMonths)
  return {
    bought: {
      energyWh: bought(),
      tickWh: { 'trade-energy': bought(), wheeling: bought(), 'congestion-rent': bought() },
    },
    sold: { energyWh: sold(), tickWh: { 'trade-energy': sold() } },
  }
}

/** A line on what was traded as one line for each auction; other lines as they are. */
export function byAuction<Line extends ExactLine>(
  columns: DayAheadColumns | undefined,
  at: number,
  line: Line,
): Line[] {
  const column = columns?.tickWh[line.key]
  if (!columns || !column) return [line]
  const aheadE11 = BigInt(column[at]!) * BigInt(rateE8PerTick)
  const aheadWh = columns.energyWh[at]!
  const { key, zh, en, amountE11, energyWh } = line
  return [
    {
      ...line,
      key: `${key}-day-ahead`,
      zh: `${zh}（日前）`,
      en: `${en}, day-ahead`,
      energyWh: aheadWh,
      amountE11: aheadE11,
    },
    {
      ...line,
      key: `${key}-intraday`,
      zh: `${zh}（日内）`,
      en: `${en}, intraday`,
      energyWh: energyWh! - aheadWh,
      amountE11: amountE11 - aheadE11,
    },
  ]
}
