/** Random requests for orders, right and wrong ones, over a few intervals and participants. */
import fc from 'fast-check'
import type { OrderTerms, Origin } from '../../src/store/port.ts'

export const terms: fc.Arbitrary<OrderTerms> = fc.record({
  side: fc.constantFrom(0 as const, 1 as const),
  bus: fc.nat({ max: 49 }),
  limitTicks: fc.integer({ min: -20_000, max: 20_000 }),
  quantityWh: fc.integer({ min: 1, max: 1_000_000 }),
})

/** What is asked for; orders are picked among those placed, intervals counted from the first. */
export type Asked =
  | {
      readonly kind: 'place'
      readonly participant: number
      readonly origin: Origin
      readonly orders: readonly (OrderTerms & { later: number })[]
    }
  | {
      readonly kind: 'change'
      readonly participant: number
      readonly pick: number
      readonly version: number
      readonly terms: OrderTerms | undefined
    }
  | { readonly kind: 'close' }
  | { readonly kind: 'clear' }

const participant = fc.integer({ min: 1, max: 3 })

export const asked: fc.Arbitrary<Asked> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('place' as const),
      participant,
      origin: fc.constantFrom(0 as const, 1 as const),
      orders: fc.array(
        fc.tuple(terms, fc.nat({ max: 4 })).map(([order, later]) => ({ ...order, later })),
        { minLength: 1, maxLength: 6 },
      ),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('change' as const),
      participant,
      pick: fc.nat(),
      version: fc.integer({ min: 1, max: 3 }),
      terms: fc.option(terms, { nil: undefined }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'close' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'clear' as const }) },
)
