import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parentsFirst } from '../../src/grid/network.ts'
import { isVoltageLevel, rankOf, voltageLevels } from '../../src/grid/voltage.ts'

/** A tree whose rows stand in any order: parents by row, -1 for the root. */
const jumbledTree = fc.array(fc.nat(1000), { maxLength: 30 }).chain((picks) => {
  const buses = picks.length + 1
  const rows = Array.from({ length: buses }, (_, bus) => bus)
  return fc.shuffledSubarray(rows, { minLength: buses }).map((rowOf) => {
    const parents = rows.map(() => -1)
    picks.forEach((pick, at) => {
      parents[rowOf[at + 1]!] = rowOf[pick % (at + 1)]!
    })
    return parents
  })
})

test('parentsFirst(parents) names every row once, each behind its parent', () => {
  fc.assert(
    fc.property(jumbledTree, (parents) => {
      const found = parentsFirst(parents)
      expect('order' in found).toBe(true)
      const { order } = found as { order: number[] }
      expect(order.toSorted((a, b) => a - b)).toEqual([...parents.keys()])
      const place = parents.map((_, bus) => order.indexOf(bus))
      parents.forEach((parent, bus) => {
        if (parent >= 0) expect(place[parent]).toBeLessThan(place[bus]!)
      })
    }),
    { numRuns: 500, seed: 33 },
  )
})

test('parentsFirst(parents) gives an order exactly when one root reaches every row', () => {
  const anyParents = fc
    .integer({ min: 1, max: 12 })
    .chain((buses) =>
      fc.array(fc.integer({ min: -1, max: buses - 1 }), { minLength: buses, maxLength: buses }),
    )
  let trees = 0
  fc.assert(
    fc.property(anyParents, (parents) => {
      const rootOf = (bus: number, left: number): number =>
        parents[bus] === -1 || left === 0 ? bus : rootOf(parents[bus]!, left - 1)
      const roots = parents.flatMap((parent, bus) => (parent === -1 ? [bus] : []))
      const ends = parents.map((_, bus) => rootOf(bus, parents.length))
      const isTree = roots.length === 1 && ends.every((end) => end === roots[0])
      if (isTree) trees++
      const found = parentsFirst(parents)
      expect('order' in found).toBe(isTree)
      if ('order' in found) return
      const rows = (kind: string) =>
        found.faults.flatMap((fault) => (fault.kind === kind && 'bus' in fault ? [fault.bus] : []))
      expect(rows('second-root')).toEqual(roots.slice(1))
      expect(found.faults.some((fault) => fault.kind === 'no-root')).toBe(roots.length === 0)
      // The row shown for a circle is one whose parents never end.
      for (const bus of rows('cycle')) expect(parents[ends[bus]!]).not.toBe(-1)
      if (roots.length > 0 && ends.some((end) => parents[end] !== -1)) expect(rows('cycle')).toHaveLength(1)
    }),
    { numRuns: 2000, seed: 34 },
  )
  expect(trees).toBeGreaterThan(100)
})

test('parentsFirst(parents) takes a chain of 200,000 buses without recursion', () => {
  const parents = Array.from({ length: 200_000 }, (_, bus) => (bus === 199_999 ? -1 : bus + 1))
  const found = parentsFirst(parents)
  expect('order' in found && found.order[0]).toBe(199_999)
  expect('order' in found && found.order.at(-1)).toBe(0)
})

test('rankOf(level) climbs with the voltage, and isVoltageLevel(text) knows these levels alone', () => {
  expect(voltageLevels.map(rankOf)).toEqual([0, 1, 2, 3, 4])
  const volts = voltageLevels.map((level) => Number.parseFloat(level))
  expect(volts).toEqual(volts.toSorted((a, b) => a - b))
  expect(voltageLevels.every(isVoltageLevel)).toBe(true)
  expect(['', '10', '10KV', '10 kV', '20kV', '500kV', 'toString'].some(isVoltageLevel)).toBe(false)
})
