/**
 * `--vary PATH=a,b,c`: one lever of a scenario and the values it is to have. A lever is a path of the file, or one of the
 * names below, which planners use and which move several places of the file at once.
 */
import { show, type Fault } from '../base/errors.ts'
import type { ScenarioData } from './schema.ts'

export interface Lever {
  readonly name: string
  readonly values: readonly string[]
}

/** The lever of wheeling regimes, and its path in the file. */
export const wheelingLever = 'wheeling'
const wheelingPath = 'zone.wheeling.regime'

/** A fleet's size: its units keep their proportions, what is in brackets moves along. */
const fleets = {
  'storage.energy_kwh': { list: 'storage', size: 'energy_kwh', along: ['power_kw'] },
  'pv_plants.capacity_kw': { list: 'pv_plants', size: 'capacity_kw', along: [] },
} as const

/** Strategies of everybody on a side: the defaults of the scenario, and what its participants name for themselves. */
const sides = {
  'buyers.strategy': { defaults: ['strategy'], lists: ['enterprises'] },
  'sellers.strategy': {
    defaults: ['pv_strategy', 'cogeneration_strategy'],
    lists: ['pv_plants', 'pv_roofs', 'cogeneration'],
  },
} as const

/** Reads `PATH=a,b,c`; commas inside brackets belong to a value. */
export function parseLever(text: string): Lever | Fault {
  const split = text.indexOf('=')
  const values = split < 1 ? [] : splitValues(text.slice(split + 1))
  if (values.length === 0 || values.includes('')) {
    return { code: 'vary', path: '--vary', wanted: 'PATH=value,value,…', came: text }
  }
  const name = text.slice(0, split)
  return { name: name === wheelingPath ? wheelingLever : name, values }
}

function splitValues(text: string): string[] {
  const values = ['']
  let depth = 0
  for (const letter of text) {
    if ('[{('.includes(letter)) depth++
    if (']})'.includes(letter)) depth--
    if (letter === ',' && depth === 0) values.push('')
    else values[values.length - 1] += letter
  }
  return values.map((value) => value.trim())
}

/**
 * What has to be set in a scenario for a lever to have a value, as `path=value` each.
 *
 *     storage.energy_kwh=S:  energy of unit i · S / Σ energies, its power likewise; 0 takes the fleet away
 *     buyers.strategy=S:     S for all enterprises, whatever they name themselves
 */
export function settingsOf(lever: string, value: string, scenario: ScenarioData): string[] | Fault {
  if (lever === wheelingLever) return [`${wheelingPath}=${value}`]
  if (Object.hasOwn(sides, lever)) return strategySettings(lever as keyof typeof sides, value, scenario)
  if (!Object.hasOwn(fleets, lever)) return [`${lever}=${value}`]
  const { list, size, along } = fleets[lever as keyof typeof fleets]
  const units = scenario.participants[list] as readonly Readonly<Record<string, unknown>>[]
  const total = units.reduce((sum, unit) => sum + Number(unit[size]), 0)
  const wanted = Number(value)
  if (value === '' || !Number.isFinite(wanted) || wanted < 0) {
    return { code: 'vary', path: lever, wanted: 'a number from 0', came: show(value) }
  }
  if (wanted === 0) return [`participants.${list}=[]`]
  if (total === 0)
    return { code: 'vary', path: lever, wanted: `units under participants.${list}`, came: 'none' }
  return units.flatMap((unit, index) =>
    [size, ...along].map(
      (field) => `participants.${list}.${index}.${field}=${(Number(unit[field]) * wanted) / total}`,
    ),
  )
}

function strategySettings(
  lever: keyof typeof sides,
  value: string,
  { participants }: ScenarioData,
): string[] {
  const { defaults, lists } = sides[lever]
  const own = lists.filter((list) => participants[list].length > 0)
  const isDrawn = lever === 'buyers.strategy' && participants.draws !== undefined
  return [
    ...defaults.map((path) => `${path}=${value}`),
    ...own.map((list) => `participants.${list}.*.strategy=${value}`),
    ...(isDrawn ? [`participants.draws.groups.*.strategies=[{ strategy: ${value}, share: 1 }]`] : []),
  ]
}
