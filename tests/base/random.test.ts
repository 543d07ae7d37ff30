import { expect, test } from 'vitest'
import { randomStream } from '../../src/base/random.ts'

test('randomStream(seed, name) repeats itself, and differs by seed and by name', () => {
  const draws = (seed: number, name: string) => Array.from({ length: 4 }, randomStream(seed, name).uniform)
  expect(draws(7, 'load/a')).toEqual(draws(7, 'load/a'))
  expect(draws(7, 'load/a')).not.toEqual(draws(8, 'load/a'))
  expect(draws(7, 'load/a')).not.toEqual(draws(7, 'load/b'))
})

test('randomStream() has uniform first draws over many small seeds, and normal ones', () => {
  const firsts = Array.from({ length: 2000 }, (_, seed) => randomStream(seed, 'first').uniform())
  const mean = firsts.reduce((sum, value) => sum + value, 0) / firsts.length
  expect(Math.abs(mean - 0.5)).toBeLessThan(0.02)
  const stream = randomStream(1, 'normal')
  const normals = Array.from({ length: 20_000 }, () => stream.normal())
  const spread = Math.sqrt(normals.reduce((sum, value) => sum + value * value, 0) / normals.length)
  expect(Math.abs(spread - 1)).toBeLessThan(0.02)
})
