/**
 * The other baseline of a battery: behind its host's meter (用户侧储能), buying the host's cheap hours and saving its
 * dear ones. The host pays the same as without it; what its bill falls by goes to the battery's owner.
 *
 * The schedule is the best one for the host's tariff and load of each day, known in advance; it never exports and
 * never raises the highest demand the host has in the month without it, so it costs no demand charge.
 */
import { intervalsPerDay, rateE8PerTick } from '../base/units.ts'
import { stepStorage, storageLimits } from '../assets/storage.ts'
import type { StorageUnit } from '../scenario/zone.ts'
import { e11PerFen } from '../settlement/statement.ts'
import { makeDaySteps, type DaySteps } from '../strategy/day-steps.ts'
import { StoragePlanner } from '../strategy/storage-plan.ts'
import { runBaseline, type BaselineRun } from './baseline-run.ts'
import type { MonthSheet } from './month.ts'
import { wearE11, wearNotes } from './storage-lines.ts'
import type { Buyer, Seller, World } from './world.ts'

/** The baseline year with some of the hosted batteries, or all, at work behind their hosts' meters. */
export function runUserSideBaseline(
  world: World,
  sellers: readonly Seller[],
  idle: BaselineRun,
  serves: (unit: StorageUnit) => boolean,
): BaselineRun {
  const planner = new StoragePlanner(intervalsPerDay, 2 * intervalsPerDay)
  const steps = makeDaySteps(2 * intervalsPerDay)
  const buyers = world.buyers.slice()
  const dischargedWh = world.zone.storages.map((unit) => {
    if (unit.host === null || !serves(unit)) return world.zone.calendar.months.map(() => 0)
    const year = scheduleBehindMeter(world, unit, buyers[unit.host]!, planner, steps)
    buyers[unit.host] = { ...buyers[unit.host]!, meteredWh: year.meteredWh }
    return year.dischargedWh
  })
  const run = runBaseline({ ...world, buyers }, sellers)
  const sheets = run.sheets.map((sheet, month) =>
    settleService({ world, run, serves, dischargedWh }, sheet, idle.sheets[month]!, month),
  )
  return { state: run.state, sheets }
}

function scheduleBehindMeter(
  world: World,
  unit: StorageUnit,
  host: Buyer,
  planner: StoragePlanner,
  steps: DaySteps,
): { meteredWh: Int32Array; dischargedWh: number[] } {
  const { calendar } = world.zone
  const meteredWh = host.meteredWh.slice()
  const dischargedWh = calendar.months.map(() => 0)
  const peaksWh = calendar.months.map(({ firstInterval, endInterval }) =>
    meteredWh
      .subarray(firstInterval, endInterval)
      .reduce((highest, energyWh) => Math.max(highest, energyWh), 0),
  )
  let storedWh = Math.floor(unit.spec.energyKwh * 1000 * unit.spec.initialSoc)
  calendar.days.forEach((day, index) => {
    offerHostDay(world, host, meteredWh, index * intervalsPerDay, peaksWh[day.monthIndex]!, steps)
    const plan = planner.plan(plannedBattery(unit, storedWh), steps)
    for (let quarter = 0; quarter < intervalsPerDay; quarter++) {
      const interval = index * intervalsPerDay + quarter
      const moved = move(unit, storedWh, plan.storedChangeWh[quarter]!, meteredWh[interval]!)
      dischargedWh[day.monthIndex]! += Math.max(0, storedWh - moved.storedWh)
      storedWh = moved.storedWh
      meteredWh[interval] = meteredWh[interval]! + moved.chargeWh - moved.dischargeWh
    }
  })
  return { meteredWh, dischargedWh }
}

function plannedBattery(unit: StorageUnit, storedWh: number) {
  const { spec } = unit
  const lowestWh = Math.ceil(spec.energyKwh * 1000 * spec.minSoc)
  return {
    chargeWhMax: Math.floor(spec.powerKw * 250),
    dischargeWhMax: Math.floor(spec.powerKw * 250),
    chargeEfficiency: spec.chargeEfficiency,
    dischargeEfficiency: spec.dischargeEfficiency,
    storedWh: Math.max(0, storedWh - lowestWh),
    storedWhMax: Math.floor(spec.energyKwh * 1000 * spec.maxSoc) - lowestWh,
    wearTicks: unit.wearTicks,
    chargeAdderTicks: 0,
    share: 1,
  }
}

/** The host's day as steps: it can save its load and buy up to the month's peak, both at its contract's price. */
function offerHostDay(
  world: World,
  host: Buyer,
  meteredWh: Int32Array,
  firstInterval: number,
  peakWh: number,
  steps: DaySteps,
): void {
  steps.count = 0
  for (let quarter = 0; quarter < intervalsPerDay; quarter++) {
    const interval = firstInterval + quarter
    const priceTicks = Math.floor(host.rates.fullE8[world.slots.slotOf[interval]!]! / rateE8PerTick)
    const loadWh = meteredWh[interval]!
    for (const isSupply of [0, 1]) {
      const row = steps.count++
      steps.interval[row] = quarter
      steps.isSupply[row] = isSupply
      steps.priceTicks[row] = priceTicks
      steps.energyWh[row] = isSupply === 1 ? peakWh - loadWh : loadWh
    }
  }
}

/** One interval of the schedule, within what the battery can do and the load allows. */
function move(
  unit: StorageUnit,
  storedWh: number,
  plannedChangeWh: number,
  loadWh: number,
): { storedWh: number; chargeWh: number; dischargeWh: number } {
  const { spec } = unit
  const limits = storageLimits(spec, storedWh)
  const chargeWh =
    plannedChangeWh > 0
      ? Math.min(limits.chargeWhMax, Math.floor(plannedChangeWh / spec.chargeEfficiency))
      : 0
  const wantedWh = plannedChangeWh < 0 ? Math.floor(-plannedChangeWh * spec.dischargeEfficiency) : 0
  const dischargeWh = Math.min(limits.dischargeWhMax, wantedWh, loadWh)
  return { storedWh: stepStorage(spec, storedWh, chargeWh, dischargeWh).storedWh, chargeWh, dischargeWh }
}

interface ServiceYear {
  readonly world: World
  readonly run: BaselineRun
  readonly serves: (unit: StorageUnit) => boolean
  readonly dischargedWh: readonly number[][]
}

/** The owner gets what the host's bill fell by, in whole fen, and bears the wear. */
function settleService(
  { world, run, serves, dischargedWh }: ServiceYear,
  sheet: MonthSheet,
  idleSheet: MonthSheet,
  month: number,
): MonthSheet {
  const { chart, zone } = world
  const { ledger } = run.state
  const statements = sheet.statements.slice()
  const billE11 = sheet.billE11.slice()
  const firstAt = (host: number | null) =>
    zone.storages.findIndex((unit) => unit.host === host && serves(unit))
  zone.storages.forEach((unit, index) => {
    const takenWh = dischargedWh[index]![month]!
    ledger.transfer(chart.storage + index, chart.wear, wearE11(unit, takenWh))
    // Two batteries behind one meter share one service line; the first carries it.
    if (unit.host === null || firstAt(unit.host) !== index) return
    const statement = statements[unit.host]!
    const amountFen = idleSheet.statements[unit.host]!.totalFen - statement.totalFen
    const service = { key: 'storage-service', zh: '储能服务费', en: 'storage behind the meter', amountFen }
    ledger.transfer(chart.enterprise + unit.host, chart.storage + index, BigInt(amountFen) * e11PerFen)
    statements[unit.host] = {
      ...statement,
      lines: [...statement.lines, service],
      totalFen: statement.totalFen + amountFen,
    }
    billE11[unit.host] = idleSheet.billE11[unit.host]!
    if (amountFen === 0) return
    const owner = { account: chart.names[chart.storage + index]!, month: statement.month, run: statement.run }
    const notes = wearNotes(unit, takenWh)
    statements.push({ ...owner, role: 'seller', lines: [service], totalFen: amountFen, notes })
  })
  return { ...sheet, statements, billE11 }
}
