import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { buildZone } from '../../src/scenario/build.ts'
import { parseScenario } from '../../src/scenario/parse.ts'
import { buildWorld } from '../../src/simulation/world.ts'
import { minimal } from './zones.ts'

/** The minimal zone with other prices from outside from its second day on. */
function upstreamOf(set: string[]): Float64Array {
  const read = (path: string) => {
    const text = readFileSync(path, 'utf8')
    if (!path.includes('tariffs')) return text
    const book = JSON.parse(text)
    const [first] = book.upstream
    const later = { ...first.hourlyPrice, values: Array.from({ length: 24 }, (_, hour) => `0.${hour + 20}`) }
    book.upstream = [
      { ...first, validTo: '2027-05-10' },
      { validFrom: '2027-05-11', validTo: null, hourlyPrice: later },
    ]
    return JSON.stringify(book)
  }
  const parsed = parseScenario({ file: minimal, text: readFileSync(minimal, 'utf8') }, set)
  const built = parsed.ok ? buildZone(parsed.scenario, { read }) : parsed
  const world = built.ok ? buildWorld(built.zone, () => undefined) : built
  if (!world.ok) throw new Error(JSON.stringify(world.faults))
  return world.value.upstreamE8
}

test('prices from outside follow the book from the day of a new edition on, unless the scenario names its own', () => {
  const upstreamE8 = upstreamOf([])
  expect([upstreamE8[0], upstreamE8[95]]).toEqual([41_250_000, 42_250_000])
  expect([upstreamE8[96], upstreamE8[191], upstreamE8[192 + 4]]).toEqual([20_000_000, 43_000_000, 21_000_000])
  const own = upstreamOf([`upstream_cny_per_kwh=[${Array.from({ length: 24 }, () => 0.3).join(', ')}]`])
  expect(new Set(own)).toEqual(new Set([30_000_000]))
})
