/**
 * How much PV a zone takes. All its PV is made larger or smaller by one factor, and the year with the market run anew,
 * until a given share of its energy is curtailed, or a given share of its surplus stays untraded.
 *
 *     curtailed share = energy that no wire and no rule lets out / energy it could generate
 *     untraded share  = fed in outside the market / surplus that reached the grid
 *
 * No reverse flow (不得反送) is taken for the meters here, wherever the scenario has the rule, and not for trades alone as
 * elsewhere: what would flow up is not generated.
 */
import { InputFaults } from '../base/errors.ts'
import type { Zone } from '../scenario/zone.ts'
import { noReverseFlow } from './curtailment.ts'
import { Progress, runMarket, type OnProgress } from './run-market.ts'
import type { Grown, ReadFile } from './series.ts'
import { buildWorld, type World } from './world.ts'

export interface HostingPoint {
  /** against the PV of the scenario */
  readonly factor: number
  readonly capacityKwDc: number
  /** what it could generate [Wh] */
  readonly availableWh: number
  readonly curtailedWh: number
  readonly selfUseWh: number
  readonly tradedWh: number
  readonly fedInWh: number
}

export interface Hosting {
  readonly curve: readonly HostingPoint[]
  /** the largest PV found that keeps within the share, null where there is no PV or its hundredth part is too much */
  readonly byCurtailment: HostingPoint | null
  readonly byUntraded: HostingPoint | null
}

export interface HostingOptions {
  readonly readFile: ReadFile
  readonly curtailedShare: number
  readonly untradedShare: number
  readonly onProgress?: OnProgress
}

/** Factors of the curve. */
export const curveFactors = [0.25, 0.5, 1, 1.5, 2, 3, 4, 6, 8] as const
/** A factor is known when it is known to so much of itself. */
const tolerance = 0.01
/** Less is not looked for: what is curtailed at any size, cogeneration having the room, has no factor. */
export const leastFactor = 0.01
/** About so many years are run; only the progress bar knows. */
const expectedRuns = curveFactors.length + 2 * 6

export const curtailedShare = ({ curtailedWh, availableWh }: HostingPoint) =>
  availableWh === 0 ? 0 : curtailedWh / availableWh

export const untradedShare = ({ fedInWh, tradedWh }: HostingPoint) =>
  fedInWh + tradedWh === 0 ? 0 : fedInWh / (fedInWh + tradedWh)

/** Faulty data files are answered, not thrown. */
export async function findHosting(zone: Zone, options: HostingOptions): Promise<Grown<Hosting>> {
  const built = buildWorld(zone, options.readFile)
  if (!built.ok) return built
  const work = new Progress(expectedRuns * zone.calendar.months.length, options.onProgress)
  const known = new Map<number, HostingPoint>()
  const at = async (factor: number) => {
    const point = known.get(factor) ?? (await runScaled(zone, factor, options.readFile, work))
    known.set(factor, point)
    return point
  }
  const curve: HostingPoint[] = []
  for (const factor of curveFactors) curve.push(await at(factor))
  if (zone.pvUnits.length === 0) return { ok: true, value: { curve, byCurtailment: null, byUntraded: null } }
  const byCurtailment = await largest(at, (point) => curtailedShare(point) <= options.curtailedShare)
  const byUntraded = await largest(at, (point) => untradedShare(point) <= options.untradedShare)
  return { ok: true, value: { curve, byCurtailment, byUntraded } }
}

/** Between the last point of the curve that holds and the first that does not. */
async function largest(
  at: (factor: number) => Promise<HostingPoint>,
  holds: (point: HostingPoint) => boolean,
): Promise<HostingPoint | null> {
  let low = 0
  let high = Infinity
  for (const factor of curveFactors) {
    if (holds(await at(factor))) low = factor
    else {
      high = factor
      break
    }
  }
  while (high < Infinity && high > leastFactor && high - low > tolerance * high) {
    const middle = (low + high) / 2
    if (holds(await at(middle))) low = middle
    else high = middle
  }
  return low === 0 ? null : at(low)
}

async function runScaled(
  zone: Zone,
  factor: number,
  readFile: ReadFile,
  work: Progress,
): Promise<HostingPoint> {
  const scaled = scalePv(zone, factor)
  const built = buildWorld(scaled, readFile, noReverseFlow)
  // Files were read a moment ago, so it is units that grew beyond what can be counted.
  if (!built.ok) throw new InputFaults(built.faults)
  const world = built.value
  const run = await runMarket(
    world,
    {
      regime: zone.wheeling.regime,
      storage: true,
      cogeneration: true,
      cogenerationOutsideE8: null,
      tallies: false,
      tradeList: false,
    },
    work,
  )
  const { soldWh, fedInWh, months } = run.state
  // PV units stand before all other sellers.
  const ofPv = (column: Float64Array) => sum(column.subarray(0, scaled.pvUnits.length * months))
  return { factor, ...pvEnergy(world), tradedWh: ofPv(soldWh), fedInWh: ofPv(fedInWh) }
}

function sum(column: Float64Array | Int32Array | readonly number[]): number {
  let total = 0
  for (const value of column) total += value
  return total
}

function pvEnergy({ zone, series, meter, curtailedWh }: World) {
  return {
    capacityKwDc: sum(zone.pvUnits.map(({ system }) => system.capacityKwDc)),
    availableWh: sum(series.pvWh.map(sum)),
    curtailedWh: sum(curtailedWh),
    selfUseWh: sum(meter.selfUseWh.map(sum)),
  }
}

function scalePv(zone: Zone, factor: number): Zone {
  const pvUnits = zone.pvUnits.map((unit) => ({
    ...unit,
    system: {
      ...unit.system,
      capacityKwDc: unit.system.capacityKwDc * factor,
      inverterKwAc: unit.system.inverterKwAc * factor,
    },
  }))
  return { ...zone, pvUnits }
}
