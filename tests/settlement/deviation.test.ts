import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chargedInTurn, chargedShortfallWh, supportedWh } from '../../src/settlement/deviation.ts'

/** Up to 90 MWh, the quarter of an hour of 360 MW: the product of two is still a safe whole number. */
const energyWh = fc.integer({ min: 0, max: 90_000_000 })
/** An order's pairs, of at least 1 Wh each, and what its meter shows. */
const order = fc
  .record({
    pairs: fc.array(fc.integer({ min: 1, max: 5_000_000 }), { minLength: 1, maxLength: 12 }),
    metered: fc.double({ min: 0, max: 1.5, noNaN: true }),
  })
  .map(({ pairs, metered }) => {
    const acceptedWh = pairs.reduce((sum, pair) => sum + pair, 0)
    return { pairs, acceptedWh, meteredWh: Math.floor(acceptedWh * metered) }
  })
/** Free bands in whole percent, up to a quarter; 3 % is the default. */
const freeHundredths = fc.integer({ min: 0, max: 25 })

test('supportedWh() is the pro rata share in whole Wh, exactly', () => {
  fc.assert(
    fc.property(energyWh, energyWh, energyWh, (a, b, meteredWh) => {
      const [pairWh, acceptedWh] = a < b ? [a, b] : [b, a]
      fc.pre(acceptedWh > 0)
      const within = BigInt(Math.min(meteredWh, acceptedWh))
      expect(BigInt(supportedWh(pairWh, acceptedWh, meteredWh))).toBe(
        (BigInt(pairWh) * within) / BigInt(acceptedWh),
      )
    }),
    { numRuns: 2000, seed: 61 },
  )
})

test('the pairs of an order are never supported beyond its meter, and miss it by less than 1 Wh each', () => {
  fc.assert(
    fc.property(order, ({ pairs, acceptedWh, meteredWh }) => {
      const supported = pairs.map((pair) => supportedWh(pair, acceptedWh, meteredWh))
      const sum = supported.reduce((total, each) => total + each, 0)
      const within = Math.min(meteredWh, acceptedWh)
      expect(sum).toBeLessThanOrEqual(within)
      expect(within - sum).toBeLessThan(pairs.length)
      supported.forEach((each, at) => expect(each >= 0 && each <= pairs[at]!).toBe(true))
    }),
    { numRuns: 2000, seed: 62 },
  )
})

test('what a pair settles, the smaller of what both meters support, never passes either meter', () => {
  fc.assert(
    fc.property(order, fc.double({ min: 0, max: 1.2, noNaN: true }), (sale, share) => {
      // One seller, one buyer per pair, each metered at a share of what it bought.
      const settled = sale.pairs.map((pair) => {
        const boughtWh = Math.floor(pair * share)
        const energy = Math.min(
          supportedWh(pair, sale.acceptedWh, sale.meteredWh),
          supportedWh(pair, pair, boughtWh),
        )
        expect(energy).toBeLessThanOrEqual(boughtWh)
        return energy
      })
      expect(settled.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(sale.meteredWh)
    }),
    { numRuns: 1000, seed: 63 },
  )
})

test('supportedWh() never falls when the meter shows more, and is the whole pair from accepted on', () => {
  fc.assert(
    fc.property(order, fc.nat(1_000_000), ({ pairs, acceptedWh, meteredWh }, moreWh) => {
      for (const pair of pairs) {
        const before = supportedWh(pair, acceptedWh, meteredWh)
        expect(supportedWh(pair, acceptedWh, meteredWh + moreWh)).toBeGreaterThanOrEqual(before)
        expect(supportedWh(pair, acceptedWh, acceptedWh + moreWh)).toBe(pair)
        expect(supportedWh(pair, acceptedWh, 0)).toBe(0)
      }
    }),
    { numRuns: 1000, seed: 64 },
  )
})

test('chargedShortfallWh() is the shortfall beyond the free band in whole Wh, exactly', () => {
  fc.assert(
    fc.property(energyWh, energyWh, freeHundredths, (acceptedWh, meteredWh, hundredths) => {
      const free = (BigInt(acceptedWh) * BigInt(hundredths)) / 100n
      const beyond = BigInt(acceptedWh) - BigInt(meteredWh) - free
      const charged = chargedShortfallWh(acceptedWh, meteredWh, hundredths / 100)
      expect(BigInt(charged)).toBe(beyond > 0n ? beyond : 0n)
    }),
    { numRuns: 2000, seed: 65 },
  )
})

test('chargedShortfallWh() lies between 0 and the shortfall for any band, and is 0 for a surplus', () => {
  fc.assert(
    fc.property(
      energyWh,
      energyWh,
      fc.double({ min: 0, max: 1, noNaN: true }),
      (acceptedWh, meteredWh, free) => {
        const charged = chargedShortfallWh(acceptedWh, meteredWh, free)
        expect(Number.isSafeInteger(charged)).toBe(true)
        expect(charged).toBeGreaterThanOrEqual(0)
        expect(charged).toBeLessThanOrEqual(Math.max(0, acceptedWh - meteredWh))
        expect(chargedShortfallWh(acceptedWh, acceptedWh + meteredWh, free)).toBe(0)
        expect(chargedShortfallWh(acceptedWh, meteredWh, 0)).toBe(Math.max(0, acceptedWh - meteredWh))
        expect(chargedShortfallWh(acceptedWh, meteredWh, 1)).toBe(0)
      },
    ),
    { numRuns: 1000, seed: 66 },
  )
})

test('chargedShortfallWh() never rises with the meter or with the band', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true })
  fc.assert(
    fc.property(
      energyWh,
      energyWh,
      fc.nat(1_000_000),
      share,
      share,
      (acceptedWh, meteredWh, moreWh, a, b) => {
        const [narrow, wide] = a < b ? [a, b] : [b, a]
        const charged = chargedShortfallWh(acceptedWh, meteredWh, narrow)
        expect(chargedShortfallWh(acceptedWh, meteredWh + moreWh, narrow)).toBeLessThanOrEqual(charged)
        expect(chargedShortfallWh(acceptedWh, meteredWh, wide)).toBeLessThanOrEqual(charged)
      },
    ),
    { numRuns: 1000, seed: 67 },
  )
})

test('a seller 10 % short of 1,000 kWh pays for 70 kWh; 3 % short it pays nothing, 1 Wh more costs 1 Wh', () => {
  expect(chargedShortfallWh(1_000_000, 900_000, 0.03)).toBe(70_000)
  expect(chargedShortfallWh(1_000_000, 970_000, 0.03)).toBe(0)
  expect(chargedShortfallWh(1_000_000, 969_999, 0.03)).toBe(1)
  // Its two pairs of 600 and 400 kWh are cut alike.
  expect([600_000, 400_000].map((pair) => supportedWh(pair, 1_000_000, 900_000))).toEqual([540_000, 360_000])
})

test('chargedInTurn() charges a position of two auctions as one, and what was agreed last first', () => {
  fc.assert(
    fc.property(energyWh, energyWh, energyWh, freeHundredths, (earlierWh, laterWh, meteredWh, hundredths) => {
      const charged = chargedInTurn({ earlierWh, laterWh }, meteredWh, hundredths / 100)
      const once = chargedShortfallWh(earlierWh + laterWh, meteredWh, hundredths / 100)
      expect(charged.earlierWh + charged.laterWh).toBe(once)
      expect(charged.laterWh).toBeLessThanOrEqual(laterWh)
      // The earlier part is charged only for what the meter leaves of it itself.
      expect(charged.earlierWh).toBeLessThanOrEqual(Math.max(0, earlierWh - meteredWh))
      expect(charged.earlierWh === 0 || charged.laterWh === laterWh).toBe(true)
    }),
    { numRuns: 1000, seed: 63 },
  )
})

test('chargedInTurn() by hand: 60 kWh and 10 more on a meter of 58 are 12 short, of which 2.1 are free', () => {
  expect(chargedInTurn({ earlierWh: 60_000, laterWh: 10_000 }, 58_000, 0.03)).toEqual({
    earlierWh: 0,
    laterWh: 9900,
  })
  expect(chargedInTurn({ earlierWh: 60_000, laterWh: 10_000 }, 40_000, 0.03)).toEqual({
    earlierWh: 17_900,
    laterWh: 10_000,
  })
})
