import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addCurves, emptyCurve } from '../../src/market/engine/add-curves.ts'

interface Curve {
  readonly demand: number
  readonly steps: readonly (readonly [key: number, energy: number])[]
}

const curve: fc.Arbitrary<Curve> = fc.record({
  demand: fc.nat(50),
  steps: fc
    .array(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: 1, max: 20 })), { maxLength: 12 })
    .map((steps) => steps.toSorted(([a], [b]) => a - b)),
})

function pairsOf({ demand, steps }: Curve): number[] {
  let level = 0 - demand
  return [-Infinity, level, ...steps.flatMap(([key, energy]) => [key, (level += energy)]), Infinity, Infinity]
}

test('addCurves() sorts the steps of both and sums them up, into another column or the same', () => {
  fc.assert(
    fc.property(curve, curve, fc.nat(3), fc.boolean(), (one, other, gap, isSame) => {
      const left = pairsOf(one)
      const right = pairsOf(other)
      // The right one may stand before the left one, with something between.
      const pairs = Float64Array.from([...right, ...Array(gap).fill(NaN), ...left, ...Array(80).fill(NaN)])
      const at = right.length + gap
      const curves = { left: at, leftEnd: at + left.length, right: 0, rightEnd: right.length }
      const to = isSame ? pairs : new Float64Array(80).fill(NaN)
      const out = isSame ? curves.leftEnd : 2
      const end = addCurves(pairs, curves, to, out)
      const both = {
        demand: one.demand + other.demand,
        steps: [...one.steps, ...other.steps].toSorted(([a], [b]) => a - b),
      }
      expect(end - out).toBe(2 * both.steps.length + emptyCurve)
      const sum = [...to.subarray(out, end)].map((value) => value + 0)
      // Between equal keys the levels may come in another order; after the last of them they are the same.
      expect(lastOfEach(sum)).toEqual(lastOfEach(pairsOf(both)))
      expect([...pairs.subarray(0, right.length)]).toEqual(right)
    }),
    { numRuns: 2000, seed: 71 },
  )
})

/** The pairs of a curve, of equal keys the last one. */
function lastOfEach(numbers: readonly number[]): number[][] {
  const pairs = Array.from({ length: numbers.length / 2 }, (_, pair) => numbers.slice(2 * pair, 2 * pair + 2))
  return pairs.filter(([key], pair) => key !== pairs[pair + 1]?.[0])
}
