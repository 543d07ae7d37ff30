/** The use of the grid in the units a planner reads: kW, hours, CNY. */
import type { SimulationResult } from '../simulation/result.ts'
import { share } from './numbers.ts'

export interface ArcRow {
  readonly bus: string
  readonly parent: string
  readonly limitUpKw: number | null
  readonly limitDownKw: number | null
  readonly peakUpBeforeKw: number
  readonly peakUpAfterKw: number
  readonly peakDownBeforeKw: number
  readonly peakDownAfterKw: number
  /** highest flow with the market over the limit of its direction; 0 where there is none */
  readonly loadingAfter: number
  /** quarter-hours with the market in which the meters pass a limit, as hours */
  readonly overHours: number
  readonly reverseHoursBefore: number
  readonly reverseHoursAfter: number
  /** in which the market cannot trade more over the arc */
  readonly fullHours: number
  /** price gap beyond the fee times flow */
  readonly rentCny: number
  /** what one more kW of room would have been worth over the run, each Wh of it as much as the first */
  readonly oneMoreKwCny: number
}

const kwOf = (energyWh: number) => energyWh / 250
const hoursOf = (intervals: number) => intervals / 4
const cnyOf = (tickWh: number) => tickWh / 1e7

/** Every arc of the zone; the root has none. */
export function arcRows({ main, zone }: SimulationResult): ArcRow[] {
  const { before, after, limits } = main.grid
  return zone.buses.slice(1).map((bus, index) => {
    const row = index + 1
    const peakUpAfterKw = kwOf(after.highestUpWh[row]!)
    const peakDownAfterKw = kwOf(after.highestDownWh[row]!)
    return {
      bus: bus.id,
      parent: zone.buses[bus.parent]!.id,
      limitUpKw: bus.capacityUpKw,
      limitDownKw: bus.capacityDownKw,
      peakUpBeforeKw: kwOf(before.highestUpWh[row]!),
      peakUpAfterKw,
      peakDownBeforeKw: kwOf(before.highestDownWh[row]!),
      peakDownAfterKw,
      loadingAfter: Math.max(
        loading(peakUpAfterKw, bus.capacityUpKw),
        loading(peakDownAfterKw, bus.capacityDownKw),
      ),
      overHours: hoursOf(after.overIntervals[row]!),
      reverseHoursBefore: hoursOf(before.reverseIntervals[row]!),
      reverseHoursAfter: hoursOf(after.reverseIntervals[row]!),
      fullHours: hoursOf(limits.fullUpIntervals[row]! + limits.fullDownIntervals[row]!),
      rentCny: cnyOf(limits.rentTickWh[row]!),
      oneMoreKwCny: cnyOf(limits.oneKwUpTickWh[row]! + limits.oneKwDownTickWh[row]!),
    }
  })
}

/** A limit of 0 is a rule for trades (不得反送), no rating of a wire. */
function loading(peakKw: number, limitKw: number | null): number {
  return limitKw === null ? 0 : share(peakKw, limitKw)
}

export function gridFigures({ main }: SimulationResult) {
  const { before, after, boundIntervals, lostTickWh } = main.grid
  return {
    peakImportBeforeKw: kwOf(before.highestDownWh[0]!),
    peakImportAfterKw: kwOf(after.highestDownWh[0]!),
    peakExportBeforeKw: kwOf(before.highestUpWh[0]!),
    peakExportAfterKw: kwOf(after.highestUpWh[0]!),
    reverseHoursBefore: hoursOf(before.reverseIntervals[0]!),
    reverseHoursAfter: hoursOf(after.reverseIntervals[0]!),
    boundHours: hoursOf(boundIntervals),
    lostCny: cnyOf(Number(lostTickWh)),
  }
}
