/** Machines that decide by price beside batteries: how they served, when they ran, what it cost. */
import type {
  DispatchYearResult,
  FlexibleResult,
  LoadYearResult,
  SimulationResult,
} from '../../simulation/result.ts'
import { cny, grouped } from '../numbers.ts'
import { htmlTable, paragraph, section } from './escape.ts'

export function machinesSection({ main }: SimulationResult): string {
  const { machines } = main
  if (!machines) return ''
  const { loads, units, curtailed } = machines
  const parts = [
    ...(loads.length > 0 ? [loadsTable(loads)] : []),
    ...(units.length > 0
      ? [
          htmlTable(
            'Cogeneration dispatched by price, without / with the market',
            ['unit', 'MWh', 'starts', 'hours on', 'fuel and starts less heat, CNY'],
            units.map(({ id, before, after }) => unitRow(id, before, after)),
          ),
        ]
      : []),
    ...(curtailed.length > 0
      ? [
          htmlTable(
            'PV turned down where a kWh would earn too little outside (弃光), MWh',
            ['unit', 'without the market', 'with the market'],
            curtailed.map(({ id, beforeWh, afterWh }) => [id, mwh(beforeWh), mwh(afterWh)]),
          ),
        ]
      : []),
  ]
  return section('machines', 'Machines that can wait', paragraph(note), ...parts)
}

const note =
  'Without the market loads plan on their contract’s prices and units on their outside price, both known ahead. With it, ' +
  'they plan each day on what yesterday’s auctions were cleared at. What is planned is done, traded or not.'

const mwh = (energyWh: number) => grouped(energyWh / 1e6, 1)

function loadsTable(loads: readonly FlexibleResult[]): string {
  const rows = loads.flatMap(({ id, followsPrices, uncontrolled, before, after }) => [
    loadRow(`${id}, by itself`, uncontrolled),
    ...(followsPrices
      ? [loadRow(`${id}, by its contract`, before), loadRow(`${id}, in the market`, after)]
      : []),
  ])
  return htmlTable(
    'Loads that are machines',
    ['load', 'MWh', 'would cost on its contract, CNY', 'how it served'],
    rows,
  )
}

function loadRow(label: string, year: LoadYearResult): string[] {
  return [label, mwh(year.energyWh), grouped(cny(year.contractE11)), serviceText(year.service)]
}

/** Departure energy met, or said not to be; a band kept, or for how long it was not. */
export function serviceText(service: LoadYearResult['service']): string {
  if (service.kind === 'charging') {
    const { sessions, shortSessions, shortWh } = service
    return shortSessions === 0
      ? `all ${grouped(sessions)} vehicles left with what they wanted`
      : `${grouped(shortSessions)} of ${grouped(sessions)} vehicles left short, by ${grouped(shortWh / 1000)} kWh together`
  }
  const { warmestMilliC, coldestMilliC, warmIntervals } = service
  const span = `${(coldestMilliC / 1000).toFixed(1)} to ${(warmestMilliC / 1000).toFixed(1)} °C`
  return warmIntervals === 0
    ? `${span}, always within its band`
    : `${span}, above its band for ${grouped(warmIntervals / 4, 1)} h`
}

function unitRow(id: string, before: DispatchYearResult, after: DispatchYearResult): string[] {
  const both = (show: (year: DispatchYearResult) => string) => `${show(before)} / ${show(after)}`
  return [
    id,
    both((year) => mwh(year.generatedWh)),
    both((year) => String(year.starts)),
    both((year) => grouped(year.runningIntervals / 4, 1)),
    both((year) => grouped(cny(year.fuelE11))),
  ]
}
