import { expect, test } from 'vitest'
import { archetypeNames, drawsOf, isInRange } from './load-factor.ts'

test.each(archetypeNames)('%s: a full year has its energy, its load factor lies in the range', (name) => {
  const draws = drawsOf(name, 6)
  expect(draws.factors.filter((factor) => !isInRange(draws, factor))).toEqual([])
  expect(new Set(draws.factors).size).toBe(6)
  expect(draws.energyApart).toBeLessThan(0.001)
})
