/** The ordinary bill of an enterprise's month, from the energy it bought on its contract. */
import { highest } from '../base/columns.ts'
import { intervalsPerDay } from '../base/units.ts'
import { fenOf } from '../settlement/statement.ts'
import { bands } from '../tariff/book.ts'
import { billMonth, demandTerms, type BillLine, type DemandTerms } from '../tariff/bill.ts'
import { monthOf } from './rates.ts'
import type { World } from './world.ts'

export interface ContractMonth {
  /** bought on the contract in a slot [Wh] */
  readonly contractWh: (slot: number) => number
  /** traded energy of the month, which the meter shows as well [Wh] */
  readonly tradedWh: number
  readonly extraAdjustedE11: bigint
}

/** @param meteredWh what the enterprise's meter shows, by interval of the run */
export function contractBill(
  world: World,
  at: { readonly enterprise: number; readonly month: number },
  meteredWh: Int32Array,
  { contractWh, tradedWh, extraAdjustedE11 }: ContractMonth,
): BillLine[] {
  const { zone, slots } = world
  const { contract, connection } = zone.enterprises[at.enterprise]!
  const segments = slots.segments.flatMap((segment, index) => {
    if (segment.monthIndex !== at.month) return []
    const energyWhByBand = bands.map((_, band) => contractWh(index * bands.length + band))
    return [{ rates: segment.rates, month: monthOf(zone.calendar, segment), energyWhByBand }]
  })
  const boughtWh = segments
    .flatMap((part) => part.energyWhByBand)
    .reduce((sum, energyWh) => sum + energyWh, 0)
  const meter = {
    segments,
    totalEnergyWh: boughtWh + tradedWh,
    maxDemandKw: highestWh(world, meteredWh, at.month) / 250,
    extraAdjustedE11,
    fractionOfMonth: fractionOfMonth(world, at.month),
  }
  return billMonth(meter, contract, connection)
}

/** The same of a month without trades, from the meter alone. [1e-11 CNY] */
export function meteredBillE11(
  world: World,
  enterprise: number,
  meteredWh: Int32Array,
  month: number,
): bigint {
  const lines = meteredBill(world, enterprise, meteredWh, month)
  return lines.reduce((sum, line) => sum + line.amountE11, 0n)
}

/** The same as its statement adds it up, each line rounded. [fen] */
export function meteredBillFen(
  world: World,
  enterprise: number,
  meteredWh: Int32Array,
  month: number,
): number {
  const lines = meteredBill(world, enterprise, meteredWh, month)
  return lines.reduce((sum, line) => sum + fenOf(line.amountE11), 0)
}

function meteredBill(world: World, enterprise: number, meteredWh: Int32Array, month: number): BillLine[] {
  const bySlot = energyBySlot(world, meteredWh, month)
  const contractWh = (slot: number) => bySlot[slot]!
  const untraded = { contractWh, tradedWh: 0, extraAdjustedE11: 0n }
  return contractBill(world, { enterprise, month }, meteredWh, untraded)
}

/** What an enterprise pays for the highest quarter-hour of a month, null where it does not. */
export function demandTermsOf(
  world: World,
  enterprise: number,
  meteredWh: Int32Array,
  month: number,
): (DemandTerms & { readonly fractionOfMonth: number }) | null {
  const fraction = fractionOfMonth(world, month)
  const rates = world.slots.segments.findLast((segment) => segment.monthIndex === month)!.rates
  const totalEnergyWh = energyBySlot(world, meteredWh, month).reduce((sum, energyWh) => sum + energyWh, 0)
  const { connection } = world.zone.enterprises[enterprise]!
  const terms = demandTerms({ totalEnergyWh, fractionOfMonth: fraction }, connection, rates)
  return terms && { ...terms, fractionOfMonth: fraction }
}

/** Highest quarter-hour of a month; a trade does not move it. [Wh] */
export function highestWh({ zone }: World, meteredWh: Int32Array, month: number): number {
  const { firstInterval, endInterval } = zone.calendar.months[month]!
  return highest(meteredWh.subarray(firstInterval, endInterval))
}

function energyBySlot({ zone, slots }: World, meteredWh: Int32Array, month: number): Float64Array {
  const { firstInterval, endInterval } = zone.calendar.months[month]!
  const bySlot = new Float64Array(slots.slots)
  for (let interval = firstInterval; interval < endInterval; interval++) {
    const slot = slots.slotOf[interval]!
    bySlot[slot] = bySlot[slot]! + meteredWh[interval]!
  }
  return bySlot
}

/** A run over part of a month pays that part of the monthly charges. */
function fractionOfMonth(world: World, month: number): number {
  const { days, of } = daysOfMonth(world, month)
  return days / of
}

/** Days of a month that are in the run, and that it has. */
export function daysOfMonth({ zone }: World, month: number): { readonly days: number; readonly of: number } {
  const { year, month: number, firstInterval, endInterval } = zone.calendar.months[month]!
  const of = new Date(Date.UTC(year, number, 0)).getUTCDate()
  return { days: (endInterval - firstInterval) / intervalsPerDay, of }
}
