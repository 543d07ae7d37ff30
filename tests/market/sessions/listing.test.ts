import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ArcRoom } from '../../../src/market/sessions/arc-room.ts'
import { ListingBoard } from '../../../src/market/sessions/listing.ts'
import type { OpenOrder, SessionTrade } from '../../../src/market/sessions/session-order.ts'
import { network } from '../books.ts'
import { feeOf, NaiveRoom } from './naive-rolling.ts'

const twoBuses = {
  busCount: 2,
  parent: Int32Array.of(-1, 0),
  feeUpTicks: Float64Array.of(0, 100),
  feeDownTicks: Float64Array.of(0, 200),
  capacityUpWh: Float64Array.of(0, 6),
  capacityDownWh: Float64Array.of(0, Infinity),
}

function board(range?: { floorTicks: number; capTicks: number }) {
  const room = new ArcRoom(twoBuses, ['busbar', 'feeder'])
  const listings = new ListingBoard(room, range)
  listings.list({ sequence: 1, owner: 1, bus: 1, side: 1, limitTicks: 3900, quantityWh: 10 })
  listings.list({ sequence: 2, owner: 2, bus: 1, side: 0, limitTicks: 4500, quantityWh: 10 })
  return { room, listings }
}

const take = { sequence: 3, id: 1, owner: 3, bus: 0, quantityWh: 4 }

test('who takes a seller’s listing pays its price and the path fee', () => {
  const { room, listings } = board()
  expect(listings.take(take)).toEqual({
    trade: {
      sellId: 1,
      buyId: 3,
      sellOwner: 1,
      buyOwner: 3,
      quantityWh: 4,
      sellerTicks: 3900,
      pathFeeTicks: 100,
    },
  })
  expect(listings.listing(1)).toMatchObject({ openWh: 6 })
  expect(room.leftWh(1, 'up')).toBe(2)
})

test('who takes a buyer’s listing receives what the path fee leaves of its price', () => {
  const { listings } = board()
  expect(listings.take({ ...take, id: 2 })).toMatchObject({
    trade: { sellId: 3, buyId: 2, sellOwner: 3, buyOwner: 2, sellerTicks: 4300, pathFeeTicks: 200 },
  })
})

test('first come: a listing taken whole is gone', () => {
  const { listings } = board()
  expect(listings.take({ ...take, bus: 1, quantityWh: 10 })).toHaveProperty('trade')
  expect(listings.take({ ...take, sequence: 4 })).toMatchObject({
    fault: { code: 'unknown-listing', came: '1' },
  })
  expect(listings.orders().map(({ id }) => id)).toEqual([2])
})

test('cancel(id) takes what is left off the board, once', () => {
  const { listings } = board()
  listings.take(take)
  expect(listings.cancel(1)).toMatchObject({ listing: { id: 1, openWh: 6 } })
  expect(listings.cancel(1)).toMatchObject({ fault: { code: 'unknown-listing' } })
  expect(listings.listing(1)).toBeUndefined()
})

test.each([
  ['a quantity of 0', { quantityWh: 0 }, 'quantity-not-positive', '0'],
  ['a listing that is not there', { id: 9 }, 'unknown-listing', '9'],
  ['an own listing', { owner: 1 }, 'self-trade', 'participant 1 on both sides'],
  ['more than is listed', { quantityWh: 11 }, 'more-than-listed', '0.011 kWh'],
  ['more than an arc carries', { quantityWh: 7 }, 'arc-full', '0.007 kWh'],
  ['a price that the fee carries above the cap', {}, 'price-out-of-range', '0.4000 CNY/kWh'],
])('take() refuses %s and changes nothing', (_, changes, code, came) => {
  const range = { floorTicks: 0, capTicks: code === 'price-out-of-range' ? 3999 : 20_000 }
  const { room, listings } = board(range)
  const before = listings.orders()
  expect(listings.take({ ...take, ...changes })).toMatchObject({ fault: { code, came } })
  expect(listings.orders()).toEqual(before)
  expect(room.left()).toEqual(twoBuses)
})

test.each([
  ['a quantity that is not whole', { quantityWh: 1.5 }, 'quantity-not-positive'],
  ['a limit above the cap', { limitTicks: 20_001 }, 'price-out-of-range'],
  ['more than a session holds', { quantityWh: 2 ** 52 - 20 }, 'total-too-large'],
])('list() refuses %s', (_, changes, code) => {
  const { listings } = board({ floorTicks: 0, capTicks: 20_000 })
  const listing = { sequence: 3, owner: 1, bus: 0, side: 0, limitTicks: 1, quantityWh: 1, ...changes }
  expect(listings.list(listing)).toMatchObject({ fault: { code } })
  expect(listings.orders()).toHaveLength(2)
})

test('what is refused for the total may come once something is taken or cancelled', () => {
  const { listings } = board()
  const most = { sequence: 3, owner: 1, bus: 0, side: 0, limitTicks: 1, quantityWh: 2 ** 52 - 11 }
  expect(listings.list(most)).toMatchObject({ fault: { code: 'total-too-large' } })
  listings.cancel(1)
  expect(listings.list({ ...most, sequence: 4 })).toHaveProperty('listing')
})

type Event =
  | { kind: 'list'; owner: number; bus: number; side: number; limit: number; quantity: number }
  | { kind: 'take'; owner: number; bus: number; pick: number; quantity: number }
  | { kind: 'cancel'; pick: number }

const pick = fc.nat(1_000_000)
const quantity = fc.integer({ min: 1, max: 12 })
const event: fc.Arbitrary<Event> = fc.oneof(
  fc
    .record({
      owner: fc.nat(2),
      bus: pick,
      side: fc.nat(1),
      limit: fc.integer({ min: -2, max: 8 }),
      quantity,
    })
    .map((each) => ({ kind: 'list' as const, ...each })),
  fc
    .record({ owner: fc.nat(2), bus: pick, pick, quantity })
    .map((each) => ({ kind: 'take' as const, ...each })),
  fc.record({ pick }).map((each) => ({ kind: 'cancel' as const, ...each })),
)

test('list, take and cancel follow their rules word by word, on random trees with limits', () => {
  const cases = fc.tuple(network(6), fc.array(event, { maxLength: 50, size: 'max' }))
  fc.assert(
    fc.property(cases, ([net, events]) => {
      const room = new ArcRoom(net)
      const naiveRoom = new NaiveRoom(net)
      const listings = new ListingBoard(room)
      const listed: (OpenOrder & { openWh: number; askedWh: number; goneWh: number })[] = []
      const trades: SessionTrade[] = []
      events.forEach((each, sequence) => {
        const open = listed.filter(({ openWh }) => openWh > 0)
        if (each.kind === 'list') {
          const { owner, side, limit: limitTicks } = each
          const bus = each.bus % net.busCount
          listings.list({ sequence, owner, bus, side, limitTicks, quantityWh: each.quantity })
          const order = { id: sequence, sequence, owner, bus, side, limitTicks, openWh: each.quantity }
          listed.push({ ...order, askedWh: each.quantity, goneWh: 0 })
          return
        }
        const target = listed[each.pick % Math.max(1, listed.length)]
        const id = target?.id ?? 0
        if (each.kind === 'cancel') {
          const answer = listings.cancel(id)
          expect('listing' in answer).toBe(open.includes(target!))
          if (target) [target.goneWh, target.openWh] = [target.goneWh + target.openWh, 0]
          return
        }
        const bus = each.bus % net.busCount
        const answer = listings.take({ sequence, id, owner: each.owner, bus, quantityWh: each.quantity })
        const [from, to] = target?.side === 1 ? [target.bus, bus] : [bus, target?.bus ?? 0]
        const fits =
          target !== undefined &&
          each.quantity <= target.openWh &&
          each.owner !== target.owner &&
          each.quantity <= naiveRoom.mostWh(from, to)
        expect('trade' in answer).toBe(fits)
        if (!('trade' in answer) || !target) return
        target.openWh -= each.quantity
        naiveRoom.take(from, to, each.quantity)
        const fee = feeOf(net, from, to)
        expect(answer.trade.pathFeeTicks).toBe(fee)
        expect(answer.trade.sellerTicks + (target.side === 1 ? 0 : fee)).toBe(target.limitTicks)
        trades.push(answer.trade)
      })
      expect([...room.left().capacityUpWh]).toEqual(naiveRoom.upWh)
      expect([...room.left().capacityDownWh]).toEqual(naiveRoom.downWh)
      expect(listings.orders()).toMatchObject(
        listed.filter(({ openWh }) => openWh > 0).map(({ id, openWh }) => ({ id, openWh })),
      )
      for (const { id, askedWh, openWh, goneWh } of listed) {
        const mine = trades.filter(({ sellId, buyId }) => sellId === id || buyId === id)
        expect(mine.reduce((sum, { quantityWh }) => sum + quantityWh, 0)).toBe(askedWh - openWh - goneWh)
      }
    }),
    { numRuns: 2000, seed: 55 },
  )
})
