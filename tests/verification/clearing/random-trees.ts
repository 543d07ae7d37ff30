/** Families of random books, each meant to hurt in one way; prices in ticks, energy in Wh. */
import fc from 'fast-check'
import { caseOf, type Case } from '../../market/books.ts'

export interface Family {
  readonly name: string
  /** how many of them a full run clears, each from the family's own seed */
  readonly books: number
  readonly seed: number
  readonly cases: fc.Arbitrary<Case>
}

const openOrClosed = fc.constantFrom(0, Infinity)
const someOpen = fc.oneof(openOrClosed, fc.integer({ min: 1, max: 60 }))

export const families: readonly Family[] = [
  { name: 'trees of up to 8 buses, coarse prices', books: 8000, seed: 101, cases: caseOf() },
  {
    name: 'ties everywhere: three prices, fees 0 and 1',
    books: 4000,
    seed: 102,
    cases: caseOf({ buses: 10, orders: 24, lowest: 0, prices: 2, fees: 1, quantities: 6 }),
  },
  {
    name: 'arcs closed or without a limit',
    books: 3000,
    seed: 103,
    cases: caseOf({ buses: 12, orders: 20, room: openOrClosed }),
  },
  {
    name: 'negative prices only',
    books: 3000,
    seed: 104,
    cases: caseOf({ buses: 8, orders: 16, lowest: -40, prices: -1, fees: 6 }),
  },
  {
    name: 'one side empty, or no order at all',
    books: 1000,
    seed: 105,
    cases: fc
      .constantFrom(0, 1)
      .chain((side) => caseOf({ buses: 8, orders: 6, lowest: -5, sides: fc.constant(side) })),
  },
  {
    name: 'chains of 200 buses',
    books: 500,
    seed: 106,
    cases: caseOf({
      busesMin: 200,
      buses: 200,
      chain: fc.constant(true),
      room: someOpen,
      ordersMin: 150,
      orders: 300,
      lowest: -10,
      prices: 60,
      fees: 2,
    }),
  },
  {
    name: '50 buses, prices and quantities of a real day',
    books: 300,
    seed: 107,
    cases: caseOf({
      busesMin: 50,
      buses: 50,
      room: fc.oneof(fc.constant(Infinity), fc.integer({ min: 0, max: 5_000_000 })),
      ordersMin: 200,
      orders: 400,
      lowest: 2000,
      prices: 9000,
      fees: 450,
      quantities: 500_000,
    }),
  },
  {
    name: 'books large enough to be narrowed first',
    books: 300,
    seed: 108,
    cases: caseOf({
      buses: 20,
      ordersMin: 500,
      orders: 900,
      room: someOpen,
      lowest: -200,
      prices: 800,
      fees: 30,
      quantities: 50,
    }),
  },
]
