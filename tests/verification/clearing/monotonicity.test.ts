import fc from 'fast-check'
import { expect, test } from 'vitest'
import { laws, seed } from './monotonicity.ts'

test.each(laws)('$name', ({ changes, brokenBy }) => {
  fc.assert(
    fc.property(changes, (change) => {
      expect(brokenBy(change)).toBe(0)
    }),
    { numRuns: 1000, seed },
  )
})

test.each(laws)('$name: the change turned round breaks it somewhere', ({ changes, brokenBy }) => {
  const broken = fc
    .sample(changes, { numRuns: 200, seed })
    .map(({ before, after }) => brokenBy({ before: after, after: before }))
  expect(broken.some((by) => by > 0)).toBe(true)
})
