/**
 * What a battery behind a meter earns: the host pays for it what it takes off the host's bill, 储能服务费, and its owner bears
 * the wear. The host is as well off as without it.
 */
import { e11PerFen } from '../settlement/statement.ts'
import type { StorageUnit } from '../scenario/zone.ts'
import { HostedStorage, type HostedMode, type HostedYear } from './hosted-storage.ts'
import type { MonthSheet } from './month.ts'
import type { Statement } from './result.ts'
import type { RunState } from './run-state.ts'
import { meteredBillFen } from './contract-bill.ts'
import { wearE11, wearNotes } from './storage-lines.ts'
import { expectationOf } from './expectations.ts'
import type { Buyer, World } from './world.ts'

const serviceKey = 'storage-service'

/** Batteries at work behind their hosts' meters. */
export interface Hosted {
  /** the zone's buyers, hosts with what their meters show */
  readonly buyers: readonly Buyer[]
  /** by storage unit, null where it does not serve a host */
  readonly years: readonly (HostedYear | null)[]
}

/** @param modeOf how a unit serves its host, null where it does not */
export function hostBatteries(world: World, modeOf: (unit: StorageUnit) => HostedMode | null): Hosted {
  const hosted = new HostedStorage(world)
  const buyers = world.buyers.slice()
  const years = world.zone.storages.map((unit) => {
    const mode = modeOf(unit)
    if (unit.host === null || mode === null) return null
    const year = hosted.schedule(unit, buyers[unit.host]!, mode)
    const { meteredWh } = year
    const expectation = expectationOf(world.zone, 'load', world.zone.enterprises[unit.host]!, meteredWh)
    buyers[unit.host] = { ...buyers[unit.host]!, meteredWh, ...expectation }
    return year
  })
  return { buyers, years }
}

/**
 * Pays the service of a closed month: posts it, and wear, to the run's ledger, and writes it on the statements of both sides.
 * Of two batteries behind one meter the later is paid for what it takes off the bill that the earlier leaves.
 */
export function payService(
  { world, ledger }: RunState,
  { years }: Hosted,
  sheet: MonthSheet,
  month: number,
): MonthSheet {
  const { chart, zone } = world
  const statements = sheet.statements.slice()
  const billE11 = sheet.billE11.slice()
  const rowOf = new Map(statements.map(({ account }, row) => [account, row]))
  zone.storages.forEach((unit, index) => {
    const year = years[index]!
    if (unit.host === null || year === null) return
    const takenWh = year.dischargedWh[month]!
    const account = chart.storage + index
    ledger.transfer(account, chart.wear, wearE11(unit, takenWh))
    const amountFen = serviceFen(world, unit.host, year, month)
    const amountE11 = BigInt(amountFen) * e11PerFen
    ledger.transfer(chart.enterprise + unit.host, account, amountE11)
    billE11[unit.host] = billE11[unit.host]! + amountE11
    const hostRow = rowOf.get(chart.names[chart.enterprise + unit.host]!)!
    const host = statements[hostRow]!
    statements[hostRow] = withService(host, amountFen)
    const own = rowOf.get(chart.names[account]!)
    const receipts = own === undefined ? emptyStatement(chart.names[account]!, host) : statements[own]!
    const served = {
      ...withService(receipts, amountFen),
      notes: [...receipts.notes, ...wearNotes(unit, takenWh)],
    }
    if (own !== undefined) statements[own] = served
    else if (amountFen !== 0) statements.push(served)
  })
  return { ...sheet, statements, billE11 }
}

/** What a battery takes off its host's bill of a month if nothing is traded, line by line as it is rounded. [fen] */
function serviceFen(world: World, host: number, year: HostedYear, month: number): number {
  const bill = (meteredWh: Int32Array) => meteredBillFen(world, host, meteredWh, month)
  return bill(year.withoutWh) - bill(year.meteredWh)
}

function withService(statement: Statement, amountFen: number): Statement {
  if (amountFen === 0) return statement
  const others = statement.lines.filter(({ key }) => key !== serviceKey)
  const before = statement.lines.find(({ key }) => key === serviceKey)?.amountFen ?? 0
  const en = 'storage behind the meter'
  return {
    ...statement,
    lines: [...others, { key: serviceKey, zh: '储能服务费', en, amountFen: before + amountFen }],
    totalFen: statement.totalFen + amountFen,
  }
}

function emptyStatement(account: string, { month, run }: Statement): Statement {
  return { account, month, run, role: 'seller', lines: [], totalFen: 0, notes: [] }
}
