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
  const amountE11 = BigInt(column[at]!) * BigInt(rateE8PerTick)
  const energyWh = columns.energyWh[at]!
  return [
    { ...named(line, dayAhead), energyWh, amountE11 },
    {
      ...named(line, intraday),
      energyWh: line.energyWh! - energyWh,
      amountE11: line.amountE11 - amountE11,
    },
  ]
}

/** The same line on what was traded intraday alone. */
export function allIntraday(line: ExactLine): ExactLine {
  return named(line, intraday)
}

const dayAhead = { key: 'day-ahead', zh: '日前', en: 'day-ahead' }
const intraday = { key: 'intraday', zh: '日内', en: 'intraday' }

function named<Line extends ExactLine>(line: Line, auction: typeof dayAhead): Line {
  return {
    ...line,
    key: `${line.key}-${auction.key}`,
    zh: `${line.zh}（${auction.zh}）`,
    en: `${line.en}, ${auction.en}`,
  }
}
