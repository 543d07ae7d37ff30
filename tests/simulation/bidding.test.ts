/** Strategies in the market: what each side bids, learns and gains, and that nobody learns from others. */
import { expect, test } from 'vitest'
import type { Zone } from '../../src/scenario/zone.ts'
import { Bidders, type HeardOutcome } from '../../src/simulation/bidders.ts'
import { BuyerOrders } from '../../src/simulation/buyer-orders.ts'
import { MarketRun } from '../../src/simulation/market-run.ts'
import { Moment } from '../../src/simulation/moment.ts'
import { OrderIntake, type OrderSource } from '../../src/simulation/order-intake.ts'
import {
  enterpriseRow,
  makeOrderRows,
  openRow,
  sequenceOf,
  type OrderRows,
} from '../../src/simulation/order-rows.ts'
import { SellerOrders } from '../../src/simulation/seller-orders.ts'
import { makeWheeling } from '../../src/simulation/wheeling-slots.ts'
import { buildWorld, makeSellers, type World } from '../../src/simulation/world.ts'
import { plainStrategies, truthful, type Strategy } from '../../src/strategy/bidding/index.ts'
import { minimal, strategicPark, twoAuctions, zoneOf } from './zones.ts'

function worldOf(zone: Zone): World {
  const built = buildWorld(zone, () => undefined)
  if (!built.ok) throw new Error(JSON.stringify(built.faults))
  return built.value
}

const strategies: readonly Strategy[] = [
  ...plainStrategies.map((kind) => ({ kind })),
  { kind: 'markup', share: 0.1 },
]

/** The same zone, everybody or those who are named with another strategy. */
function withStrategy(zone: Zone, strategy: Strategy, ids?: readonly string[]): Zone {
  const given = <Each extends { readonly id: string }>(each: Each) =>
    ids === undefined || ids.includes(each.id) ? { ...each, strategy } : each
  return {
    ...zone,
    enterprises: zone.enterprises.map(given),
    pvUnits: zone.pvUnits.map(given),
    cogenerations: zone.cogenerations.map(given),
  }
}

const variantOf = (zone: Zone) => ({
  regime: zone.wheeling.regime,
  storage: true,
  cogeneration: true,
  cogenerationOutsideE8: null,
  tallies: false,
  tradeList: true,
})

function run(world: World, outside: readonly OrderSource[] = []): MarketRun {
  const market = new MarketRun(world, makeSellers(world, null), variantOf(world.zone), outside)
  world.zone.calendar.months.forEach((_, month) => market.runMonth(month))
  return market
}

/** Limits of a participant's orders over some days, as nobody ever accepts them. */
function limitsOf(zone: Zone, id: string, days: number): number[] {
  const world = worldOf(zone)
  const sellers = makeSellers(world, null)
  const wheeling = makeWheeling(world, zone.wheeling.regime)
  const bidders = Bidders.open(zone, sellers)
  const intake = new OrderIntake([
    new BuyerOrders(world, wheeling, bidders),
    new SellerOrders(zone, sellers, variantOf(zone), bidders),
  ])
  const account = world.chart.names.findIndex((name) => name.endsWith(`:${id}`))
  const accountOf = (rows: OrderRows, row: number) =>
    rows.kind[row] === enterpriseRow
      ? world.chart.enterprise + rows.who[row]!
      : sellers[rows.who[row]!]!.account
  const moment = new Moment(world.slots)
  const limits: number[] = []
  for (let interval = 0; interval < 96 * days; interval++) {
    moment.moveTo(interval, 0)
    if (moment.quarter === 0) intake.startDay(moment)
    const rows = intake.collect(moment)
    for (let row = 0; row < rows.book.count; row++)
      if (accountOf(rows, row) === account) limits.push(rows.book.limitTicks[row]!)
  }
  return limits
}

const shortPark = zoneOf(strategicPark, 'calendar.to=2027-05-02')

test('where all limits stand by values alone nobody is asked anything', () => {
  const world = worldOf(zoneOf(minimal))
  for (const strategy of [truthful, { kind: 'markup', share: 0.1 }, { kind: 'external' }] as const)
    expect(Bidders.open(withStrategy(world.zone, strategy), makeSellers(world, null))).toBeNull()
  expect(Bidders.open(shortPark, makeSellers(worldOf(shortPark), null))).not.toBeNull()
})

test('what one bids does not depend on who else is there, on what others bid by, or on their names', () => {
  const random = withStrategy(shortPark, { kind: 'zero-intelligence' })
  const without = { ...random, enterprises: random.enterprises.filter(({ id }) => id !== 'foundry') }
  const renamed = {
    ...random,
    enterprises: random.enterprises.map((each) =>
      each.id === 'warehouse' ? each : { ...each, id: `new-${each.id}`, strategy: truthful },
    ),
  }
  const limits = limitsOf(random, 'warehouse', 2)
  expect(limits.length).toBeGreaterThan(150)
  expect(new Set(limits).size).toBeGreaterThan(100)
  // Without the foundry the load of the drawn tenants is scaled anew, the warehouse's own is not.
  expect(limitsOf(without, 'warehouse', 2)).toEqual(limits)
  expect(limitsOf(renamed, 'warehouse', 2)).toEqual(limits)
  expect(limitsOf(withStrategy(random, { kind: 'markup', share: 0.3 }, ['foundry']), 'warehouse', 2)).toEqual(
    limits,
  )
})

test('sellers bid by their strategies: a markup of its value, and at random up to the cap', () => {
  const { capTicks } = shortPark.market
  expect(new Set(limitsOf(shortPark, 'plant-small', 2))).toEqual(new Set([2200]))
  expect(new Set(limitsOf(withStrategy(shortPark, truthful), 'plant-small', 2))).toEqual(new Set([2000]))
  const random = limitsOf(withStrategy(shortPark, { kind: 'zero-intelligence' }), 'plant-small', 2)
  expect(Math.min(...random)).toBeGreaterThanOrEqual(2000)
  expect(Math.max(...random)).toBeLessThanOrEqual(capTicks)
  expect(new Set(random).size).toBeGreaterThan(20)
})

/** An outcome of the two first enterprises and the first seller, the first of which is told the same whatever the rest is. */
function outcomeWith(other: { limitTicks: number; quantityWh: number; acceptedWh: number; price: number }) {
  const rows = makeOrderRows(3)
  const add = (kind: number, who: number, side: 0 | 1, limitTicks: number, quantityWh: number) => {
    const row = openRow(rows, kind, who, side)
    rows.book.limitTicks[row] = limitTicks
    rows.book.quantityWh[row] = quantityWh
  }
  add(enterpriseRow, 0, 0, 3000, 500)
  add(enterpriseRow, 1, 0, other.limitTicks, other.quantityWh)
  add(1, 0, 1, 2000, 5000)
  const acceptedWh = Float64Array.of(500, other.acceptedWh, 500 + other.acceptedWh)
  return {
    rows,
    clearing: { acceptedWh },
    pairs: {
      count: 2,
      sell: Int32Array.of(2, 2),
      buy: Int32Array.of(0, 1),
      quantityWh: Float64Array.of(500, other.acceptedWh),
    },
    sellerTicks: Float64Array.of(2500, other.price),
    buyerTicks: Float64Array.of(2600, other.price),
  } as unknown as HeardOutcome
}

test('a bidder learns from its own outcome alone: others bid, get and pay otherwise, and it bids the same', () => {
  const zone = withStrategy(shortPark, { kind: 'adaptive' })
  const sellers = makeSellers(worldOf(zone), null)
  const bidAfter = (other: Parameters<typeof outcomeWith>[0]) => {
    const bidders = Bidders.open(zone, sellers)!
    for (let interval = 40; interval < 60; interval++) bidders.hear(outcomeWith(other), interval)
    const rows = outcomeWith(other).rows
    rows.book.limitTicks.set([3000, 3000, 2000])
    bidders.bid(rows, 0, 60 + 96 - 12)
    return [...rows.book.limitTicks]
  }
  const one = bidAfter({ limitTicks: 2900, quantityWh: 400, acceptedWh: 400, price: 2400 })
  const another = bidAfter({ limitTicks: 100, quantityWh: 90_000, acceptedWh: 17, price: 60 })
  expect(one[0]).toBe(another[0])
  expect(one[0]).toBeLessThan(3000)
  expect(one[1]).not.toBe(another[1])
})

test('orders that somebody else placed for a bidder teach it nothing', () => {
  const zone = withStrategy(shortPark, { kind: 'adaptive' })
  const bidders = Bidders.open(zone, makeSellers(worldOf(zone), null))!
  bidders.hear(outcomeWith({ limitTicks: 1, quantityWh: 1, acceptedWh: 0, price: 1 }), 40, () => false)
  expect(bidders.memory.every((each) => each === 0)).toBe(true)
})

test('where all others bid the truth a seller that moves the price gains by learning, a large buyer among its like loses', () => {
  const honest = withStrategy(zoneOf(strategicPark), truthful)
  const world = worldOf(honest)
  const { chart } = world
  const gained = (id: string, account: number) => {
    const balance = (zone: Zone) => Number(run({ ...world, zone }).state.ledger.balance(account))
    const truth = balance(honest)
    return (balance(withStrategy(honest, { kind: 'adaptive' }, [id])) - truth) / Math.abs(truth)
  }
  expect(gained('plant-large', chart.pv)).toBeGreaterThan(0.03)
  expect(gained('foundry', chart.enterprise)).toBeLessThan(-0.005)
})

test.each(strategies)(
  'a year in which everybody is $kind closes every month: ledger and bills agree, all sums to 0',
  (strategy) => {
    const zone = withStrategy(zoneOf(minimal, 'calendar.from=2027-01-01', 'calendar.to=2027-12-31'), strategy)
    const market = run(worldOf(zone))
    expect(market.state.ledger.residual()).toBe(0n)
    expect(market.sheets).toHaveLength(12)
    if (strategy.kind === 'external') expect(market.pairs).toBe(0)
    else expect(market.pairs).toBeGreaterThan(400)
  },
)

test('a strategy bids at both gates, learns at each from what became of its orders there, and all sums to 0', () => {
  const zone = zoneOf(twoAuctions, 'calendar.to=2027-05-07')
  const traded = strategies.map((strategy) => {
    const market = run(worldOf(withStrategy(zone, strategy)))
    expect(market.state.ledger.residual()).toBe(0n)
    const { energyWh, isDayAhead } = market.recorder!.list()
    const sum = (isAhead: boolean) =>
      energyWh.reduce((all, wh, row) => all + ((isDayAhead[row] === 1) === isAhead ? wh : 0), 0)
    return { kind: strategy.kind, ahead: sum(true), intraday: sum(false) }
  })
  const [truth] = traded
  expect(truth!.kind).toBe('truthful')
  for (const { kind, ahead, intraday } of traded.slice(1)) {
    expect(ahead, kind).toBeLessThan(truth!.ahead)
    if (kind === 'external') expect([ahead, intraday]).toEqual([0, 0])
    else expect(ahead, kind).toBeGreaterThan(0)
  }
})

/** Orders in the name of the laboratory, every interval. */
function laboratoryOrders(world: World): OrderSource {
  const who = world.zone.enterprises.findIndex(({ id }) => id === 'laboratory')
  return {
    rowsMax: 1,
    place(rows, { interval }, seats) {
      const row = openRow(rows, enterpriseRow, who, 0)
      rows.book.bus[row] = world.buyers[who]!.bus
      rows.book.limitTicks[row] = world.zone.market.capTicks
      rows.book.quantityWh[row] = 1000
      rows.book.sequence[row] = sequenceOf(seats, 0, interval)
      rows.valueE8[row] = 0
    },
  }
}

test('an external participant trades what its orders from outside trade, and without them nothing', () => {
  const world = worldOf(shortPark)
  const account = world.chart.names.indexOf('enterprise:laboratory')
  const bought = (market: MarketRun) => {
    const { buyer, energyWh } = market.recorder!.list()
    return energyWh.reduce((sum, wh, row) => sum + (buyer[row] === account ? wh : 0), 0)
  }
  expect(bought(run(world))).toBe(0)
  const driven = run(world, [laboratoryOrders(world)])
  expect(bought(driven)).toBeGreaterThan(20_000)
  expect(driven.state.ledger.residual()).toBe(0n)
})

test('an external battery rests, whatever others expect of it', () => {
  const zone = zoneOf(strategicPark, 'participants.storage.0.strategy=external', 'calendar.to=2027-05-04')
  const market = run(worldOf(zone))
  expect(market.state.storage.boughtWh.every((wh) => wh === 0)).toBe(true)
  expect(market.state.storage.soldWh.every((wh) => wh === 0)).toBe(true)
  expect(market.state.ledger.residual()).toBe(0n)
})
