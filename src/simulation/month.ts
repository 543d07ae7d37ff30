/**
 * Closing a month: bills are computed from the meters alone, compared with what the ledger posted interval by
 * interval, charged with what is monthly (demand or capacity, power factor), and rounded to fen line by line.
 */
import { assert } from '../base/errors.ts'
import type { BillLine } from '../tariff/bill.ts'
import { rateE8PerTick } from '../base/units.ts'
import { roundStatement, type ExactLine } from '../settlement/statement.ts'
import type { Statement } from './result.ts'
import type { RunState } from './run-state.ts'
import { contractBill } from './contract-bill.ts'
import { byAuction } from './day-ahead-books.ts'
import { eachSlotOf, tradeAdders } from './rates.ts'
import { pvLines, cogenerationLines, fuelNote } from './seller-lines.ts'
import { storageLines, wearE11, wearNotes, wornOf } from './storage-lines.ts'
import { postRents, rentLines } from './storage-rent.ts'

/** What a month left behind: statements in fen and the exact bill of every enterprise. */
export interface MonthSheet {
  readonly statements: readonly Statement[]
  /** by enterprise [1e-11 CNY] */
  readonly billE11: readonly bigint[]
  /** energy lines of the traded kWh alone, by enterprise [1e-11 CNY] */
  readonly tradedE11: readonly bigint[]
}

export function closeMonth(run: RunState, month: number, kind: 'baseline' | 'market'): MonthSheet {
  const enterprises = run.world.buyers.map((_, enterprise) => closeEnterprise(run, enterprise, month, kind))
  const sellers = run.sellers.map((_, seller) => closeSeller(run, seller, month, kind))
  // Without the market a battery has no business of its own; one behind a meter gets its statement with its host's.
  if (kind === 'market') postRents(run, month)
  const storages =
    kind === 'market' ? run.world.zone.storages.map((_, unit) => closeStorage(run, unit, month)) : []
  run.ledger.closeMonth()
  return {
    statements: [...enterprises.map((sheet) => sheet.statement), ...sellers, ...storages],
    billE11: enterprises.map((sheet) => sheet.billE11),
    tradedE11: enterprises.map((sheet) => sheet.tradedE11),
  }
}

function closeEnterprise(run: RunState, enterprise: number, month: number, kind: 'baseline' | 'market') {
  const { zone, chart, buyers } = run.world
  const account = buyers[enterprise]!.account
  const traded = tradeLines(run, enterprise, month)
  const contract = contractLines(run, enterprise, month, sumOf(traded.filter((line) => line.adjusted)))
  const lines = [...contract, ...traded, ...behindMeterLines(run, enterprise, month)]
  const monthly = contract.filter((line) => line.monthly)
  const billE11 = sumOf(lines)
  const posted = -run.ledger.sinceMonthStart(account)
  assert(
    posted === billE11 - sumOf(monthly),
    () =>
      `${zone.enterprises[enterprise]!.id}, month ${month}: ledger ${posted}, bill ${billE11 - sumOf(monthly)}`,
  )
  for (const line of monthly) run.ledger.transfer(account, chart.tAndD, line.amountE11)
  const rounded = roundStatement(lines.map(plainLine))
  run.ledger.transfer(account, chart.rounding, rounded.roundingE11)
  const statement: Statement = {
    account: chart.names[account]!,
    month: zone.calendar.months[month]!.key,
    run: kind,
    role: 'buyer',
    lines: rounded.lines,
    totalFen: rounded.totalFen,
    notes: [],
  }
  return { statement, billE11, tradedE11: sumOf(traded) }
}

interface EnterpriseLine extends ExactLine {
  /** charged once a month, not by interval */
  readonly monthly?: boolean
  /** bears the power-factor adjustment */
  readonly adjusted?: boolean
}

/** The ordinary bill of the energy that was not traded. */
function contractLines(
  run: RunState,
  enterprise: number,
  month: number,
  extraAdjustedE11: bigint,
): EnterpriseLine[] {
  const { world } = run
  const lines = contractBill(world, { enterprise, month }, world.buyers[enterprise]!.meteredWh, {
    contractWh: (slot) => run.contractWh[slot * world.buyers.length + enterprise]!,
    tradedWh: tradedInMonth(run, enterprise, month),
    extraAdjustedE11,
  })
  return lines.map((line) => ({ ...line, monthly: isMonthly(line) }))
}

function isMonthly(line: BillLine): boolean {
  return line.monthly
}

function tradedInMonth(run: RunState, enterprise: number, month: number): number {
  const { slots } = run.world
  let sumWh = 0
  eachSlotOf(month, slots, (slot) => {
    sumWh += run.tradedWh[enterprise * slots.slots + slot]!
  })
  return sumWh
}

/** 分布式交易电量, 交易电费, 过网费 and what a traded kWh still bears. */
function tradeLines(run: RunState, enterprise: number, month: number): EnterpriseLine[] {
  const { zone, slots } = run.world
  const energyWh = tradedInMonth(run, enterprise, month)
  const row = enterprise * run.months + month
  const ticks = (column: Float64Array) => BigInt(column[row]!) * BigInt(rateE8PerTick)
  const adders = { lineLossE11: 0n, systemE11: 0n, fundsE11: 0n }
  eachSlotOf(month, slots, (slot, segment) => {
    const tradedWh = BigInt(run.tradedWh[enterprise * slots.slots + slot]!)
    const rates = tradeAdders(zone, segment.rates)
    adders.lineLossE11 += tradedWh * BigInt(rates.lineLossE8)
    adders.systemE11 += tradedWh * BigInt(rates.systemE8)
    adders.fundsE11 += tradedWh * BigInt(rates.fundsE8)
  })
  const line = (
    key: string,
    zh: string,
    en: string,
    amountE11: bigint,
    adjusted: boolean,
  ): EnterpriseLine => ({
    key,
    zh,
    en,
    energyWh,
    amountE11,
    adjusted,
  })
  const lines = [
    line('trade-energy', '分布式交易电费', 'traded energy', ticks(run.tradePaidTickWh), true),
    line('wheeling', '过网费', 'wheeling fee', ticks(run.wheelingTickWh), true),
    line('congestion-rent', '阻塞费', 'congestion rent', ticks(run.rentTickWh), true),
    line(
      'trade-line-loss',
      '交易电量上网环节线损费用',
      'line loss on traded energy',
      adders.lineLossE11,
      true,
    ),
    line(
      'trade-system',
      '交易电量系统运行费',
      'system operation fee on traded energy',
      adders.systemE11,
      true,
    ),
    line(
      'trade-funds',
      '交易电量政府性基金及附加',
      'government funds on traded energy',
      adders.fundsE11,
      false,
    ),
    {
      key: 'deviation',
      zh: '偏差电费',
      en: 'deviation charge',
      amountE11: BigInt(run.buyerDeviationE11[row]!),
    },
  ]
  return lines
    .flatMap((each) => byAuction(run.dayAhead?.bought, row, each))
    .filter((each) => each.amountE11 !== 0n)
}

/** What the host pays a third party for the energy of its own roof. */
function behindMeterLines(run: RunState, enterprise: number, month: number): EnterpriseLine[] {
  const { pvUnits } = run.world.zone
  const lines: EnterpriseLine[] = []
  for (let index = 0; index < pvUnits.length; index++) {
    const { host, behindMeterE8 } = pvUnits[index]!
    if (host !== enterprise || behindMeterE8 === null) continue
    const energyWh = run.behindMeterWh[index * run.months + month]!
    lines.push({
      key: 'behind-meter',
      zh: '屋顶光伏自用电费',
      en: 'roof PV used behind the meter',
      energyWh,
      amountE11: BigInt(energyWh) * BigInt(behindMeterE8),
    })
  }
  return lines
}

function closeSeller(run: RunState, seller: number, month: number, kind: Statement['run']): Statement {
  const { account, kind: source } = run.sellers[seller]!
  const at = { account, month, kind }
  if (source === 'pv') return closeReceipts(run, at, pvLines(run, seller, month))
  const fuelE11 = run.fuelE11.get(seller * run.months + month)
  const statement = closeReceipts(run, at, cogenerationLines(run, seller, month), fuelE11)
  return fuelE11 === 0n ? statement : { ...statement, notes: [fuelNote(fuelE11)] }
}

/** The ledger posts a battery's money and its wear; the statement has the money, and the wear below its total. */
function closeStorage(run: RunState, unit: number, month: number): Statement {
  const { zone, chart } = run.world
  const wornWh = wornOf(run, unit, month)
  const wear = wearE11(zone.storages[unit]!, wornWh)
  const at = { account: chart.storage + unit, month, kind: 'market' as const }
  const rents = rentLines(run, unit, month)
  const lines = [...storageLines(run, unit, month), ...rents]
  const statement = closeReceipts(run, at, lines, wear + sumOf(rents))
  return { ...statement, notes: wearNotes(zone.storages[unit]!, wornWh) }
}

/** @param apartE11 what the lines say beyond what the ledger posted by interval: wear, and what is due by the month [1e-11 CNY] */
function closeReceipts(
  run: RunState,
  { account, month, kind }: { account: number; month: number; kind: Statement['run'] },
  lines: readonly ExactLine[],
  apartE11 = 0n,
): Statement {
  const { zone, chart } = run.world
  const posted = run.ledger.sinceMonthStart(account) + apartE11
  assert(
    posted === sumOf(lines),
    () => `${chart.names[account]}, month ${month}: ledger ${posted}, statement ${sumOf(lines)}`,
  )
  const rounded = roundStatement(lines)
  run.ledger.transfer(chart.rounding, account, rounded.roundingE11)
  return {
    account: chart.names[account]!,
    month: zone.calendar.months[month]!.key,
    run: kind,
    role: 'seller',
    lines: rounded.lines,
    totalFen: rounded.totalFen,
    notes: [],
  }
}

function sumOf(lines: readonly { readonly amountE11: bigint }[]): bigint {
  return lines.reduce((sum, line) => sum + line.amountE11, 0n)
}

function plainLine({ key, zh, en, energyWh, amountE11 }: EnterpriseLine): ExactLine {
  return energyWh === undefined ? { key, zh, en, amountE11 } : { key, zh, en, energyWh, amountE11 }
}
