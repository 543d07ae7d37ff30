/** Whether drawn loads have the load factors and the energy of their kind (`seeds/load-archetypes.json`). */
import { readFileSync } from 'node:fs'
import { randomStream } from '../../../src/base/random.ts'
import { parseHolidays } from '../../../src/assets/holidays.ts'
import { parseLoadArchetypes } from '../../../src/assets/load/archetype.ts'
import { synthesizeLoad } from '../../../src/assets/load/synthesize.ts'
import { count, table, type Section } from '../findings.ts'
import { calendar, pilotSeed, synthesizeYear } from './synthetic-year.ts'

export const readSeed = (name: string): unknown => JSON.parse(readFileSync(`seeds/${name}.json`, 'utf8'))
export const holidays = parseHolidays(readSeed('holidays-cn'))
export const archetypes = parseLoadArchetypes(readSeed('load-archetypes'))
export const archetypeNames = [...archetypes.keys()]
export const annualKwh = 1_000_000

/** Drawn when first asked for: the weather of the pilot's year. */
let airTempC: Float64Array | undefined

/** A year of one enterprise. [kW] */
export function drawLoad(
  name: string,
  seed = 1,
  options: Partial<Parameters<typeof synthesizeLoad>[0]> = {},
): Float64Array {
  airTempC ??= synthesizeYear(pilotSeed).weather.airTempC
  return synthesizeLoad({
    archetype: archetypes.get(name)!,
    annualKwh,
    calendar,
    holidays,
    airTempC,
    random: randomStream(seed, `load/${name}`),
    ...options,
  })
}

/** Mean over highest quarter-hour. */
export function loadFactor(load: Float64Array): number {
  const total = load.reduce((sum, kw) => sum + kw, 0)
  return total / load.length / load.reduce((most, kw) => Math.max(most, kw), 0)
}

export interface Draws {
  readonly name: string
  readonly low: number
  readonly high: number
  readonly factors: readonly number[]
  /** energy drawn less energy asked for, at most [kWh] */
  readonly energyApart: number
}

export function drawsOf(name: string, draws: number): Draws {
  const { low, high } = archetypes.get(name)!.loadFactor
  const loads = Array.from({ length: draws }, (_, seed) => drawLoad(name, seed))
  const energies = loads.map((load) => load.reduce((sum, kw) => sum + kw, 0) / 4 - annualKwh)
  return {
    name,
    low: low.value,
    high: high.value,
    factors: loads.map(loadFactor),
    energyApart: energies.reduce((most, kwh) => Math.max(most, Math.abs(kwh)), 0),
  }
}

export function isInRange({ low, high }: Draws, factor: number): boolean {
  return factor > low && factor < high
}

export const loadFactorSection: Section = {
  name: 'physics/load-factor',
  run: (size) => {
    const all = archetypeNames.map((name) => drawsOf(name, size === 'full' ? 50 : 2))
    const factors = all.flatMap((draws) => draws.factors.map((factor) => isInRange(draws, factor)))
    const held = factors.filter((isIn) => isIn).length
    const energy = all.reduce((most, { energyApart }) => Math.max(most, energyApart), 0)
    return {
      rows: [
        [
          'drawn loads, seven kinds',
          'load factor of the year (负荷率) in the range of its kind',
          'inside',
          'see below',
          count(factors.length),
          count(held),
          'drawn for it',
        ],
        [
          'drawn loads, seven kinds',
          'energy of the year',
          '1,000,000 kWh',
          `${energy.toExponential(0)} kWh at most`,
          count(factors.length),
          count(energy < 1e-3 ? factors.length : 0),
          'drawn for it',
        ],
      ],
      blocks: {
        'load-factors': table(
          ['kind', 'range', 'lowest drawn', 'highest drawn'],
          all.map(({ name, low, high, factors: own }) => [
            name,
            `${low} to ${high}`,
            Math.min(...own).toFixed(3),
            Math.max(...own).toFixed(3),
          ]),
        ),
      },
      misses: held < factors.length || energy >= 1e-3 ? ['the loads of a kind'] : [],
    }
  },
}
