/**
 * Batteries charged and discharged at random: what each interval loses, beside what the efficiency says in exact fractions.
 *
 *     stored' − stored = ⌊charge · η_charge⌋ − ⌈discharge / η_discharge⌉,   lost = charge − discharge − (stored' − stored)
 */
import fc from 'fast-check'
import { initialStoredWh, stepStorage, storageLimits, type StorageSpec } from '../../../src/assets/storage.ts'
import { count, type Section } from '../findings.ts'

const thousandths = 1000
const efficiency = fc.integer({ min: 500, max: thousandths }).map((parts) => parts / thousandths)

/** Batteries without self-discharge, which is a loss of its own. */
export const batteries: fc.Arbitrary<StorageSpec> = fc.record({
  powerKw: fc.integer({ min: 1, max: 50_000 }).map((parts) => parts / 10),
  energyKwh: fc.integer({ min: 1, max: 100_000 }).map((parts) => parts / 10),
  chargeEfficiency: efficiency,
  dischargeEfficiency: efficiency,
  minSoc: fc.integer({ min: 0, max: 40 }).map((parts) => parts / 100),
  maxSoc: fc.integer({ min: 60, max: 100 }).map((parts) => parts / 100),
  initialSoc: fc.integer({ min: 40, max: 60 }).map((parts) => parts / 100),
})

/** What to ask of each interval: below 0 a share of the largest discharge, above 0 of the largest charge. */
export const wishes = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 60 })

export interface Step {
  readonly chargeWh: number
  readonly dischargeWh: number
  readonly beforeWh: number
  readonly afterWh: number
  readonly lostWh: number
}

export function runBattery(battery: StorageSpec, asked: readonly number[]): Step[] {
  let storedWh = initialStoredWh(battery)
  return asked.map((wish) => {
    const limits = storageLimits(battery, storedWh)
    const chargeWh = wish > 0 ? Math.round(wish * limits.chargeWhMax) : 0
    const dischargeWh = wish < 0 ? Math.round(-wish * limits.dischargeWhMax) : 0
    const beforeWh = storedWh
    const next = stepStorage(battery, storedWh, chargeWh, dischargeWh)
    storedWh = next.storedWh
    return { chargeWh, dischargeWh, beforeWh, afterWh: storedWh, lostWh: next.lostWh }
  })
}

/** What an interval must lose, in whole numbers throughout. [Wh] */
export function exactLossWh(battery: StorageSpec, { chargeWh, dischargeWh }: Step): number {
  const [charge, discharge] = [battery.chargeEfficiency, battery.dischargeEfficiency].map((share) =>
    BigInt(Math.round(share * thousandths)),
  ) as [bigint, bigint]
  const parts = BigInt(thousandths)
  const stored = (BigInt(chargeWh) * charge) / parts
  const taken = (BigInt(dischargeWh) * parts + discharge - 1n) / discharge
  return chargeWh - dischargeWh - Number(stored - taken)
}

/** From empty to full and back again by the largest steps, until a step moves nothing: what went in, what came out. [Wh] */
export function roundTrip(battery: StorageSpec): {
  readonly chargedWh: number
  readonly dischargedWh: number
  readonly steps: number
} {
  let storedWh = initialStoredWh({ ...battery, initialSoc: battery.minSoc })
  let steps = 0
  const move = (of: 'chargeWhMax' | 'dischargeWhMax'): number => {
    for (let movedWh = 0; ; steps++) {
      const gridWh = storageLimits(battery, storedWh)[of]
      const [chargeWh, dischargeWh] = of === 'chargeWhMax' ? [gridWh, 0] : [0, gridWh]
      const after = stepStorage(battery, storedWh, chargeWh!, dischargeWh!).storedWh
      if (after === storedWh) return movedWh
      movedWh += gridWh
      storedWh = after
    }
  }
  const chargedWh = move('chargeWhMax')
  return { chargedWh, dischargedWh: move('dischargeWhMax'), steps }
}

/** The pilot's unit: 2.5 MW and 5 MWh, 0.93 each way, between 5 and 95 %. */
export const pilotUnit: StorageSpec = {
  powerKw: 2500,
  energyKwh: 5000,
  chargeEfficiency: 0.93,
  dischargeEfficiency: 0.93,
  minSoc: 0.05,
  maxSoc: 0.95,
  initialSoc: 0.05,
}

const seed = 310

export const batterySection: Section = {
  name: 'physics/battery',
  run: (size) => {
    const runs = fc.sample(fc.tuple(batteries, wishes), { numRuns: size === 'full' ? 20_000 : 200, seed })
    const apart = runs.flatMap(([battery, asked]) =>
      runBattery(battery, asked).map((step) => step.lostWh - exactLossWh(battery, step)),
    )
    const exact = apart.filter((wh) => wh === 0).length
    const { chargedWh, dischargedWh, steps } = roundTrip(pilotUnit)
    const share = dischargedWh / chargedWh
    const wanted = pilotUnit.chargeEfficiency * pilotUnit.dischargeEfficiency
    // A step rounds by less than 1 Wh of stored energy, which is at most 1 Wh on the grid side.
    const isWhole = share <= wanted && (wanted - share) * chargedWh < steps
    return {
      rows: [
        [
          'batteries at random',
          'loss of every interval against the efficiency in exact fractions',
          'equal to the Wh',
          `${apart.reduce((most, wh) => Math.max(most, Math.abs(wh)), 0)} Wh at most`,
          count(apart.length),
          count(exact),
          'no',
        ],
        [
          'the pilot’s battery, 2.5 MW and 5 MWh',
          'full round trip, out over in',
          '0.93 · 0.93 = 0.8649',
          `${share.toFixed(6)}, rounded down in ${steps} steps`,
          '1',
          isWhole ? '1' : '0',
          'no',
        ],
      ],
      misses: exact < apart.length || !isWhole ? ['the loss of a battery'] : [],
    }
  },
}
