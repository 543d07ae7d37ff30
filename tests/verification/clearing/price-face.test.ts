import { expect, test } from 'vitest'
import { bookOf } from '../../market/books.ts'
import { priceFace } from './price-face.ts'

const book = bookOf(
  [
    { bus: 0, side: 0, limit: 10, quantity: 5 },
    { bus: 1, side: 1, limit: 4, quantity: 9 },
  ],
  2,
)
const links = [
  { from: 1, to: 0, feeTicks: 2, capacityWh: 7 },
  { from: 0, to: 1, feeTicks: 3, capacityWh: Infinity },
]

test('priceFace(): a sell with energy left over fixes its bus, and the fee the other', () => {
  const face = priceFace(book, 2, links, [5, 5], [5, 0])
  expect([[...face.lowTicks], [...face.highTicks]]).toEqual([
    [6, 4],
    [6, 4],
  ])
  expect(face.leftBy(Float64Array.of(6, 4))).toBe(0)
  expect(face.leftBy(Float64Array.of(8, 4))).toBe(2)
})

test('priceFace(): a full arc lets its ends apart, by no less than the fee', () => {
  const full = [{ ...links[0]!, capacityWh: 5 }, links[1]!]
  const face = priceFace(book, 2, full, [5, 5], [5, 0])
  expect([[...face.lowTicks], [...face.highTicks]]).toEqual([
    [6, 4],
    [10, 4],
  ])
})

test('priceFace() refuses an exchange that is not optimal', () => {
  expect(() => priceFace(book, 2, links, [4, 4], [4, 0])).toThrow('not optimal')
})
