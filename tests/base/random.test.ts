import { createHash } from 'node:crypto'
import { randomNormal } from 'd3-random'
import fc from 'fast-check'
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus'
import { expect, test } from 'vitest'
import { randomStream } from '../../src/base/random.ts'

/** The same stream from two libraries. */
function libraryStream(seed: number, name: string) {
  const hash = createHash('sha256').update(`${seed}/${name}`).digest()
  const generator = xoroshiro128plusFromState([0, 4, 8, 12].map((offset) => hash.readInt32LE(offset)))
  const uniform = () => uniformFloat64(generator)
  return { uniform, normal: randomNormal.source(uniform)(0, 1) }
}

test('randomStream() draws what pure-rand and d3-random draw, whatever is drawn in turn', () => {
  const draws = fc.array(fc.oneof(fc.constantFrom('uniform', 'normal'), fc.nat({ max: 9 })), {
    maxLength: 60,
  })
  fc.assert(
    fc.property(fc.integer(), fc.string(), draws, (seed, name, asked) => {
      const ours = randomStream(seed, name)
      const theirs = libraryStream(seed, name)
      for (const what of asked) {
        if (what === 'uniform') expect(ours.uniform()).toBe(theirs.uniform())
        else if (what === 'normal') expect(ours.normal()).toBe(theirs.normal())
        else {
          const column = new Float64Array(what)
          ours.fillNormal(column)
          expect(column).toEqual(column.map(() => theirs.normal()))
        }
      }
    }),
  )
})

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
