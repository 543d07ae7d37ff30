/**
 * The lines of a battery's monthly statement, receipts positive and payments negative. Wear (电池损耗) is a calculation
 * of its owner's and nobody's bill: it is posted to the ledger and stands below the total, never in it.
 */
import { rateE8PerTick } from '../base/units.ts'
import { partsOf, type StorageUnit } from '../scenario/zone.ts'
import { fenOf, type ExactLine } from '../settlement/statement.ts'
import { allIntraday } from './day-ahead-books.ts'
import { tradeAdders } from './rates.ts'
import type { StatementNote } from './result.ts'
import type { RunState } from './run-state.ts'

/** Energy sold and bought, 过网费 and 阻塞费 of the purchases, and a consumer's fees on the energy that bears them. */
export function storageLines(run: RunState, unit: number, month: number): ExactLine[] {
  const { storage } = run
  const row = unit * run.months + month
  const boughtWh = storage.boughtWh[row]!
  const paid = (key: string, zh: string, en: string, column: Float64Array): ExactLine => ({
    key,
    zh,
    en,
    energyWh: boughtWh,
    amountE11: -ticksE11(column[row]!),
  })
  const traded: ExactLine[] = [
    {
      key: 'trade-energy',
      zh: '分布式交易电费（售出）',
      en: 'traded energy sold',
      energyWh: storage.soldWh[row]!,
      amountE11: ticksE11(storage.soldTickWh[row]!),
    },
    paid('charging-energy', '分布式交易电费（购入）', 'traded energy bought', storage.boughtTickWh),
    paid(
      'charging-wheeling',
      '购入电量过网费',
      'wheeling fee on the way of energy bought',
      storage.pathTickWh,
    ),
    paid('congestion-rent', '阻塞费', 'congestion rent', storage.rentTickWh),
  ]
  const lines: ExactLine[] = [
    // A battery bids what it holds, which nobody knows a day ahead.
    ...(run.dayAhead ? traded.map(allIntraday) : traded),
    ...feeLines(run, unit, month),
    {
      key: 'deviation',
      zh: '偏差电费',
      en: 'deviation charge',
      amountE11: -BigInt(storage.deviationE11[row]!),
    },
  ]
  return lines.filter((line) => line.amountE11 !== 0n)
}

/** What the battery pays as a consumer: on what it loses, or on all it buys where storage is not exempt. */
function feeLines(run: RunState, unit: number, month: number): ExactLine[] {
  const fees = feesOf(run, unit, month)
  const on = run.world.zone.wheeling.storageExempt
    ? { zh: '损耗电量', en: 'on energy lost' }
    : { zh: '购入电量', en: 'on energy bought' }
  const line = (key: string, zh: string, en: string, amountE11: bigint): ExactLine => ({
    key,
    zh: `${on.zh}${zh}`,
    en: `${en} ${on.en}`,
    energyWh: fees.energyWh,
    amountE11: -amountE11,
  })
  return [
    line('wheeling', '过网费', 'wheeling fee', fees.wheelingE11),
    line('trade-line-loss', '上网环节线损费用', 'line loss', fees.lineLossE11),
    line('trade-system', '系统运行费', 'system operation fee', fees.systemE11),
    line('trade-funds', '政府性基金及附加', 'government funds', fees.fundsE11),
  ]
}

function feesOf(run: RunState, unit: number, month: number) {
  const { zone, slots } = run.world
  const { feeBearingWh, withdrawalTickWh } = run.storage
  const wheelingE11 = ticksE11(withdrawalTickWh[unit * run.months + month]!)
  const fees = { energyWh: 0, wheelingE11, lineLossE11: 0n, systemE11: 0n, fundsE11: 0n }
  slots.segments.forEach((segment, index) => {
    if (segment.monthIndex !== month) return
    const energyWh = feeBearingWh[unit * slots.segments.length + index]!
    const rates = tradeAdders(zone, segment.rates)
    fees.energyWh += energyWh
    fees.lineLossE11 += BigInt(energyWh) * BigInt(rates.lineLossE8)
    fees.systemE11 += BigInt(energyWh) * BigInt(rates.systemE8)
    fees.fundsE11 += BigInt(energyWh) * BigInt(rates.fundsE8)
  })
  return fees
}

/** Energy taken out of a battery that its owner bears the wear of: its own, and its tenants'. [Wh] */
export function wornOf({ world, storage, months }: RunState, unit: number, month: number): number {
  const { storages } = world.zone
  if (storages[unit]!.lease !== null) return 0
  return partsOf(storages, unit).reduce((sum, part) => sum + storage.dischargedWh[part * months + month]!, 0)
}

/** Wear (电池损耗): energy taken out of the battery [Wh] times what a kWh of it wears. [1e-11 CNY] */
export function wearE11({ wearTicks }: StorageUnit, dischargedWh: number): bigint {
  return BigInt(dischargedWh) * BigInt(wearTicks * rateE8PerTick)
}

/** Wear as a statement tells it, below the total and negative like all that costs a seller. */
export function wearNotes(unit: StorageUnit, dischargedWh: number): StatementNote[] {
  const wear = wearE11(unit, dischargedWh)
  if (wear === 0n) return []
  return [
    {
      key: 'wear',
      zh: '电池损耗（核算，不计入合计）',
      en: 'wear of the battery, calculated and not billed',
      energyWh: dischargedWh,
      amountFen: -fenOf(wear),
    },
  ]
}

/** What all batteries pay that no price rule changes: fees of a consumer, and wear. [1e-11 CNY] */
export function storageCostE11(run: RunState): bigint {
  const { storages } = run.world.zone
  let costE11 = 0n
  for (let unit = 0; unit < storages.length; unit++) {
    for (let month = 0; month < run.months; month++) {
      const fees = feesOf(run, unit, month)
      costE11 += fees.wheelingE11 + fees.lineLossE11 + fees.systemE11 + fees.fundsE11
      costE11 += wearE11(storages[unit]!, run.storage.dischargedWh[unit * run.months + month]!)
    }
  }
  return costE11
}

function ticksE11(tickWh: number): bigint {
  return BigInt(tickWh) * BigInt(rateE8PerTick)
}
