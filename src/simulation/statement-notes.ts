/**
 * What stands below the total of every statement with the market, for information: 节约额, and the traded PV energy
 * with its green certificates (绿证).
 */
import type { BaselineRun } from './baseline-run.ts'
import type { MarketRun } from './market-run.ts'
import type { Statement, StatementNote } from './result.ts'
import { sources, type RunState } from './run-state.ts'

/** 1 certificate stands for 1 MWh (《可再生能源绿色电力证书管理实施细则（试行）》, National Energy Administration, 2026-01). */
const whPerCertificate = 1_000_000

/** The statements of the run with the market, each with what it saved and what was green in it. */
export function notedStatements(baseline: BaselineRun, market: MarketRun): Statement[] {
  const { names } = market.state.world.chart
  const accountOf = new Map(names.map((name, account) => [name, account]))
  const greenWh = new Map<string, number>()
  return market.sheets.flatMap((sheet, month) => {
    const before = new Map(baseline.sheets[month]!.statements.map((each) => [each.account, each.totalFen]))
    return sheet.statements.map((statement) => {
      const earlierWh = greenWh.get(statement.account) ?? 0
      const energyWh = greenEnergyWh(market.state, accountOf.get(statement.account)!, month)
      greenWh.set(statement.account, earlierWh + energyWh)
      const saving = savingNote(statement, before.get(statement.account) ?? 0)
      return { ...statement, notes: [saving, greenNote(energyWh, earlierWh), ...statement.notes] }
    })
  })
}

/** A buyer's bill without the market less its bill with it; a seller's gain; positive is better for the participant. */
export function savingNote({ role, totalFen, notes }: Statement, beforeFen: number): StatementNote {
  const isWorn = notes.some(({ key }) => key === 'wear')
  return role === 'buyer'
    ? {
        key: 'saving',
        zh: '节约额',
        en: 'saved against the bill without the market',
        amountFen: beforeFen - totalFen,
      }
    : {
        key: 'saving',
        zh: isWorn ? '增收额（未计电池损耗）' : '增收额',
        en: `gained against the month without the market${isWorn ? ', before wear' : ''}`,
        amountFen: totalFen - beforeFen,
      }
}

/**
 * Certificates are whole; what is left of a month counts in the next (不足核发1个绿证的当月电量结转至次月, the same rules).
 *
 * @param energyWh traded PV energy of the month [Wh]
 * @param earlierWh the same of the run's earlier months [Wh]
 */
export function greenNote(energyWh: number, earlierWh: number): StatementNote {
  const whole = (sumWh: number) => Math.floor(sumWh / whPerCertificate)
  return {
    key: 'green-energy',
    zh: '绿色电量（绿证）',
    en: 'traded PV energy, with green certificates',
    energyWh,
    certificates: whole(earlierWh + energyWh) - whole(earlierWh),
  }
}

/**
 * PV energy that went from its owner to a user, which is what a pair's certificates are limited to (1656号 Art. 51, 77).
 * What a battery buys meets no user, and a battery has no certificates of its own (独立储能电量不核发绿证).
 */
function greenEnergyWh({ world, months, ...run }: RunState, account: number, month: number): number {
  const { chart } = world
  if (account < chart.pv) {
    const row = (account - chart.enterprise) * months + month
    return run.tradedBySourceWh[row * sources.length + sources.indexOf('pv')]!
  }
  // PV units are the first of the sellers.
  return account < chart.storage ? run.soldToUsersWh[(account - chart.pv) * months + month]! : 0
}
