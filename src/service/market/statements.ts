/** Statements of a closed month as members get them, beside what the month would have come to without the market. */
import { fenText, kwhText } from '../../contract/decimals.ts'
import type { StatementAnswer } from '../../contract/routes/participants.ts'
import type { Zone } from '../../scenario/zone.ts'
import { settlementCalendar } from '../../simulation/settlement-calendar.ts'
import type { Statement } from '../../simulation/result.ts'
import { resultBytes } from './clearing-record.ts'
import type { MarketCore } from './market-core.ts'
import type { MonthBooks } from './month-books.ts'

const msPerDay = 86_400_000
const chinaOffsetMs = 8 * 3_600_000

/** Statements are issued at the end of the day by which they are to be checked; until then readings may be corrected. */
export function closesAtMs(zone: Pick<Zone, 'calendar' | 'holidays'>, month: number): number {
  const { checkBy } = settlementCalendar(zone)[month]!
  return Date.parse(`${checkBy}T00:00:00Z`) + msPerDay - chinaOffsetMs
}

export function statementBodies(
  { model, members }: MarketCore,
  books: MonthBooks,
): { participant: number; body: Uint8Array }[] {
  const { names } = model.world.chart
  const { checkBy, confirmBy, finalBy, billBy } = settlementCalendar(model.zone)[books.month]!
  const { market, without } = books.close()
  const find = (statements: readonly Statement[], account: number) =>
    statements.find((each) => each.account === names[account])
  return members.all.map(({ participant, id, account }) => {
    const statement = find(market.statements, account)!
    const before = find(without.statements, account)
    const body: StatementAnswer = {
      participant: id,
      month: statement.month,
      role: statement.role,
      lines: statement.lines.map(({ key, zh, en, energyWh, amountFen }) => ({
        key,
        zh,
        en,
        energy: energyWh === undefined ? null : kwhText(energyWh),
        amount: fenText(amountFen),
      })),
      total: fenText(statement.totalFen),
      withoutMarket: before ? fenText(before.totalFen) : null,
      dates: { checkBy, confirmBy, finalBy, billBy },
    }
    return { participant, body: resultBytes(body) }
  })
}
