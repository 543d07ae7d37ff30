/** Who has which strategy: what a scenario names for one, for a kind, and by shares among those who are drawn. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { describeFault } from '../../src/base/errors.ts'
import { parseScenario } from '../../src/scenario/parse.ts'
import { minimal, pilot, strategicPark, zoneOf } from '../simulation/zones.ts'

const faultsOf = (file: string, ...set: string[]) => {
  const parsed = parseScenario({ file, text: readFileSync(file, 'utf8') }, set)
  return parsed.ok ? [] : parsed.faults.map(describeFault)
}

test('without a word everybody has what the scenario names for its kind, sellers the truth', () => {
  const zone = zoneOf(minimal, 'strategy=adaptive')
  expect(zone.enterprises.map(({ strategy }) => strategy.kind)).toEqual(['adaptive', 'adaptive'])
  expect(zone.pvUnits.map(({ strategy }) => strategy.kind)).toEqual(['truthful'])
  const sellers = zoneOf(pilot, 'pv_strategy={ markup: 0.1 }', 'cogeneration_strategy=adaptive')
  expect(sellers.pvUnits.every(({ strategy }) => strategy.kind === 'markup')).toBe(true)
  expect(sellers.pvUnits.some(({ id }) => id.startsWith('roof-'))).toBe(true)
  expect(sellers.cogenerations.map(({ strategy }) => strategy)).toEqual([{ kind: 'adaptive' }])
  expect(sellers.enterprises.every(({ strategy }) => strategy.kind === 'truthful')).toBe(true)
})

test('strategies are shared out among the drawn by number, by the seed, and change nothing else of them', () => {
  const drawnOf = (zone: ReturnType<typeof zoneOf>) =>
    zone.enterprises.filter(({ id }) => id.startsWith('tenant-'))
  const drawn = drawnOf(zoneOf(strategicPark))
  const count = (kind: string) => drawn.filter(({ strategy }) => strategy.kind === kind).length
  expect([count('adaptive'), count('markup'), count('truthful')]).toEqual([3, 2, 5])
  const plain = drawnOf(
    zoneOf(strategicPark, 'participants.draws.groups.0.strategies=[{ strategy: external, share: 1 }]'),
  )
  const rest = (each: (typeof drawn)[number]) => ({ ...each, strategy: null })
  expect(plain.map(rest)).toEqual(drawn.map(rest))
  expect(plain.every(({ strategy }) => strategy.kind === 'external')).toBe(true)
  const adaptives = (zone: ReturnType<typeof zoneOf>) =>
    drawnOf(zone).flatMap(({ strategy }, at) => (strategy.kind === 'adaptive' ? [at] : []))
  const seeds = [11, 12, 13].map((seed) => String(adaptives(zoneOf(strategicPark, `seed=${seed}`))))
  expect(new Set(seeds).size).toBeGreaterThan(1)
})

test.each([
  [
    'strategy=clever',
    /strategy: wanted one of truthful, zero-intelligence, adaptive, external, or \{ markup: share \}/,
  ],
  ['strategy={ markup: 2 }', /strategy\.markup: wanted/],
  [
    'participants.draws.groups.0.strategies.0.share=0.9',
    /strategies: wanted shares of at most 1 together, came 1\.1/,
  ],
  ['participants.storage.0.strategy=adaptive', /storage\.0\.strategy: wanted/],
  ['participants.pv_plants.0.strategy=wild', /pv_plants\.0\.strategy: wanted one of truthful/],
])('%s is a fault', (set, expected) => {
  const faults = faultsOf(strategicPark, set)
  expect(faults).toHaveLength(1)
  expect(faults[0]).toMatch(expected)
})

test('a battery that serves its host cannot take orders from outside', () => {
  const serving = ['participants.storage.0.mode=own-load', 'participants.storage.0.host=foundry']
  expect(faultsOf(strategicPark, ...serving)).toEqual([])
  const [fault] = faultsOf(strategicPark, ...serving, 'participants.storage.0.strategy=external')
  expect(fault).toMatch(/storage\.0\.strategy: wanted value, or none, in mode own-load, came "external"/)
})
