import fc from 'fast-check'
import { expect, test } from 'vitest'
import { apartFromHighs, booksOf } from './highs.ts'
import { families } from './random-trees.ts'

test.each(families)('HiGHS agrees in welfare, volume and every supporting price: $name', (family) => {
  fc.assert(
    fc.property(family.cases, (each) => {
      const { ends, ...apart } = apartFromHighs(each)
      expect(apart).toEqual({ welfare: 0n, volume: 0, outside: 0, bound: 0n })
      expect(ends.filter((end) => end !== 0)).toEqual([])
    }),
    { numRuns: Math.ceil(family.books / 20), seed: family.seed },
  )
})

test('booksOf(family) has the kinds of book that its name promises', () => {
  const [, ties, closed, negative, empty, chains, large, narrowed] = families.map((family) =>
    booksOf(family, 20),
  )
  const limits = (books: typeof ties) =>
    books!.flatMap(({ book }) => [...book.limitTicks.subarray(0, book.count)])
  expect(new Set(limits(ties)).size).toBe(3)
  expect(Math.max(...limits(negative))).toBeLessThan(0)
  expect(
    closed!.every(({ network }) => network.capacityUpWh.every((wh) => wh === 0 || wh === Infinity)),
  ).toBe(true)
  expect(empty!.every(({ book }) => new Set(book.side).size <= 1)).toBe(true)
  expect(chains!.every(({ network }) => network.busCount === 200 && network.parent[199] === 198)).toBe(true)
  expect(large!.every(({ network, book }) => network.busCount === 50 && book.count >= 200)).toBe(true)
  expect(narrowed!.every(({ book }) => book.count >= 500)).toBe(true)
})
