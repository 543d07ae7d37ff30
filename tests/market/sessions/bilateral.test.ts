import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ClearingEngine } from '../../../src/market/clear.ts'
import { ArcRoom } from '../../../src/market/sessions/arc-room.ts'
import { BilateralContracts, type Contract } from '../../../src/market/sessions/bilateral.ts'
import type { ArcFault } from '../../../src/market/sessions/session-faults.ts'
import { caseOf, type Case } from '../books.ts'
import { feeOf, pathOf } from './naive-rolling.ts'

/**
 *     0 busbar ── 1 feeder ── 2 roof
 *            └─── 3 mill
 */
const network = {
  busCount: 4,
  parent: Int32Array.of(-1, 0, 1, 0),
  feeUpTicks: Float64Array.of(0, 100, 10, 1),
  feeDownTicks: Float64Array.of(0, 200, 20, 2),
  capacityUpWh: Float64Array.of(0, 60, 50, Infinity),
  capacityDownWh: Float64Array.of(0, 40, Infinity, 30),
}
const busIds = ['busbar', 'feeder', 'roof', 'mill']
const terms = { sequence: 1, seller: 0, buyer: 1, sellBus: 2, buyBus: 3, quantityWh: 20, priceTicks: 3900 }

test('register() takes the contract’s energy from each arc up and down its path, and adds none the other way', () => {
  const room = new ArcRoom(network, busIds)
  const answer = new BilateralContracts(room).register(terms)
  expect(answer).toEqual({
    contract: {
      id: 1,
      sellId: 1,
      buyId: 1,
      sellOwner: 0,
      buyOwner: 1,
      sellBus: 2,
      buyBus: 3,
      quantityWh: 20,
      sellerTicks: 3900,
      pathFeeTicks: 112,
    },
  })
  expect([...room.left().capacityUpWh]).toEqual([0, 40, 30, Infinity])
  expect([...room.left().capacityDownWh]).toEqual([0, 40, Infinity, 10])
  expect([...network.capacityUpWh]).toEqual([0, 60, 50, Infinity])
})

test.each([
  ['from above to below', 0, 2, [0, 60, 50, Infinity], [0, 20, Infinity, 30]],
  ['from below to above', 2, 0, [0, 40, 30, Infinity], [0, 40, Infinity, 30]],
  ['within one bus', 2, 2, [0, 60, 50, Infinity], [0, 40, Infinity, 30]],
])('register() of a path %s', (_, sellBus, buyBus, up, down) => {
  const room = new ArcRoom(network)
  new BilateralContracts(room).register({ ...terms, sellBus, buyBus })
  expect([...room.left().capacityUpWh]).toEqual(up)
  expect([...room.left().capacityDownWh]).toEqual(down)
})

test('cancel(id) returns the room, once', () => {
  const room = new ArcRoom(network)
  const contracts = new BilateralContracts(room)
  contracts.register(terms)
  expect(contracts.cancel(1)).toMatchObject({ contract: { id: 1, quantityWh: 20 } })
  expect(room.left()).toEqual(network)
  expect(contracts.cancel(1)).toMatchObject({ fault: { code: 'unknown-contract', path: 'id', came: '1' } })
  expect(contracts.contracts()).toEqual([])
})

test('a contract beyond the room is refused with the narrowest arc, what was wanted and what is left', () => {
  const room = new ArcRoom(network, busIds)
  const contracts = new BilateralContracts(room)
  contracts.register(terms)
  const answer = contracts.register({ ...terms, sequence: 2, quantityWh: 11 })
  expect(answer).toEqual({
    fault: {
      code: 'arc-full',
      path: 'quantityWh',
      wanted: 'at most 0.010 kWh, the room left down into bus mill',
      came: '0.011 kWh',
      arc: { bus: 3, direction: 'down', wantedWh: 11, leftWh: 10 },
    },
  })
  const climbing = contracts.register({ ...terms, sequence: 3, buyBus: 0, quantityWh: 41 }) as {
    fault: ArcFault
  }
  expect(climbing.fault).toMatchObject({
    wanted: 'at most 0.030 kWh, the room left up from bus roof',
    arc: { bus: 2, direction: 'up', wantedWh: 41, leftWh: 30 },
  })
  expect(contracts.register({ ...terms, sequence: 4, quantityWh: 10 })).toHaveProperty('contract')
})

test('without names an arc is told by the row of its bus', () => {
  const contracts = new BilateralContracts(new ArcRoom(network))
  expect(contracts.register({ ...terms, quantityWh: 51, buyBus: 0 })).toMatchObject({
    fault: { wanted: 'at most 0.050 kWh, the room left up from bus in row 2' },
  })
})

test.each([
  ['a quantity of 0', { quantityWh: 0 }, 'quantity-not-positive'],
  ['a broken quantity', { quantityWh: 0.5 }, 'quantity-not-positive'],
  ['a price off the tick', { priceTicks: 0.5 }, 'price-out-of-range'],
  ['a price beyond the arithmetic', { priceTicks: 1_000_000_001 }, 'price-out-of-range'],
  ['one participant on both sides', { buyer: 0 }, 'self-trade'],
  ['more than an arc carries', { quantityWh: 31 }, 'arc-full'],
])('register() refuses %s and takes no room', (_, changes, code) => {
  const room = new ArcRoom(network)
  const contracts = new BilateralContracts(room)
  expect(contracts.register({ ...terms, ...changes })).toMatchObject({ fault: { code } })
  expect(room.left()).toEqual(network)
  expect(contracts.contracts()).toEqual([])
})

interface Zone extends Case {
  readonly requests: readonly { from: number; to: number; quantity: number; stays: boolean }[]
}

const zones: fc.Arbitrary<Zone> = fc
  .tuple(
    caseOf({ buses: 8, orders: 16 }),
    fc.array(
      fc.record({
        from: fc.nat(1_000_000),
        to: fc.nat(1_000_000),
        quantity: fc.integer({ min: 1, max: 30 }),
        stays: fc.boolean(),
      }),
      { maxLength: 12 },
    ),
  )
  .map(([each, requests]) => ({ ...each, requests }))

function register({ network: net, requests }: Zone): { room: ArcRoom; contracts: BilateralContracts } {
  const room = new ArcRoom(net)
  const contracts = new BilateralContracts(room)
  requests.forEach(({ from, to, quantity }, sequence) => {
    const [sellBus, buyBus] = [from % net.busCount, to % net.busCount]
    contracts.register({ ...terms, sequence, sellBus, buyBus, quantityWh: quantity })
  })
  return { room, contracts }
}

/** Energy of contracts over each arc, upward and downward. [Wh] */
function carried({ network: net }: Zone, contracts: readonly Contract[]): { up: number[]; down: number[] } {
  const up = Array.from({ length: net.busCount }, () => 0)
  const down = up.slice()
  for (const { sellBus, buyBus, quantityWh } of contracts) {
    const path = pathOf(net, sellBus, buyBus)
    for (const bus of path.up) up[bus]! += quantityWh
    for (const bus of path.down) down[bus]! += quantityWh
  }
  return { up, down }
}

test('contracts and the auction after them never exceed an arc, whichever contracts fall away later', () => {
  fc.assert(
    fc.property(zones, (zone) => {
      const { room, contracts } = register(zone)
      const { flowUpWh } = new ClearingEngine(room.left()).clear(zone.book)
      const standing = contracts.contracts()
      const { up, down } = carried(zone, standing)
      const kept = carried(
        zone,
        standing.filter(({ id }) => zone.requests[id]!.stays),
      )
      for (let bus = 1; bus < zone.network.busCount; bus++) {
        const flow = flowUpWh[bus]!
        const [upMost, downMost] = [zone.network.capacityUpWh[bus]!, zone.network.capacityDownWh[bus]!]
        expect(up[bus]! + Math.max(0, flow)).toBeLessThanOrEqual(upMost)
        expect(down[bus]! + Math.max(0, -flow)).toBeLessThanOrEqual(downMost)
        const net = kept.up[bus]! - kept.down[bus]! + flow
        expect(net).toBeLessThanOrEqual(upMost)
        expect(-net).toBeLessThanOrEqual(downMost)
      }
    }),
    { numRuns: 2000, seed: 50 },
  )
})

test('the room left is the capacity less the contracts that stand, and the fee is that of the path', () => {
  fc.assert(
    fc.property(zones, (zone) => {
      const { room, contracts } = register(zone)
      for (const { id } of contracts.contracts()) if (!zone.requests[id]!.stays) contracts.cancel(id)
      const standing = contracts.contracts()
      const { up, down } = carried(zone, standing)
      const left = room.left()
      for (let bus = 1; bus < zone.network.busCount; bus++) {
        expect(left.capacityUpWh[bus]! + up[bus]!).toBe(zone.network.capacityUpWh[bus]!)
        expect(left.capacityDownWh[bus]! + down[bus]!).toBe(zone.network.capacityDownWh[bus]!)
      }
      for (const { sellBus, buyBus, pathFeeTicks } of standing)
        expect(pathFeeTicks).toBe(feeOf(zone.network, sellBus, buyBus))
    }),
    { numRuns: 1000, seed: 51 },
  )
})

test('a contract is refused exactly when an arc of its path has too little room', () => {
  fc.assert(
    fc.property(zones, (zone) => {
      const { network: net, requests } = zone
      const contracts = new BilateralContracts(new ArcRoom(net))
      requests.forEach(({ from, to, quantity }, sequence) => {
        const [sellBus, buyBus] = [from % net.busCount, to % net.busCount]
        const { up, down } = carried(zone, contracts.contracts())
        const path = pathOf(net, sellBus, buyBus)
        const left = [
          ...path.up.map((bus) => net.capacityUpWh[bus]! - up[bus]!),
          ...path.down.map((bus) => net.capacityDownWh[bus]! - down[bus]!),
        ]
        const answer = contracts.register({ ...terms, sequence, sellBus, buyBus, quantityWh: quantity })
        if (Math.min(Infinity, ...left) >= quantity) expect(answer).toHaveProperty('contract')
        else
          expect(answer).toMatchObject({ fault: { arc: { wantedWh: quantity, leftWh: Math.min(...left) } } })
      })
    }),
    { numRuns: 1000, seed: 52 },
  )
})
