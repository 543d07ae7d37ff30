import { expect, test } from 'vitest'
import { intervalsPerDay } from '../../src/base/units.ts'
import { Auction } from '../../src/simulation/auction.ts'
import { BuyerOrders } from '../../src/simulation/buyer-orders.ts'
import { IntervalSettlement } from '../../src/simulation/interval-settlement.ts'
import { MarketRun } from '../../src/simulation/market-run.ts'
import { closeMonth } from '../../src/simulation/month.ts'
import { Moment } from '../../src/simulation/moment.ts'
import { OrderIntake, type OrderSource } from '../../src/simulation/order-intake.ts'
import { enterpriseRow, openRow, sequenceOf } from '../../src/simulation/order-rows.ts'
import { keepOutcome } from '../../src/simulation/outcome.ts'
import { ReadingsOfDay } from '../../src/simulation/readings.ts'
import { Roster } from '../../src/simulation/roster.ts'
import { openRun } from '../../src/simulation/run-state.ts'
import { SellerOrders } from '../../src/simulation/seller-orders.ts'
import type { Variant } from '../../src/simulation/variant.ts'
import { makeWheeling, useSegment } from '../../src/simulation/wheeling-slots.ts'
import { buildWorld, makeSellers, type World } from '../../src/simulation/world.ts'
import { minimal, pilot, zoneOf } from './zones.ts'

function worldOf(...scenario: Parameters<typeof zoneOf>): World {
  const built = buildWorld(zoneOf(...scenario), () => undefined)
  if (!built.ok) throw new Error(JSON.stringify(built.faults))
  return built.value
}

const variantOf = ({ zone }: World): Variant => ({
  regime: zone.wheeling.regime,
  storage: false,
  cogeneration: true,
  cogenerationOutsideE8: null,
  tallies: true,
  tradeList: true,
})

const balances = ({ state }: Pick<MarketRun, 'state'>) =>
  state.ledger.accounts.map((_, account) => state.ledger.balance(account))

/** The phases of a day, called by hand: all auctions first, meters after the last. */
function settleAtDayEnd(world: World): Pick<MarketRun, 'state'> {
  const sellers = makeSellers(world, null)
  const wheeling = makeWheeling(world, world.zone.wheeling.regime)
  const state = openRun(world, sellers)
  const intake = new OrderIntake([
    new BuyerOrders(world, wheeling, null),
    new SellerOrders(world.zone, sellers, variantOf(world), null),
  ])
  const auction = new Auction(world.zone, wheeling.network, intake.rowsMax)
  const parts = { wheeling, roster: new Roster(world, sellers), desks: [] }
  const settlement = new IntervalSettlement(state, parts, intake.rowsMax)
  const readings = new ReadingsOfDay(world, sellers)
  const moment = new Moment(world.slots)
  const kept = Array.from({ length: intervalsPerDay }, (_, interval) => {
    moment.moveTo(interval, 0)
    useSegment(wheeling, moment.segment)
    if (interval === 0) intake.startDay(moment)
    return keepOutcome(auction.hold(intake.collect(moment), interval))
  })
  readings.load(0)
  kept.forEach((outcome, interval) => {
    moment.moveTo(interval, 0)
    settlement.settle(outcome, moment, readings.at(interval))
  })
  closeMonth(state, 0, 'market')
  return { state }
}

test('an outcome stands by itself: settled after the last auction of the day it posts what it posts at once', () => {
  const day = ['calendar.from=2027-05-10', 'calendar.to=2027-05-10', 'participants.storage=[]']
  const world = worldOf(pilot, ...day)
  const atOnce = new MarketRun(world, makeSellers(world, null), variantOf(world))
  atOnce.runMonth(0)
  const later = settleAtDayEnd(world)
  expect(later.state.ledger.postings).toBeGreaterThan(10_000)
  expect(balances(later)).toEqual(balances(atOnce))
})

/** An order of the first enterprise in every interval, far above what it would pay by itself. */
function generousBuyer(world: World): OrderSource {
  return {
    rowsMax: 1,
    place(rows, moment, seats) {
      const row = openRow(rows, enterpriseRow, 0, 0)
      rows.book.bus[row] = world.buyers[0]!.bus
      rows.book.limitTicks[row] = world.zone.market.capTicks
      rows.book.quantityWh[row] = 1_000
      rows.book.sequence[row] = sequenceOf(seats, 0, moment.interval)
      rows.valueE8[row] = 0
    },
  }
}

test('orders from outside stand in the book beside the participants’ own, with numbers of their own', () => {
  const world = worldOf(minimal)
  const plain = new MarketRun(world, makeSellers(world, null), variantOf(world))
  const joined = new MarketRun(world, makeSellers(world, null), variantOf(world), [generousBuyer(world)])
  for (const run of [plain, joined]) run.runMonth(0)
  const dearest = (run: MarketRun) => Math.max(...run.recorder!.list().buyerTicks)
  expect(dearest(joined)).toBeGreaterThan(dearest(plain))
  expect(joined.state.ledger.residual()).toBe(0n)
})

test('sources of orders share out the sequence numbers: every row of an interval has another', () => {
  const world = worldOf(minimal)
  const wheeling = makeWheeling(world, world.zone.wheeling.regime)
  const sellers = makeSellers(world, null)
  const intake = new OrderIntake([
    new BuyerOrders(world, wheeling, null),
    generousBuyer(world),
    new SellerOrders(world.zone, sellers, variantOf(world), null),
  ])
  const moment = new Moment(world.slots)
  moment.moveTo(0, 0)
  intake.startDay(moment)
  for (let interval = 0; interval < intervalsPerDay; interval++) {
    moment.moveTo(interval, 0)
    const { book } = intake.collect(moment)
    const numbers = [...book.sequence.subarray(0, book.count)]
    expect(new Set(numbers).size).toBe(book.count)
    expect(numbers.every((number) => number >= 0 && number < intake.rowsMax)).toBe(true)
  }
})
