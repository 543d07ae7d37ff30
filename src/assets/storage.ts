/**
 * A battery as physics: power, energy, efficiency and state of charge (荷电状态), no prices. All energies are whole Wh;
 * the grid side is what the meter shows, the stored side what is in the battery.
 *
 *     stored' = stored + ⌊charge · η_charge⌋ − ⌈discharge / η_discharge⌉ − selfDischarge
 *
 * Rounding always costs the battery, never the grid, by less than 1 Wh a step. Wear is the owner's money and not here.
 */
import { assert } from '../base/errors.ts'
import { hoursPerInterval, intervalsPerDay } from '../base/units.ts'
import { ceilWhole, floorWhole } from '../base/whole.ts'

export interface StorageSpec {
  /** both directions, grid side [kW] */
  readonly powerKw: number
  readonly energyKwh: number
  /** above 0, at most 1 */
  readonly chargeEfficiency: number
  readonly dischargeEfficiency: number
  /** shares of the energy capacity, 0 ≤ min ≤ initial ≤ max ≤ 1 */
  readonly minSoc: number
  readonly maxSoc: number
  readonly initialSoc: number
  /** share of the energy above the lower limit that is lost in a day of rest, 0 by default */
  readonly selfDischargePerDay?: number
}

/** What one interval allows on the grid side. [Wh] */
export interface StorageLimits {
  readonly chargeWhMax: number
  readonly dischargeWhMax: number
}

/** Least energy a battery holds. [Wh] */
export function storedWhMin(spec: StorageSpec): number {
  return ceilWhole(spec.energyKwh * 1000 * spec.minSoc)
}

/** Most energy a battery holds. [Wh] */
export function storedWhMax(spec: StorageSpec): number {
  return floorWhole(spec.energyKwh * 1000 * spec.maxSoc)
}

/** What a battery holds at the start of a run, within its limits. [Wh] */
export function initialStoredWh(spec: StorageSpec): number {
  const wantedWh = floorWhole(spec.energyKwh * 1000 * spec.initialSoc)
  return Math.max(storedWhMin(spec), Math.min(storedWhMax(spec), wantedWh))
}

/** What a charge adds to the battery, ⌊charge · η_charge⌋. [Wh] */
export function storedAfterCharge(spec: StorageSpec, chargeWh: number): number {
  return floorWhole(chargeWh * spec.chargeEfficiency)
}

/** What a discharge takes from the battery, ⌈discharge / η_discharge⌉. [Wh] */
export function storedForDischarge(spec: StorageSpec, dischargeWh: number): number {
  return ceilWhole(dischargeWh / spec.dischargeEfficiency)
}

/**
 * How much an interval may charge or discharge, in whole Wh on the grid side, without passing power, energy or state
 * of charge. Outside its limits a battery can only go back towards them.
 *
 * @param storedWh energy in the battery at the start of the interval, whole [Wh]
 */
export function storageLimits(spec: StorageSpec, storedWh: number): StorageLimits {
  const powerWh = floorWhole(spec.powerKw * 1000 * hoursPerInterval)
  const roomWh = Math.max(0, storedWhMax(spec) - storedWh)
  const aboveWh = Math.max(0, storedWh - storedWhMin(spec))
  let chargeWhMax = Math.min(powerWh, floorWhole(roomWh / spec.chargeEfficiency))
  while (storedAfterCharge(spec, chargeWhMax) > roomWh) chargeWhMax--
  let dischargeWhMax = Math.min(powerWh, floorWhole(aboveWh * spec.dischargeEfficiency))
  while (storedForDischarge(spec, dischargeWhMax) > aboveWh) dischargeWhMax--
  return { chargeWhMax, dischargeWhMax }
}

/**
 * One interval of the battery.
 *
 * @param storedWh energy in the battery at the start, whole [Wh]
 * @param chargeWh what it takes from the grid, whole [Wh]
 * @param dischargeWh what it gives to the grid, whole [Wh]; one of the two is 0
 * @returns the energy at the end and what was lost on the way: charge − discharge = (stored' − stored) + lost
 * @throws BrokenAssertion for both directions at once, parts of a Wh, or a limit that is passed
 */
export function stepStorage(
  spec: StorageSpec,
  storedWh: number,
  chargeWh: number,
  dischargeWh: number,
): { readonly storedWh: number; readonly lostWh: number } {
  assert(chargeWh === 0 || dischargeWh === 0, 'a battery charges or discharges, not both in one interval')
  assert(
    Number.isSafeInteger(chargeWh) && Number.isSafeInteger(dischargeWh) && Number.isSafeInteger(storedWh),
    () => `a battery counts in whole Wh: stored ${storedWh}, charge ${chargeWh}, discharge ${dischargeWh}`,
  )
  const limits = storageLimits(spec, storedWh)
  assert(
    chargeWh >= 0 &&
      dischargeWh >= 0 &&
      chargeWh <= limits.chargeWhMax &&
      dischargeWh <= limits.dischargeWhMax,
    () => `a battery with ${storedWh} Wh cannot charge ${chargeWh} or discharge ${dischargeWh} Wh`,
  )
  const movedWh = storedWh + storedAfterCharge(spec, chargeWh) - storedForDischarge(spec, dischargeWh)
  const nextWh = movedWh - selfDischargeWh(spec, movedWh)
  const lostWh = chargeWh - dischargeWh - (nextWh - storedWh)
  assert(lostWh >= 0, () => `a battery cannot gain energy, but came out ${-lostWh} Wh ahead`)
  return { storedWh: nextWh, lostWh }
}

/** Self-discharge of one interval, rounded to Wh; it never passes the lower limit. */
function selfDischargeWh(spec: StorageSpec, storedWh: number): number {
  const perDay = spec.selfDischargePerDay ?? 0
  if (perDay === 0) return 0
  const aboveWh = Math.max(0, storedWh - storedWhMin(spec))
  return Math.round(aboveWh * (1 - (1 - perDay) ** (1 / intervalsPerDay)))
}
