import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Network } from '../../src/grid/network.ts'
import { clearNaively } from '../../src/market/clear-naive.ts'
import { Pairing } from '../../src/market/pairs.ts'
import { ArcRoom } from '../../src/market/sessions/arc-room.ts'
import { BuyerOrders } from '../../src/simulation/buyer-orders.ts'
import { DayAhead } from '../../src/simulation/day-ahead.ts'
import { expectationOf } from '../../src/simulation/expectations.ts'
import { MarketRun } from '../../src/simulation/market-run.ts'
import { Moment } from '../../src/simulation/moment.ts'
import { sellerRow } from '../../src/simulation/order-rows.ts'
import type { SimulationResult, TradeList } from '../../src/simulation/result.ts'
import { SellerOrders } from '../../src/simulation/seller-orders.ts'
import { simulate } from '../../src/simulation/simulate.ts'
import type { Variant } from '../../src/simulation/variant.ts'
import { makeWheeling, useSegment } from '../../src/simulation/wheeling-slots.ts'
import { buildWorld, makeSellers, type World } from '../../src/simulation/world.ts'
import { bands } from '../../src/tariff/book.ts'
import { agencyEnergyE8 } from '../../src/tariff/prices.ts'
import { minimal, zoneOf } from './zones.ts'

const park = 'scenarios/two-auctions.yaml'
const both = 'market.auctions={ day_ahead: { closes_hour: 12 }, intraday: { closes_minutes_before: 15 } }'
const dayAheadAlone = 'market.auctions={ day_ahead: { closes_hour: 12 } }'
const withoutBattery = 'participants.storage=[]'
const days = (from: string, to: string) => [`calendar.from=2027-05-${from}`, `calendar.to=2027-05-${to}`]
const perfect = ['forecast={ load: perfect, pv: perfect }']

async function run(...set: string[]): Promise<SimulationResult> {
  const zone = zoneOf(park, ...set)
  const answer = await simulate(zone, { version: 'test', readFile: () => undefined, tradeList: true })
  if (!answer.ok) throw new Error(JSON.stringify(answer.faults))
  return answer.value
}

function worldOf(...set: string[]): World {
  const built = buildWorld(zoneOf(park, ...set), () => undefined)
  if (!built.ok) throw new Error(JSON.stringify(built.faults))
  return built.value
}

const variantOf = ({ zone }: World): Variant => ({
  regime: zone.wheeling.regime,
  storage: true,
  cogeneration: true,
  cogenerationOutsideE8: null,
  tallies: true,
  tradeList: true,
})

function marketOf(world: World): MarketRun {
  const market = new MarketRun(world, makeSellers(world, null), variantOf(world))
  for (let month = 0; month < world.zone.calendar.months.length; month++) market.runMonth(month)
  return market
}

interface Trade {
  readonly interval: number
  readonly seller: number
  readonly buyer: number
  readonly energyWh: number
  readonly sellerTicks: number
  readonly isDayAhead: boolean
}

function tradesOf(list: TradeList): Trade[] {
  return Array.from({ length: list.count }, (_, row) => ({
    interval: list.interval[row]!,
    seller: list.seller[row]!,
    buyer: list.buyer[row]!,
    energyWh: list.energyWh[row]!,
    sellerTicks: list.sellerTicks[row]!,
    isDayAhead: list.isDayAhead[row] === 1,
  }))
}

// ---- The twin: two auctions written down with objects, from the rules alone.

interface Order {
  readonly who: number
  readonly side: 0 | 1
  readonly bus: number
  readonly account: number
  readonly limitTicks: number
  readonly sequence: number
  quantityWh: number
}

interface TwinPair {
  readonly sell: Order
  readonly buy: Order
  readonly quantityWh: number
  readonly sellerTicks: number
}

/** One auction of the readable clearing, at the pair rule's price with k = 1/2. */
function holdPlainly(network: Network, all: readonly Order[]) {
  const orders = all.filter(({ quantityWh }) => quantityWh > 0)
  const book = {
    count: orders.length,
    bus: Int32Array.from(orders, ({ bus }) => bus),
    side: Uint8Array.from(orders, ({ side }) => side),
    limitTicks: Int32Array.from(orders, ({ limitTicks }) => limitTicks),
    quantityWh: Float64Array.from(orders, ({ quantityWh }) => quantityWh),
    sequence: Float64Array.from(orders, ({ sequence }) => sequence),
  }
  const { accepted, flowUp, low, high } = clearNaively(network, book)
  const pairs = new Pairing(network).pair(book, {
    acceptedWh: Float64Array.from(accepted),
    flowUpWh: Float64Array.from(flowUp),
    priceLowTicks: Float64Array.from(low),
    priceHighTicks: Float64Array.from(high),
    traded: new Uint8Array(network.busCount),
    volumeWh: 0,
  })
  const found = Array.from({ length: pairs.count }, (_, pair): TwinPair => {
    const [sell, buy] = [orders[pairs.sell[pair]!]!, orders[pairs.buy[pair]!]!]
    const surplus = buy.limitTicks - pairs.pathFeeTicks[pair]! - sell.limitTicks
    const sellerTicks = sell.limitTicks + Math.floor(surplus / 2)
    return { sell, buy, quantityWh: pairs.quantityWh[pair]!, sellerTicks }
  })
  const acceptedOf = (account: number) =>
    orders.reduce((sum, order, row) => sum + (order.account === account ? accepted[row]! : 0), 0)
  return { pairs: found, acceptedOf }
}

/** What pairs settle on meters that show at least something of everybody. */
function settlePlainly(
  { pairs, acceptedOf }: ReturnType<typeof holdPlainly>,
  meterOf: (account: number) => number,
): number[] {
  return pairs.map(({ sell, buy, quantityWh }) =>
    Number(
      [sell.account, buy.account]
        .map((account) => {
          const accepted = acceptedOf(account)
          return (
            (BigInt(quantityWh) * BigInt(Math.min(meterOf(account), accepted))) /
            BigInt(Math.max(1, accepted))
          )
        })
        .reduce((a, b) => (a < b ? a : b)),
    ),
  )
}

test('two auctions are what one writes down plainly: trade by trade, and shortfalls Wh by Wh', () => {
  // Room for 700 kW, so that some intervals find the arc full a day ahead and others only intraday.
  const world = worldOf(withoutBattery, ...days('04', '06'), 'zone.buses.1.capacity_up_kw=700')
  const { zone, buyers } = world
  const sellers = makeSellers(world, null)
  const wheeling = makeWheeling(world, zone.wheeling.regime)
  const market = marketOf(world)
  const trades: Trade[] = []
  const chargedWh = new Map<string, number>()
  const chargeE11 = new Map<number, number>()
  const participants = [
    ...buyers.map((each, who) => ({ ...each, who, side: 0 as const })),
    ...sellers.map((each, who) => ({ ...each, who: buyers.length + who, side: 1 as const })),
  ]
  for (let interval = 0; interval < zone.calendar.intervals; interval++) {
    const slot = world.slots.slotOf[interval]!
    useSegment(wheeling, Math.floor(slot / 5))
    const ordersOf = (wantedWh: (each: (typeof participants)[number]) => number) =>
      participants.map((each): Order => {
        const limitTicks =
          each.side === 0
            ? wheeling.limitTicks[slot * world.buyers.length + each.who]!
            : Math.ceil((each as unknown as { outsideE8: Float64Array }).outsideE8[interval]! / 10_000)
        const sequence = (each.who + interval) % participants.length
        return { ...each, limitTicks, sequence, quantityWh: wantedWh(each) }
      })
    const meterOf = (account: number) =>
      participants.find((each) => each.account === account)!.meteredWh[interval]!
    const outsideOf = (account: number) =>
      sellers.find((each) => each.account === account)!.outsideE8[interval]!
    const agencyE8 = agencyEnergyE8(
      world.slots.segments[Math.floor(slot / 5)]!.rates,
      bands[slot % 5]!,
      zone.calendar.days[Math.floor(interval / 96)]!.month,
    )

    const first = holdPlainly(
      wheeling.network,
      ordersOf(({ dayAheadWh }) => dayAheadWh![interval]!),
    )
    const room = new ArcRoom(wheeling.network)
    for (const { sell, buy, quantityWh } of first.pairs) room.take(sell.bus, buy.bus, quantityWh)
    const second = holdPlainly(
      room.left(),
      ordersOf(({ account, orderWh }) => Math.max(0, orderWh[interval]! - first.acceptedOf(account))),
    )
    const firstWh = settlePlainly(first, meterOf)
    const takenOf = (account: number) =>
      first.pairs.reduce(
        (sum, { sell, buy }, at) =>
          sum + (sell.account === account || buy.account === account ? firstWh[at]! : 0),
        0,
      )
    const secondWh = settlePlainly(second, (account) => meterOf(account) - takenOf(account))
    const note = (auction: typeof first, settledWh: number[], isDayAhead: boolean) =>
      auction.pairs.forEach(({ sell, buy, sellerTicks }, at) => {
        const energyWh = settledWh[at]!
        trades.push({
          interval,
          seller: sell.account,
          buyer: buy.account,
          energyWh,
          sellerTicks,
          isDayAhead,
        })
      })
    note(second, secondWh, false)
    note(first, firstWh, true)
    for (const { account, side, who } of participants) {
      const positionWh = first.acceptedOf(account) + second.acceptedOf(account)
      const freeWh = Math.floor(positionWh * zone.deviation.freeShare)
      // What was agreed last is charged first, each pair for its part and at its own counterpart's price.
      const charged = Math.max(0, positionWh - meterOf(account) - freeWh)
      const later = Math.min(charged, second.acceptedOf(account))
      const parts = [
        [first, charged - later],
        [second, later],
      ] as const
      for (const [auction, partWh] of parts)
        for (const { sell, buy, quantityWh } of auction.pairs) {
          if (sell.account !== account && buy.account !== account) continue
          const priceE8 = side === 1 ? agencyE8 : outsideOf(sell.account)
          const shareWh = Math.floor((partWh * quantityWh) / auction.acceptedOf(account))
          const e11 = shareWh * Math.round(zone.deviation.coefficient * priceE8)
          chargeE11.set(account, (chargeE11.get(account) ?? 0) + e11)
        }
      const key = side === 0 ? zone.enterprises[who]!.contract.kind : 'pv'
      chargedWh.set(key, (chargedWh.get(key) ?? 0) + charged)
    }
  }
  expect(tradesOf(market.recorder!.list())).toEqual(trades)
  expect(trades.filter(({ isDayAhead }) => isDayAhead).length).toBeGreaterThan(200)
  expect(trades.filter(({ isDayAhead }) => !isDayAhead).length).toBeGreaterThan(100)
  const owed = [...market.state.buyerDeviationE11, ...market.state.sellerDeviationE11]
  expect(owed).toEqual(participants.map(({ account }) => chargeE11.get(account) ?? 0))
  expect(owed.filter((e11) => e11 > 0).length).toBeGreaterThan(4)
  for (const { side, group, chargedWh: ours } of market.auctions!.result(market.state).groups) {
    expect(ours, `${side} ${group}`).toBe(chargedWh.get(group))
  }
})

// ---- What a market of two auctions owes its members.

const settings = fc.record({
  seed: fc.nat({ max: 10_000 }),
  load: fc.constantFrom('perfect', 'persistence', '{ noisy: { error_share: 0.3 } }'),
  pv: fc.constantFrom(
    'persistence',
    '{ noisy: { error_share: 0.5, neighbour_correlation: 0.9 } }',
    '{ noisy: { error_share: 0.1, at_lead_hours: 6 } }',
  ),
  rule: fc.constantFrom('high-low', 'nodal-uniform', 'pay-as-bid'),
  closesHour: fc.constantFrom(0, 6.25, 12, 23),
  roomKw: fc.constantFrom(0, 400, 1500),
  day: fc.integer({ min: 4, max: 20 }),
})

test('whatever is forecast, the ledger is 0, nobody settles beyond its meter and no arc carries more than it holds', () => {
  fc.assert(
    fc.property(settings, ({ seed, load, pv, rule, closesHour, roomKw, day }) => {
      const two = (number: number) => String(number).padStart(2, '0')
      const world = worldOf(
        ...days(two(day), two(day + 2)),
        `seed=${seed}`,
        `forecast={ load: ${load}, pv: ${pv} }`,
        `market.rule=${rule}`,
        `market.auctions.day_ahead.closes_hour=${closesHour}`,
        `zone.buses.1.capacity_up_kw=${roomKw}`,
      )
      const market = marketOf(world)
      expect(market.state.ledger.residual()).toBe(0n)
      const { state } = market
      const tradedWh = new Map<string, number>()
      const arcWh = new Map<string, number>()
      const { capacityUpWh } = market.wheeling.network
      for (const { interval, seller, buyer, energyWh } of tradesOf(market.recorder!.list())) {
        for (const account of [seller, buyer]) {
          const key = `${interval}/${account}`
          tradedWh.set(key, (tradedWh.get(key) ?? 0) + energyWh)
        }
        const crosses = busOf(state.world, seller) === 1 && busOf(state.world, buyer) !== 1
        if (crosses) arcWh.set(`${interval}`, (arcWh.get(`${interval}`) ?? 0) + energyWh)
      }
      for (const { account, meteredWh } of [...state.world.buyers, ...state.sellers])
        for (let interval = 0; interval < meteredWh.length; interval++)
          expect(tradedWh.get(`${interval}/${account}`) ?? 0).toBeLessThanOrEqual(meteredWh[interval]!)
      for (const energyWh of arcWh.values()) expect(energyWh).toBeLessThanOrEqual(capacityUpWh[1]!)
    }),
    { numRuns: 12 },
  )
})

function busOf({ zone, chart, buyers }: World, account: number): number {
  if (account < chart.pv) return buyers[account]!.bus
  return account < chart.storage
    ? zone.pvUnits[account - chart.pv]!.bus
    : zone.storages[account - chart.storage]!.bus
}

test('with perfect forecasts the intraday auction trades nothing, and all is as with the day-ahead auction alone', async () => {
  const set = [withoutBattery, ...days('10', '16'), ...perfect]
  const [twice, once] = [await run(...set, both), await run(...set, dayAheadAlone)]
  const intraday = twice.main.auctions!.auctions.find(({ auction }) => auction === 'intraday')!
  expect(intraday).toMatchObject({ acceptedWh: 0, settledWh: 0, valueTickWh: 0, tradedIntervals: 0 })
  expect(intraday.heldIntervals).toBeGreaterThan(0)
  const withoutAuctions = ({ main }: SimulationResult) => ({ ...main, auctions: null })
  expect(withoutAuctions(twice)).toEqual(withoutAuctions(once))
  expect(once.main.energy.tradedWh).toBeGreaterThan(1_000_000)
})

test('with perfect forecasts it does not matter when one trades: all is as with the intraday auction alone', async () => {
  const set = [withoutBattery, ...days('10', '16'), ...perfect]
  const ahead = await run(...set, dayAheadAlone)
  const intraday = await run(...set, 'market.auctions={ intraday: {} }')
  expect(ahead.main.accounts).toEqual(intraday.main.accounts)
  expect(ahead.main.splits).toEqual(intraday.main.splits)
  expect(ahead.main.trades).toEqual(intraday.main.trades)
  expect(ahead.main.grid).toEqual(intraday.main.grid)
})

test('statements name the auction on the lines of what was traded, and add up to what both auctions settled', async () => {
  const { main } = await run(...days('10', '20'))
  const lines = main.statements.filter((each) => each.run === 'market').flatMap((each) => each.lines)
  const named = lines.filter(({ key }) => /^(trade-energy|charging|congestion-rent)/.test(key))
  expect(new Set(named.map(({ key }) => key))).toEqual(
    new Set(['trade-energy-day-ahead', 'trade-energy-intraday', 'charging-energy-intraday']),
  )
  for (const { auction, settledWh } of main.auctions!.auctions) {
    const own = named.filter(({ key }) => key.endsWith(auction))
    expect(own.every(({ zh }) => zh.endsWith(auction === 'day-ahead' ? '（日前）' : '（日内）'))).toBe(true)
    // Sold to the one is bought by the other: the lines of both sides hold the same energy and the same money.
    const bought = main.storages.reduce((sum, each) => sum + each.boughtWh, 0)
    const energyWh = own.filter(({ key }) => key.startsWith('trade-energy'))
    const sumWh = energyWh.reduce((sum, line) => sum + line.energyWh!, 0)
    expect(sumWh).toBe(2 * settledWh - (auction === 'intraday' ? bought : 0))
  }
})

test('a deviation charge is no price of what was traded: its line holds no energy, on either side', async () => {
  const { main } = await run(...days('10', '12'))
  const charged = main.statements.flatMap(({ account, lines }) =>
    lines.filter(({ key }) => key === 'deviation').map(({ energyWh }) => ({ account, energyWh })),
  )
  expect(new Set(charged.map(({ account }) => account.split(':')[0]))).toEqual(new Set(['enterprise', 'pv']))
  expect(charged.every(({ energyWh }) => energyWh === undefined)).toBe(true)
})

test('the report’s auctions are what the list of trades says', async () => {
  const { main } = await run(...days('10', '20'))
  const trades = tradesOf(main.tradeList!)
  for (const { auction, settledWh, valueTickWh } of main.auctions!.auctions) {
    const own = trades.filter(({ isDayAhead }) => isDayAhead === (auction === 'day-ahead'))
    expect(own.reduce((sum, { energyWh }) => sum + energyWh, 0)).toBe(settledWh)
    expect(own.reduce((sum, { energyWh, sellerTicks }) => sum + energyWh * sellerTicks, 0)).toBe(valueTickWh)
  }
  const pool = main.accounts.find(({ account }) => account === 'deviationPool')!.afterE11
  expect(main.auctions!.groups.reduce((sum, { chargeE11 }) => sum + chargeE11, 0n)).toBe(pool)
  const own = main.splits.find(({ rule, kNumerator }) => rule === 'high-low' && kNumerator === 5000)!
  const all = own.buyersE11 + own.pvE11 + own.storageE11 + own.marketSurplusE11
  for (const row of main.splits)
    expect(row.buyersE11 + row.pvE11 + row.storageE11 + row.marketSurplusE11).toBe(all)
})

test('what is agreed a day ahead rests on nothing metered after its gate', () => {
  const world = worldOf(
    withoutBattery,
    'forecast={ load: persistence, pv: persistence }',
    ...days('04', '08'),
  )
  const { zone } = world
  const sellers = makeSellers(world, null)
  /** The market with other meters from an interval on, and forecasts made from them. */
  const agreed = (from: number) => {
    const otherWh = ({ meteredWh }: { meteredWh: Int32Array }) =>
      meteredWh.map((energyWh, at) => (at >= from ? 2 * energyWh + 1000 : energyWh))
    const buyers = world.buyers.map((buyer, who) => {
      const meteredWh = otherWh(buyer)
      return { ...buyer, meteredWh, ...expectationOf(zone, 'load', zone.enterprises[who]!, meteredWh) }
    })
    const offering = sellers.map((seller) => {
      const meteredWh = otherWh(seller)
      return { ...seller, meteredWh, ...expectationOf(zone, 'pv', zone.pvUnits[seller.unit]!, meteredWh) }
    })
    const market = new MarketRun({ ...world, buyers }, offering, variantOf(world))
    market.runMonth(0)
    return tradesOf(market.recorder!.list())
      .filter(({ isDayAhead }) => isDayAhead)
      .map((trade) => ({ ...trade, energyWh: 0 }))
  }
  const noon = 3 * 96 + 48
  const asIs = agreed(Infinity)
  const changed = agreed(noon)
  const byDay = (trades: typeof asIs, day: number) =>
    trades.filter(({ interval }) => Math.floor(interval / 96) === day)
  // The gate for the fifth day closes at noon of the fourth, when nothing of the change is metered.
  for (const day of [1, 2, 3, 4]) expect(byDay(changed, day), `day ${day}`).toEqual(byDay(asIs, day))
  expect(byDay(asIs, 4).length).toBeGreaterThan(0)
  // Half an hour earlier it is.
  expect(byDay(agreed(noon - 2), 4)).not.toEqual(byDay(asIs, 4))
})

test('who learns a day ahead hears of a day when all of it is decided, and bids differently the next', () => {
  const zone = zoneOf('scenarios/strategic-park.yaml', both, ...days('03', '08'))
  const built = buildWorld(zone, () => undefined)
  if (!built.ok) throw new Error(JSON.stringify(built.faults))
  const world = built.value
  const sellers = makeSellers(world, null)
  const wheeling = makeWheeling(world, zone.wheeling.regime)
  const ahead = DayAhead.open(world, sellers, wheeling, (of, by, bidders) => [
    new BuyerOrders(of, wheeling, bidders),
    new SellerOrders(of.zone, by, variantOf(world), bidders),
  ])!
  const learner = zone.pvUnits.findIndex(({ id }) => id === 'plant-large')
  const moment = new Moment(world.slots)
  const limits = zone.calendar.days.map((_, day) => {
    const byHour = Array.from({ length: 24 }, () => new Set<number>())
    for (let quarter = 0; quarter < 96; quarter++) {
      moment.moveTo(96 * day + quarter, 0)
      ahead.advance(moment)
      const { rows } = ahead.at(quarter)
      for (let row = 0; row < rows.book.count; row++)
        if (rows.kind[row] === sellerRow && rows.who[row] === learner)
          byHour[Math.floor(quarter / 4)]!.add(rows.book.limitTicks[row]!)
    }
    return byHour.map((each) => [...each])
  })
  // Its value never changes and it learns hour by hour, so within an hour of one gate there is one limit.
  for (const hours of limits) for (const each of hours) expect(each.length).toBeLessThanOrEqual(1)
  const noon = limits.map((hours) => hours[12]![0])
  expect(new Set(noon).size).toBeGreaterThan(1)
})

test('a scenario that names the auction it has anyway gives the same result to the last byte', async () => {
  const of = async (...set: string[]) => {
    const zone = zoneOf(minimal, ...set)
    const answer = await simulate(zone, { version: 'test', readFile: () => undefined })
    if (!answer.ok) throw new Error(JSON.stringify(answer.faults))
    return answer.value
  }
  const before = ['forecast.load_error_share=0.05', 'forecast.pv_error_share=0.1']
  const unnamed = await of(...before)
  expect(unnamed.main.auctions).toBeUndefined()
  expect((await of(...before, 'market.auctions={ intraday: {} }')).resultHash).toBe(unnamed.resultHash)
  expect((await of(...before, 'market.auctions={ day_ahead: {}, intraday: {} }')).resultHash).not.toBe(
    unnamed.resultHash,
  )
})
