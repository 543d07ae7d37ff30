/**
 * Batteries behind their hosts' meters (用户侧储能): what each does over the year, and what the meters show then. A battery buys
 * its host's cheap hours and saves its dear ones at the host's full contract price; it never sends out.
 *
 * `own-load` is the best schedule of each day, which never raises the highest demand that the host has in the month without it.
 * `peak-shaving` is the best of each month, the charge for that highest demand among its costs. Load and prices of the day or
 * month are known in advance.
 */
import { stepStorage, storageLimits } from '../assets/storage.ts'
import { intervalsPerDay, rateE8PerTick } from '../base/units.ts'
import { ceilWhole, floorWhole } from '../base/whole.ts'
import type { StorageUnit } from '../scenario/zone.ts'
import { hostStepsPerInterval, offerUnderCap, type HostMeter } from '../strategy/behind-meter.ts'
import { makeDaySteps } from '../strategy/day-steps.ts'
import { PeakPlanner, type PeakPrice } from '../strategy/peak-shaving.ts'
import { plannedBattery, type PlannedBattery } from '../strategy/storage-book.ts'
import { StoragePlanner } from '../strategy/storage-plan.ts'
import { initialStoredWh } from '../assets/storage.ts'
import { demandTermsOf, highestWh } from './contract-bill.ts'
import type { Buyer, World } from './world.ts'

export type HostedMode = 'own-load' | 'peak-shaving'

export interface HostedYear {
  /** of the battery's host, by interval, as it is with the battery and without [Wh] */
  readonly meteredWh: Int32Array
  readonly withoutWh: Int32Array
  /** taken out of the battery, by month [Wh] */
  readonly dischargedWh: readonly number[]
}

/** A peak of 1 Wh in a quarter-hour is 4 W; its price in ticks per kWh at 1 CNY/kW. */
const peakTicksPerCny = 40_000

/** Schedules of batteries behind meters, one after the other; the workspace is shared. */
export class HostedStorage {
  readonly #world: World
  readonly #day = new StoragePlanner(intervalsPerDay, hostStepsPerInterval * intervalsPerDay)
  readonly #daySteps = makeDaySteps(hostStepsPerInterval * intervalsPerDay)
  readonly #month: PeakPlanner

  constructor(world: World) {
    this.#world = world
    const lengths = world.zone.calendar.months.map((month) => month.endInterval - month.firstInterval)
    this.#month = new PeakPlanner(Math.max(...lengths))
  }

  /** @param host the enterprise as its meter is without this battery */
  schedule(unit: StorageUnit, host: Buyer, mode: HostedMode): HostedYear {
    const { calendar } = this.#world.zone
    const meteredWh = host.meteredWh.slice()
    const keepsAll = (unit.spec.selfDischargePerDay ?? 0) === 0
    let storedWh = initialStoredWh(unit.spec)
    const dischargedWh = calendar.months.map(({ firstInterval, endInterval }, month) => {
      let takenWh = 0
      const length = mode === 'own-load' ? intervalsPerDay : endInterval - firstInterval
      const capWh = highestWh(this.#world, host.meteredWh, month)
      for (let first = firstInterval; first < endInterval; first += length) {
        const span = { first, end: first + length }
        const meter = this.#meterOf(host, span)
        const battery = plannedBattery(unit.spec, storedWh, unit.wearTicks)
        const changesWh =
          mode === 'own-load'
            ? this.#planDay(battery, meter, capWh)
            : this.#month.plan(battery, meter, this.#peakPrice(unit, host, month)).storedChangeWh
        for (let at = 0; at < length; at++) {
          if (changesWh[at] === 0 && keepsAll) continue
          const moved = move(unit, storedWh, changesWh[at]!, meter.loadWh[at]!)
          takenWh += Math.max(0, storedWh - moved.storedWh)
          storedWh = moved.storedWh
          meteredWh[first + at] = meter.loadWh[at]! + moved.chargeWh - moved.dischargeWh
        }
      }
      return takenWh
    })
    return { meteredWh, withoutWh: host.meteredWh, dischargedWh }
  }

  #meterOf({ meteredWh, rates }: Buyer, { first, end }: { first: number; end: number }): HostMeter {
    const { slotOf } = this.#world.slots
    return {
      loadWh: meteredWh.subarray(first, end),
      priceTicks: Float64Array.from({ length: end - first }, (_, at) =>
        Math.floor(rates.fullE8[slotOf[first + at]!]! / rateE8PerTick),
      ),
    }
  }

  #planDay(battery: PlannedBattery, meter: HostMeter, capWh: number): Float64Array {
    offerUnderCap(meter, capWh, this.#daySteps)
    return this.#day.plan(battery, this.#daySteps).storedChangeWh
  }

  #peakPrice({ host }: StorageUnit, { meteredWh }: Buyer, month: number): PeakPrice {
    const terms = demandTermsOf(this.#world, host!, meteredWh, month)
    if (terms === null) return { ticks: 0, leastWh: 0 }
    return {
      ticks: Math.round(terms.cnyPerKw.times(terms.fractionOfMonth).times(peakTicksPerCny).toNumber()),
      leastWh: Math.floor(terms.leastKw.times(250).toNumber()),
    }
  }
}

/** One interval of the schedule, within what the battery can do and the load allows. */
function move(
  { spec }: StorageUnit,
  storedWh: number,
  plannedChangeWh: number,
  loadWh: number,
): { storedWh: number; chargeWh: number; dischargeWh: number } {
  const limits = storageLimits(spec, storedWh)
  const chargeWh =
    plannedChangeWh > 0 ? Math.min(limits.chargeWhMax, ceilWhole(plannedChangeWh / spec.chargeEfficiency)) : 0
  const wantedWh = plannedChangeWh < 0 ? floorWhole(-plannedChangeWh * spec.dischargeEfficiency) : 0
  const dischargeWh = Math.min(limits.dischargeWhMax, wantedWh, loadWh)
  return { storedWh: stepStorage(spec, storedWh, chargeWh, dischargeWh).storedWh, chargeWh, dischargeWh }
}
