/** What a strategy owes the market and its owner, for all of them; then what each is for. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  isExternal,
  isStrategic,
  limitTicks,
  openBidder,
  plainStrategies,
  truthful,
  type Bidder,
  type BidderTerms,
  type OwnOutcome,
  type Side,
  type Strategy,
} from '../../src/strategy/bidding/index.ts'

const strategies: readonly Strategy[] = [
  ...plainStrategies.map((kind) => ({ kind })),
  { kind: 'markup', share: 0.15 },
]
const side = fc.constantFrom<Side>(0, 1)
const terms = fc
  .record({
    id: fc.string({ minLength: 1, maxLength: 6 }),
    seed: fc.nat(1000),
    side,
    prices: fc.tuple(fc.integer({ min: -5000, max: 20_000 }), fc.nat(20_000)),
  })
  .map(({ prices: [floorTicks, width], ...rest }): BidderTerms => {
    return { ...rest, floorTicks, capTicks: floorTicks + width }
  })
/** An outcome of an own order, where in the market's prices it stood, and how much of it was taken. */
const happening = fc.record({
  interval: fc.nat(2000),
  truth: fc.double({ min: -0.2, max: 1.2, noNaN: true }),
  part: fc.constantFrom(0, 0.3, 1, 1),
  gain: fc.double({ min: 0, max: 1, noNaN: true }),
})
type Happening = typeof happening extends fc.Arbitrary<infer Each> ? Each : never

/** The limit of a strategy, asked every interval or not. */
function bidOf(strategy: Strategy, bidder: Bidder | null, at: BidderTerms, truth: number, interval: number) {
  const value = limitTicks(truth, at.side, strategy)
  return bidder ? bidder.limitTicks(value, interval) : value
}

const truthAt = ({ floorTicks, capTicks }: BidderTerms, share: number) =>
  Math.round(floorTicks + share * (capTicks - floorTicks))

/** Lets one bid through a life of outcomes; what is accepted has a price between its limit and its truth. */
function liveOn(strategy: Strategy, at: BidderTerms, life: readonly Happening[]): number[] {
  const bidder = openBidder(strategy, at)
  return life.map(({ interval, truth, part, gain }) => {
    const value = truthAt(at, truth)
    const bid = bidOf(strategy, bidder, at, value, interval)
    const acceptedWh = Math.round(1000 * part)
    const better = at.side === 0 ? -gain * Math.abs(bid) : gain * Math.abs(bid)
    const priceTicks = acceptedWh > 0 ? bid + better : NaN
    bidder?.learn?.({ limitTicks: bid, quantityWh: 1000, acceptedWh, priceTicks }, interval)
    return bid
  })
}

describe.each(strategies)('what a strategy owes: $kind', (strategy) => {
  const life = fc.array(happening, { minLength: 1, maxLength: 60 })

  test('a bid is a whole tick, never beyond the truth, and within floor and cap where the truth is', () => {
    fc.assert(
      fc.property(terms, life, (at, lived) => {
        liveOn(strategy, at, lived).forEach((bid, row) => {
          const truth = truthAt(at, lived[row]!.truth)
          expect(Number.isSafeInteger(bid)).toBe(true)
          if (at.side === 0) expect(bid).toBeLessThanOrEqual(truth)
          else expect(bid).toBeGreaterThanOrEqual(truth)
          const isAsked = openBidder(strategy, at) !== null
          if (!isAsked || truth < at.floorTicks || truth > at.capTicks) return
          expect(bid).toBeGreaterThanOrEqual(at.floorTicks)
          expect(bid).toBeLessThanOrEqual(at.capTicks)
        })
      }),
      { numRuns: 200, seed: 401 },
    )
  })

  test('the same seed, name and outcomes give the same bids', () => {
    fc.assert(
      fc.property(terms, life, (at, lived) => {
        expect(liveOn(strategy, at, lived)).toEqual(liveOn(strategy, at, lived))
      }),
      { numRuns: 100, seed: 402 },
    )
  })

  test('others who bid in between, whatever they are called and live through, change nothing', () => {
    fc.assert(
      fc.property(terms, terms, life, (at, other, lived) => {
        const alone = liveOn(strategy, at, lived)
        const bidders = [at, other].map((each) => openBidder(strategy, each))
        const beside = lived.map(({ interval, truth, part, gain }) => {
          const bids = [at, other].map((each, who) =>
            bidOf(strategy, bidders[who]!, each, truthAt(each, truth), interval),
          )
          const acceptedWh = Math.round(1000 * part)
          const bid = bids[0]!
          const better = at.side === 0 ? -gain * Math.abs(bid) : gain * Math.abs(bid)
          const own = { limitTicks: bid, quantityWh: 1000, acceptedWh }
          bidders[0]?.learn?.({ ...own, priceTicks: acceptedWh > 0 ? bid + better : NaN }, interval)
          bidders[1]?.learn?.({ limitTicks: bids[1]!, quantityWh: 7, acceptedWh: 7, priceTicks: 1 }, interval)
          return bid
        })
        expect(beside).toEqual(alone)
      }),
      { numRuns: 100, seed: 403 },
    )
  })

  test('asking changes nothing: intervals may be asked about in any sequence and as often as one likes', () => {
    fc.assert(
      fc.property(
        terms,
        fc.array(fc.nat(500), { minLength: 2, maxLength: 20 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (at, intervals, share) => {
          const truth = truthAt(at, share)
          const ask = (list: readonly number[]) => {
            const bidder = openBidder(strategy, at)
            return new Map(list.map((interval) => [interval, bidOf(strategy, bidder, at, truth, interval)]))
          }
          const forward = ask(intervals)
          for (const [interval, bid] of ask([...intervals.toReversed(), ...intervals]))
            expect(bid).toBe(forward.get(interval))
        },
      ),
      { numRuns: 100, seed: 404 },
    )
  })

  test('what was learned can be kept and set again', () => {
    fc.assert(
      fc.property(terms, life, life, (at, before, after) => {
        const bidder = openBidder(strategy, at)
        if (!bidder) return
        const own = ({ interval, part }: Happening): [OwnOutcome, number] => [
          { limitTicks: at.floorTicks + 5, quantityWh: 10, acceptedWh: 10 * part, priceTicks: at.floorTicks },
          interval,
        ]
        for (const each of before) bidder.learn?.(...own(each))
        const heir = openBidder(strategy, at)!
        if (bidder.memory) heir.memory!.set(bidder.memory)
        for (const each of after) {
          const truth = truthAt(at, each.truth)
          expect(heir.limitTicks(truth, each.interval)).toBe(bidder.limitTicks(truth, each.interval))
          bidder.learn?.(...own(each))
          heir.learn?.(...own(each))
        }
      }),
      { numRuns: 50, seed: 405 },
    )
  })
})

const market = { floorTicks: 0, capTicks: 10_000 }

test('a zero-intelligence buyer bids evenly from the floor to its limit, a seller from its limit to the cap', () => {
  for (const each of [0, 1] as const) {
    const bidder = openBidder({ kind: 'zero-intelligence' }, { ...market, id: 'zi', seed: 5, side: each })!
    const tenths = Array.from({ length: 10 }, () => 0)
    const draws = 96 * 100
    for (let interval = 0; interval < draws; interval++) {
      const bid = bidder.limitTicks(4000, interval)
      const [low, high] = each === 0 ? [0, 4000] : [4000, 10_000]
      tenths[Math.min(9, Math.floor((10 * (bid - low)) / (high - low + 1)))]!++
    }
    // A tenth of 9,600 draws has a standard deviation of 29; none lies five of them from its mean.
    for (const count of tenths) expect(Math.abs(count - draws / 10)).toBeLessThan(150)
  }
})

test('two zero-intelligence participants do not draw the same, nor do two days', () => {
  const bids = (id: string, from: number) => {
    const bidder = openBidder({ kind: 'zero-intelligence' }, { ...market, id, seed: 5, side: 1 })!
    return Array.from({ length: 96 }, (_, quarter) => bidder.limitTicks(4000, from + quarter))
  }
  expect(bids('a', 0)).not.toEqual(bids('b', 0))
  expect(bids('a', 0)).not.toEqual(bids('a', 96))
})

test('adaptive, by hand: a seller at 0.40 that sold all at 0.44 asks for more in that hour, and comes back when it sold nothing', () => {
  const seller = openBidder({ kind: 'adaptive' }, { ...market, id: 'pv', seed: 1, side: 1 })!
  expect(seller.limitTicks(4000, 48)).toBe(4000)
  seller.learn!({ limitTicks: 4000, quantityWh: 500, acceptedWh: 500, priceTicks: 4400 }, 48)
  // target 4400 + 0.025 · 4400 + 10 = 4520, a fifth of the way 104; with β in [0.1, 0.5) and γ in [0, 0.1)
  const asked = seller.limitTicks(4000, 49)
  expect(asked).toBeGreaterThanOrEqual(4000 + Math.floor(104 * 0.1 * 0.9))
  expect(asked).toBeLessThanOrEqual(4000 + 104 * 0.5)
  expect(seller.limitTicks(4000, 52)).toBe(4000)
  seller.learn!({ limitTicks: asked, quantityWh: 500, acceptedWh: 0, priceTicks: NaN }, 49)
  expect(seller.limitTicks(4000, 50)).toBeLessThan(asked)
})

/** A year of one hour in a market whose price is as high as the last order taken may ask, up to a limit of the other side. */
function profitOf(strategy: Strategy, seed: number): number {
  const seller = openBidder(strategy, { ...market, id: 'large', seed, side: 1 })
  let profit = 0
  for (let day = 0; day < 365; day++) {
    const interval = 96 * day + 48
    const bid = seller ? seller.limitTicks(4000, interval) : 4000
    // Half of the energy is wanted up to 0.60, the rest up to 0.45; the price is the seller's ask, who is alone.
    const acceptedWh = bid <= 4500 ? 1000 : bid <= 6000 ? 500 : 0
    profit += acceptedWh * (bid - 4000)
    seller?.learn?.(
      { limitTicks: bid, quantityWh: 1000, acceptedWh, priceTicks: acceptedWh > 0 ? bid : NaN },
      interval,
    )
  }
  return profit
}

test('an adaptive seller that moves the price learns to gain by it, whatever its seed', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const profit = profitOf({ kind: 'adaptive' }, seed)
    expect(profitOf(truthful, seed)).toBe(0)
    // Always at 0.45 would gain 500 ticks on 1,000 Wh, 365 times.
    expect(profit).toBeGreaterThan(0.6 * 365 * 500_000)
  }
})

test('only those who may misstate their values are strategic, and only external ones place nothing', () => {
  expect(strategies.filter(isStrategic).map(({ kind }) => kind)).toEqual([
    'zero-intelligence',
    'adaptive',
    'markup',
  ])
  expect(strategies.filter(isExternal).map(({ kind }) => kind)).toEqual(['external'])
})
