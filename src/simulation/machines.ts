/** What machines that decide by price did, without and with the market: loads, dispatched units, PV turned down. */
import type { BaselineRun } from './baseline-run.ts'
import type { FlexibleYear } from './flexible-year.ts'
import type { LoadService, LoadYear } from './flexible-loads.ts'
import type { MarketRun } from './market-run.ts'
import type {
  CurtailedResult,
  DispatchResult,
  DispatchYearResult,
  FlexibleResult,
  LoadServiceResult,
  LoadYearResult,
  MachinesResult,
} from './result.ts'
import type { RunState } from './run-state.ts'
import type { World } from './world.ts'

/** Nothing where the scenario has no such machines, so that its results are those of before there were any. */
export function machinesOf(baseline: BaselineRun, market: MarketRun): { machines?: MachinesResult } {
  const { world } = market.state
  const decided = market.decisions?.loadYears()
  const machines = {
    loads: world.flexible.map((year) => flexibleResult(world, year, decided?.get(year.enterprise))),
    units: dispatchResults(baseline.state, market.state),
    curtailed: curtailedResults(baseline.state, market.state),
  }
  const { loads, units, curtailed } = machines
  return loads.length + units.length + curtailed.length > 0 ? { machines } : {}
}

function flexibleResult(world: World, year: FlexibleYear, inMarket: LoadYear | undefined): FlexibleResult {
  const { enterprise, followsPrices, uncontrolled, decided } = year
  const result = (each: LoadYear) => loadYearResult(world, enterprise, each)
  return {
    index: enterprise,
    id: world.zone.enterprises[enterprise]!.id,
    followsPrices,
    uncontrolled: result(uncontrolled),
    before: result(decided),
    after: result(inMarket ?? decided),
  }
}

function loadYearResult(
  { buyers, slots }: World,
  enterprise: number,
  { energyWh, service }: LoadYear,
): LoadYearResult {
  const { fullE8 } = buyers[enterprise]!.rates
  const bySlotWh = new Float64Array(slots.slots)
  energyWh.forEach((wh, interval) => (bySlotWh[slots.slotOf[interval]!]! += wh))
  return {
    energyWh: bySlotWh.reduce((sum, wh) => sum + wh, 0),
    contractE11: bySlotWh.reduce((sum, wh, slot) => sum + BigInt(wh) * BigInt(fullE8[slot]!), 0n),
    service: wholeService(service),
  }
}

function wholeService(service: LoadService): LoadServiceResult {
  if (service.kind === 'charging') {
    const { kind, sessions, wantedWh, shortSessions, shortWh } = service
    return { kind, sessions, wantedWh, shortSessions, shortWh }
  }
  const { kind, warmestC, coldestC, warmIntervals } = service
  const [warmestMilliC, coldestMilliC] = [Math.round(warmestC * 1000), Math.round(coldestC * 1000)]
  return { kind, warmestMilliC, coldestMilliC, warmIntervals }
}

function dispatchResults(before: RunState, after: RunState): DispatchResult[] {
  const { zone } = after.world
  return zone.cogenerations.flatMap(({ id, dispatch }, index) => {
    if (dispatch === null) return []
    const seller = zone.pvUnits.length + index
    return [{ index, id, before: dispatchYear(before, seller), after: dispatchYear(after, seller) }]
  })
}

function dispatchYear({ sellers, world, fuelE11, months }: RunState, seller: number): DispatchYearResult {
  const { meteredWh, unit } = sellers[seller]!
  const year = { generatedWh: 0, starts: 0, runningIntervals: 0, fuelE11: 0n }
  let wasOn = world.series.heatWh[unit]![0]! >= 0
  for (const energyWh of meteredWh) {
    const isOn = energyWh > 0
    year.generatedWh += energyWh
    year.runningIntervals += isOn ? 1 : 0
    year.starts += isOn && !wasOn ? 1 : 0
    wasOn = isOn
  }
  for (let month = 0; month < months; month++) year.fuelE11 += fuelE11.get(seller * months + month)
  return year
}

function curtailedResults(before: RunState, after: RunState): CurtailedResult[] {
  return after.world.zone.pvUnits.flatMap(({ id, curtailBelowE8 }, index) =>
    curtailBelowE8 === null
      ? []
      : [{ index, id, beforeWh: turnedDownWh(before, index), afterWh: turnedDownWh(after, index) }],
  )
}

/** Energy of a PV unit that was not sent out by decision. Sellers are PV units first. [Wh] */
export function turnedDownWh({ curtailedWh, months }: RunState, unit: number): number {
  let sumWh = 0
  for (let row = unit * months; row < (unit + 1) * months; row++) sumWh += curtailedWh[row]!
  return sumWh
}
