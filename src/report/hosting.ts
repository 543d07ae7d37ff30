/** How much PV a zone takes, for a terminal and for programs. */
import {
  curveFactors,
  curtailedShare,
  leastFactor,
  untradedShare,
  type Hosting,
  type HostingPoint,
} from '../simulation/hosting.ts'
import { grouped, kwh, percent, share } from './numbers.ts'
import { plainTable } from './plain-table.ts'
import type { TableOptions } from './table.ts'

/** The shares that were asked about. */
export interface HostingAsked {
  readonly curtailedShare: number
  readonly untradedShare: number
}

export function hostingTable(hosting: Hosting, asked: HostingAsked, options: TableOptions): string {
  const rows = hosting.curve.map((point) => [
    `× ${point.factor}`,
    grouped(point.capacityKwDc / 1000, 1),
    grouped(kwh(point.availableWh) / 1000),
    grouped(kwh(point.selfUseWh) / 1000),
    grouped(kwh(point.tradedWh) / 1000),
    grouped(kwh(point.fedInWh) / 1000),
    percent(untradedShare(point)),
    percent(curtailedShare(point)),
  ])
  const head = ['PV', 'MW', 'could generate', 'own use', 'traded', 'fed in', 'untraded', 'curtailed']
  return [
    'The zone with all its PV made larger or smaller, MWh; nothing flows up where the scenario forbids it (no_reverse_flow):',
    plainTable(head, rows, options),
    '',
    `At most ${percent(asked.curtailedShare)} curtailed: ${answer(hosting, hosting.byCurtailment)}`,
    `At most ${percent(asked.untradedShare)} of the surplus untraded: ${answer(hosting, hosting.byUntraded)}`,
  ].join('\n')
}

function answer({ curve }: Hosting, point: HostingPoint | null): string {
  if (point === null) return curve[0]!.capacityKwDc === 0 ? 'there is no PV' : `not even × ${leastFactor}`
  const least = point.factor === curveFactors.at(-1) ? 'at least ' : ''
  return `${least}${grouped(point.capacityKwDc / 1000, 1)} MW of PV (× ${point.factor.toFixed(2)})`
}

/** Energy in kWh, power in kW. */
export function summarizeHosting({ curve, byCurtailment, byUntraded }: Hosting, asked: HostingAsked) {
  return {
    asked,
    byCurtailment: byCurtailment && entry(byCurtailment),
    byUntraded: byUntraded && entry(byUntraded),
    curve: curve.map(entry),
  }
}

function entry(point: HostingPoint) {
  return {
    factor: point.factor,
    capacityKwDc: point.capacityKwDc,
    availableKwh: kwh(point.availableWh),
    selfUseKwh: kwh(point.selfUseWh),
    tradedKwh: kwh(point.tradedWh),
    fedInKwh: kwh(point.fedInWh),
    curtailedKwh: kwh(point.curtailedWh),
    untradedShare: share(point.fedInWh, point.fedInWh + point.tradedWh),
    curtailedShare: share(point.curtailedWh, point.availableWh),
  }
}
