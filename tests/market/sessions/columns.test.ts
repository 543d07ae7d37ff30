/** The structures under the rolling book against maps, lists and sorting. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { IdRows } from '../../../src/market/sessions/id-rows.ts'
import { KeyTrees } from '../../../src/market/sessions/key-trees.ts'
import { OwnOrders } from '../../../src/market/sessions/own-orders.ts'
import { PriceQueues } from '../../../src/market/sessions/price-queues.ts'
import { TreePaths } from '../../../src/market/sessions/tree-paths.ts'
import { network } from '../books.ts'
import { feeOf } from './naive-rolling.ts'

/** Few values, many of them near each other, some at the ends. */
const keys = (most: number) =>
  fc.oneof(
    fc.integer({ min: 0, max: Math.min(most, 70) }),
    fc.integer({ min: Math.max(0, most - 70), max: most }),
    fc.integer({ min: 0, max: most }),
  )

test('KeyTrees: get, first and rows are those of a sorted map', () => {
  const most = fc.constantFrom(0, 1, 31, 32, 1023, 1024, 20_000, 2_000_000_000)
  const streams = most.chain((keyMax) =>
    fc.tuple(
      fc.constant(keyMax),
      fc.array(fc.tuple(fc.nat(2), keys(keyMax)), { maxLength: 250, size: 'max' }),
    ),
  )
  fc.assert(
    fc.property(streams, ([keyMax, stream]) => {
      const trees = new KeyTrees(3, keyMax)
      const maps = Array.from({ length: 3 }, () => new Map<number, number>())
      stream.forEach(([tree, key], row) => {
        const map = maps[tree]!
        expect(trees.get(tree, key)).toBe(map.get(key) ?? -1)
        if (map.delete(key)) trees.delete(tree, key)
        else {
          map.set(key, row)
          trees.set(tree, key, row)
        }
        const rows = [...map].sort(([a], [b]) => a - b).map(([, each]) => each)
        expect(trees.first(tree)).toBe(rows[0] ?? -1)
        if (row % 10 === 0) expect(trees.rows(tree)).toEqual(rows)
      })
    }),
    { numRuns: 400, seed: 60 },
  )
})

test('IdRows answers like a map for ids near each other, far apart and beyond 2^32', () => {
  const id = fc.oneof(
    fc.nat(40),
    fc.nat(1_000_000),
    fc.nat(40).map((each) => each * 2 ** 32 + 7),
    fc.maxSafeNat(),
  )
  fc.assert(
    fc.property(fc.array(id, { maxLength: 400, size: 'max' }), (ids) => {
      const rows = new IdRows()
      const map = new Map<number, number>()
      ids.forEach((each, row) => {
        expect(rows.get(each)).toBe(map.get(each) ?? -1)
        if (map.delete(each)) rows.delete(each)
        else {
          map.set(each, row)
          rows.add(each, row)
        }
      })
      for (const each of ids) expect(rows.get(each)).toBe(map.get(each) ?? -1)
    }),
    { numRuns: 500, seed: 61 },
  )
})

test('PriceQueues: head(queue) is the first of those with the smallest key', () => {
  const event = fc.tuple(fc.nat(1), keys(20_000), fc.boolean())
  fc.assert(
    fc.property(fc.array(event, { maxLength: 900, size: 'max' }), (events) => {
      const queues = new PriceQueues(2, 20_000)
      queues.reserve(events.length)
      const lists: { key: number; row: number }[][] = [[], []]
      events.forEach(([queue, key, removes], row) => {
        const list = lists[queue]!
        if (removes && list.length > 0) {
          const [gone] = list.splice(key % list.length, 1)
          queues.remove(queue, gone!.row)
        } else {
          list.push({ key, row })
          queues.append(queue, key, row)
        }
        const best = Math.min(...list.map((each) => each.key))
        expect(queues.head(queue)).toBe(list.find((each) => each.key === best)?.row ?? -1)
      })
      for (const queue of [0, 1])
        expect(queues.levels(queue).flat()).toEqual(
          lists[queue]!.toSorted((a, b) => a.key - b.key || a.row - b.row).map(({ row }) => row),
        )
    }),
    { numRuns: 100, seed: 62 },
  )
})

test('OwnOrders: crossed() finds an own order exactly when there is one, its best on that bus', () => {
  const order = fc.record({
    owner: fc.nat(2),
    bus: fc.nat(1_000_000),
    side: fc.nat(1),
    cost: fc.integer({ min: -9, max: 9 }),
    removes: fc.integer({ min: 0, max: 2 }),
  })
  const cases = fc.tuple(network(4), fc.array(order, { maxLength: 300, size: 'max' }))
  fc.assert(
    fc.property(cases, ([net, orders]) => {
      const own = new OwnOrders(new TreePaths(net))
      own.reserve(orders.length)
      let waiting: { row: number; owner: number; bus: number; side: number; cost: number }[] = []
      orders.forEach(({ removes, ...came }, row) => {
        const each = { ...came, row, bus: came.bus % net.busCount }
        if (removes === 0 && waiting.length > 0) {
          const gone = waiting[came.bus % waiting.length]!
          own.remove(gone.row)
          waiting = waiting.filter((other) => other !== gone)
          return
        }
        const mine = waiting.filter(({ owner, side }) => owner === each.owner && side !== each.side)
        const crossed = mine.filter((other) => {
          const [from, to] = each.side === 1 ? [each.bus, other.bus] : [other.bus, each.bus]
          return each.cost + other.cost + feeOf(net, from, to) <= 0
        })
        const found = own.crossed(each.owner, each.bus, each.side, each.cost)
        const best = waiting.find((other) => other.row === found)
        expect(found !== -1).toBe(crossed.length > 0)
        if (best) {
          const rivals = mine.filter(({ bus }) => bus === best.bus)
          expect(crossed).toContain(best)
          expect(best.cost).toBe(Math.min(...rivals.map(({ cost }) => cost)))
        }
        own.add(row, each.owner, each.bus, each.side, each.cost)
        waiting.push(each)
      })
    }),
    { numRuns: 300, seed: 63 },
  )
})

test('OwnOrders holds a hundred thousand orders of one owner and gives up the best one by one', () => {
  const own = new OwnOrders(
    new TreePaths({
      busCount: 1,
      parent: Int32Array.of(-1),
      feeUpTicks: new Float64Array(1),
      feeDownTicks: new Float64Array(1),
      capacityUpWh: new Float64Array(1),
      capacityDownWh: new Float64Array(1),
    }),
  )
  const count = 100_000
  own.reserve(count)
  for (let row = 0; row < count; row++) own.add(row, 0, 0, 1, (row * 7919) % count)
  for (let cost = 0; cost < count; cost++) {
    const best = own.crossed(0, 0, 0, 0 - cost)
    if ((best * 7919) % count !== cost)
      throw new Error(`the best costs ${(best * 7919) % count}, not ${cost}`)
    own.remove(best)
  }
  expect(own.crossed(0, 0, 0, -count)).toBe(-1)
})

test('TreePaths: feeTicks(from, to) sums the arcs of the path', () => {
  fc.assert(
    fc.property(network(12), fc.nat(11), fc.nat(11), (net, one, other) => {
      const [from, to] = [one % net.busCount, other % net.busCount]
      expect(new TreePaths(net).feeTicks(from, to)).toBe(feeOf(net, from, to))
    }),
    { numRuns: 1000, seed: 64 },
  )
})

test('TreePaths refuses parents that come late and fees that are negative or too large to be exact', () => {
  const net = {
    busCount: 2,
    parent: Int32Array.of(-1, 0),
    feeUpTicks: new Float64Array(2),
    feeDownTicks: new Float64Array(2),
    capacityUpWh: new Float64Array(2),
    capacityDownWh: new Float64Array(2),
  }
  expect(() => new TreePaths({ ...net, parent: Int32Array.of(-1, 1) })).toThrow(
    'bus 1 stands before its parent',
  )
  expect(() => new TreePaths({ ...net, feeUpTicks: Float64Array.of(0, -1) })).toThrow('not -1')
  expect(() => new TreePaths({ ...net, feeDownTicks: Float64Array.of(0, 2 ** 51) })).toThrow('on one way')
})
