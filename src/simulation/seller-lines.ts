/** The lines of a seller's monthly statement; what it receives is positive. */
import { rateE8PerTick } from '../base/units.ts'
import { fenOf, type ExactLine } from '../settlement/statement.ts'
import { byAuction } from './day-ahead-books.ts'
import type { StatementNote } from './result.ts'
import type { RunState } from './run-state.ts'

/** A PV unit: fed-in energy, traded energy, and what its host paid behind the meter. */
export function pvLines(run: RunState, seller: number, month: number): ExactLine[] {
  const unit = run.world.zone.pvUnits[run.sellers[seller]!.unit]!
  const lines = saleLines(run, seller, month)
  if (unit.behindMeterE8 === null) return lines
  const energyWh = run.behindMeterWh[run.sellers[seller]!.unit * run.months + month]!
  const amountE11 = BigInt(energyWh) * BigInt(unit.behindMeterE8)
  return [
    ...lines,
    { key: 'behind-meter', zh: '屋顶光伏自用电费', en: 'roof PV used by the host', energyWh, amountE11 },
  ]
}

export function cogenerationLines(run: RunState, seller: number, month: number): ExactLine[] {
  return saleLines(run, seller, month)
}

/** Fuel and starts less what heat saves, as a statement tells them: below the total, negative like all that costs a seller. */
export function fuelNote(fuelE11: bigint): StatementNote {
  return {
    key: 'fuel',
    zh: '燃料与启动成本（核算，不计入合计）',
    en: 'fuel and starts less heat, calculated and not billed',
    amountFen: -fenOf(fuelE11),
  }
}

function saleLines(run: RunState, seller: number, month: number): ExactLine[] {
  const row = seller * run.months + month
  const lines: ExactLine[] = [
    {
      key: 'feed-in',
      zh: '上网电费',
      en: 'energy fed in',
      energyWh: run.fedInWh[row]!,
      amountE11: run.fedInE11.get(row),
    },
    {
      key: 'trade-energy',
      zh: '分布式交易电费',
      en: 'traded energy',
      energyWh: run.soldWh[row]!,
      amountE11: BigInt(run.soldTickWh[row]!) * BigInt(rateE8PerTick),
    },
    {
      key: 'deviation',
      zh: '偏差电费',
      en: 'deviation charge',
      amountE11: -BigInt(run.sellerDeviationE11[row]!),
    },
  ]
  return lines
    .flatMap((line) => byAuction(run.dayAhead?.sold, row, line))
    .filter((line) => line.amountE11 !== 0n)
}
