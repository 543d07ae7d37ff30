/**
 * A battery as physics: power, energy, efficiency and state of charge (荷电状态), no prices. All energies are whole Wh;
 * the grid side is what the meter shows, the stored side what is in the battery.
 *
 *     stored' = stored + ⌊charge · η_charge⌋ − ⌈discharge / η_discharge⌉
 *
 * Rounding always costs the battery, never the grid, by less than 1 Wh a step.
 */
import { assert } from '../base/errors.ts'

export interface StorageSpec {
  /** both directions, grid side [kW] */
  readonly powerKw: number
  readonly energyKwh: number
  readonly chargeEfficiency: number
  readonly dischargeEfficiency: number
  /** shares of the energy capacity */
  readonly minSoc: number
  readonly maxSoc: number
  readonly initialSoc: number
}

/** What one interval allows on the grid side. [Wh] */
export interface StorageLimits {
  readonly chargeWhMax: number
  readonly dischargeWhMax: number
}

/** Guards a floor against a product that is a hair below a whole number. */
const hair = 1e-9

export function storedAfterCharge(spec: StorageSpec, chargeWh: number): number {
  return Math.floor(chargeWh * spec.chargeEfficiency + hair)
}

export function storedForDischarge(spec: StorageSpec, dischargeWh: number): number {
  return Math.ceil(dischargeWh / spec.dischargeEfficiency - hair)
}

/** Largest whole charge and discharge of an interval that keep the state of charge within its limits. */
export function storageLimits(spec: StorageSpec, storedWh: number): StorageLimits {
  const powerWh = Math.floor(spec.powerKw * 250)
  const roomWh = Math.max(0, Math.floor(spec.energyKwh * 1000 * spec.maxSoc) - storedWh)
  const aboveWh = Math.max(0, storedWh - Math.ceil(spec.energyKwh * 1000 * spec.minSoc))
  let chargeWhMax = Math.min(powerWh, Math.floor(roomWh / spec.chargeEfficiency))
  while (storedAfterCharge(spec, chargeWhMax) > roomWh) chargeWhMax--
  let dischargeWhMax = Math.min(powerWh, Math.floor(aboveWh * spec.dischargeEfficiency))
  while (storedForDischarge(spec, dischargeWhMax) > aboveWh) dischargeWhMax--
  return { chargeWhMax, dischargeWhMax }
}

/**
 * One interval of the battery.
 *
 * @returns the new stored energy and what was lost on the way: charge − discharge = Δstored + lost
 * @throws BrokenAssertion when both directions are asked for at once or a limit is passed
 */
export function stepStorage(
  spec: StorageSpec,
  storedWh: number,
  chargeWh: number,
  dischargeWh: number,
): { readonly storedWh: number; readonly lostWh: number } {
  assert(chargeWh === 0 || dischargeWh === 0, 'a battery charges or discharges, not both in one interval')
  const limits = storageLimits(spec, storedWh)
  assert(
    chargeWh <= limits.chargeWhMax && dischargeWh <= limits.dischargeWhMax,
    () => `a battery with ${storedWh} Wh cannot charge ${chargeWh} or discharge ${dischargeWh} Wh`,
  )
  const changeWh = storedAfterCharge(spec, chargeWh) - storedForDischarge(spec, dischargeWh)
  return { storedWh: storedWh + changeWh, lostWh: chargeWh - dischargeWh - changeWh }
}
