import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BrokenAssertion } from '../../src/base/errors.ts'
import { Ledger } from '../../src/settlement/ledger.ts'

const names = ['a', 'b', 'c', 'd', 'e', 'rounding']
const account = fc.nat(names.length - 1)
/** 20,000 CNY in the ledger's unit, more than any account moves in a quarter of an hour of a zone. */
const large = 2e15

interface Payment {
  readonly from: number
  readonly to: number
  readonly amountE11: number
}

const payment = (most = large): fc.Arbitrary<Payment> =>
  fc.record({ from: account, to: account, amountE11: fc.integer({ min: -most, max: most }) })

function pay(ledger: Ledger, { from, to, amountE11 }: Payment): void {
  ledger.post(from, -amountE11)
  ledger.post(to, amountE11)
}

/** The same bookkeeping in BigInt, without any shortcut. */
class Twin {
  readonly intervals = names.map(() => 0n)
  readonly month = names.map(() => 0n)
  readonly monthly = names.map(() => 0n)

  pay({ from, to, amountE11 }: Payment): void {
    for (const column of [this.intervals, this.month]) {
      column[from]! -= BigInt(amountE11)
      column[to]! += BigInt(amountE11)
    }
  }

  transfer(from: number, to: number, amountE11: bigint): void {
    this.monthly[from]! -= amountE11
    this.monthly[to]! += amountE11
  }
}

const month = fc.record({
  intervals: fc.array(fc.array(payment(), { maxLength: 2 }), { maxLength: 12 }),
  charges: fc.array(
    fc.record({ from: account, to: account, amountE11: fc.bigInt({ min: -(10n ** 22n), max: 10n ** 22n }) }),
    { maxLength: 4 },
  ),
})

test('Ledger balances equal a BigInt twin through intervals and months, and sum to 0 at every step', () => {
  fc.assert(
    fc.property(fc.array(month, { minLength: 1, maxLength: 4 }), (months) => {
      const ledger = new Ledger(names)
      const twin = new Twin()
      for (const { intervals, charges } of months) {
        twin.month.fill(0n)
        for (const payments of intervals) {
          for (const each of payments) {
            pay(ledger, each)
            twin.pay(each)
          }
          ledger.closeInterval()
        }
        for (const { from, to, amountE11 } of charges) {
          ledger.transfer(from, to, amountE11)
          twin.transfer(from, to, amountE11)
        }
        names.forEach((_, row) => {
          expect(ledger.sinceMonthStart(row)).toBe(twin.month[row])
          expect(ledger.balance(row)).toBe(twin.intervals[row]! + twin.monthly[row]!)
        })
        expect(ledger.residual()).toBe(0n)
        ledger.closeMonth()
        names.forEach((_, row) => expect(ledger.sinceMonthStart(row)).toBe(0n))
      }
    }),
    { numRuns: 500, seed: 41 },
  )
})

test('Ledger.closeInterval() takes every list of payments, in any order of its postings', () => {
  const shuffled = fc.array(payment(large / 20), { maxLength: 20 }).chain((payments) => {
    const postings = payments.flatMap(({ from, to, amountE11 }) => [
      { account: from, amountE11: -amountE11 },
      { account: to, amountE11 },
    ])
    return fc.shuffledSubarray(postings, { minLength: postings.length })
  })
  fc.assert(
    fc.property(shuffled, (postings) => {
      const ledger = new Ledger(names)
      for (const posting of postings) ledger.post(posting.account, posting.amountE11)
      ledger.closeInterval()
      names.forEach((_, row) => {
        const own = postings.filter((posting) => posting.account === row)
        expect(ledger.balance(row)).toBe(own.reduce((sum, { amountE11 }) => sum + BigInt(amountE11), 0n))
      })
      expect(ledger.postings).toBe(postings.length)
    }),
    { numRuns: 500, seed: 42 },
  )
})

test('Ledger.closeInterval() throws whatever amount an interval is off by, down to 1e-11 CNY', () => {
  const off = fc
    .oneof(fc.constantFrom(1, -1), fc.integer({ min: -1e9, max: 1e9 }))
    .filter((each) => each !== 0)
  fc.assert(
    fc.property(
      fc.array(payment(large / 20), { maxLength: 20 }),
      account,
      off,
      (payments, row, amountE11) => {
        const ledger = new Ledger(names)
        for (const each of payments) pay(ledger, each)
        ledger.post(row, amountE11)
        expect(() => ledger.closeInterval()).toThrow(BrokenAssertion)
        expect(() => ledger.closeInterval()).toThrow(`off by ${amountE11}e-11 CNY`)
      },
    ),
    { numRuns: 500, seed: 43 },
  )
})

test('Ledger.closeInterval() finds 1e-11 CNY missing beside payments that sum beyond 2^53', () => {
  const ledger = new Ledger(names)
  // In doubles these five sum to 0: the 1 is lost beside 1.2e16.
  for (const [row, amountE11] of [6e15, 6e15, 1, -6e15, -6e15].entries()) ledger.post(row, amountE11)
  expect(() => ledger.closeInterval()).toThrow('off by 1e-11 CNY')
})

test('Ledger.closeInterval() takes payments that sum beyond 2^53 and balance', () => {
  const ledger = new Ledger(names)
  // In doubles the running sum of these is off by 1 on the way and at the end.
  for (const [row, amountE11] of [6e15, 6e15, 1, -6e15, -6e15, -1].entries()) ledger.post(row, amountE11)
  ledger.closeInterval()
  expect(names.map((_, row) => ledger.balance(row))).toEqual([6e15, 6e15, 1, -6e15, -6e15, -1].map(BigInt))
})

test('Ledger takes accounts that pass 2^53 on the way, to the last 1e-11 CNY', () => {
  const ledger = new Ledger(names)
  for (const amountE11 of [6e15, 6e15, 1, -6e15]) pay(ledger, { from: 1, to: 0, amountE11 })
  ledger.closeInterval()
  // In doubles the 1 is lost beside 1.2e16.
  expect([ledger.balance(0), ledger.balance(1)]).toEqual([6_000_000_000_000_001n, -6_000_000_000_000_001n])
})

test('Ledger.post() throws for an amount beyond 2^53, maybe a product that was rounded, and for parts of 1e-11 CNY', () => {
  for (const amountE11 of [1.2e16, 0.5, NaN, Infinity]) {
    const ledger = new Ledger(names)
    expect(() => ledger.post(0, amountE11)).toThrow('no whole amount that is exact')
    const amounts = Float64Array.of(1, amountE11)
    expect(() => ledger.postEach(Int32Array.of(0, 1), amounts)).toThrow(BrokenAssertion)
  }
})

test('Ledger.postEnergy() posts the product to the last 1e-11 CNY, however large the zone, and takes no parts of a Wh', () => {
  const energyWh = fc.integer({ min: -3e9, max: 3e9 })
  const rateE8 = fc.integer({ min: -1e9, max: 1e9 })
  fc.assert(
    fc.property(fc.array(fc.tuple(account, account, energyWh, rateE8), { maxLength: 20 }), (sales) => {
      const ledger = new Ledger(names)
      const sums = names.map(() => 0n)
      for (const [from, to, energy, rate] of sales) {
        ledger.postEnergy(from, -energy, rate)
        ledger.postEnergy(to, energy, rate)
        sums[from]! -= BigInt(energy) * BigInt(rate)
        sums[to]! += BigInt(energy) * BigInt(rate)
      }
      ledger.closeInterval()
      expect(names.map((_, at) => ledger.balance(at))).toEqual(sums)
    }),
  )
  const ledger = new Ledger(names)
  for (const [energy, rate] of [
    [0.5, 2],
    [2, 0.5],
    [2 ** 53, 1],
  ] as const) {
    expect(() => ledger.postEnergy(0, energy, rate)).toThrow('no whole amount that is exact')
  }
  ledger.postEnergy(0, 3_000_000_001, 43_000_001)
  expect(() => ledger.closeInterval()).toThrow(BrokenAssertion)
})

test('Ledger.postEach() posts what as many calls of post() would, but for zeros', () => {
  const amounts = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: -large, max: large })), {
    maxLength: 8,
  })
  const rows = fc.tuple(fc.array(account, { minLength: 8, maxLength: 8 }), amounts)
  fc.assert(
    fc.property(rows, ([accounts, amountsE11]) => {
      const [each, single] = [new Ledger(names), new Ledger(names)]
      each.postEach(Int32Array.from(accounts.slice(0, amountsE11.length)), Float64Array.from(amountsE11))
      amountsE11.forEach((amountE11, at) => {
        if (amountE11 !== 0) single.post(accounts[at]!, amountE11)
      })
      names.forEach((_, row) => expect(each.balance(row)).toBe(single.balance(row)))
      expect(each.postings).toBe(single.postings)
    }),
    { numRuns: 300, seed: 45 },
  )
})

test('Ledger totals stay exact far beyond 2^53: a year of the largest amounts, and one unit more', () => {
  const ledger = new Ledger(names)
  for (let interval = 0; interval < 35_040; interval++) {
    pay(ledger, { from: 0, to: 1, amountE11: large + 1 })
    ledger.closeInterval()
  }
  pay(ledger, { from: 0, to: 1, amountE11: 1 })
  ledger.closeInterval()
  const total = 35_040n * 2_000_000_000_000_001n + 1n
  expect(total > 2n ** 53n).toBe(true)
  expect([ledger.balance(0), ledger.balance(1)]).toEqual([-total, total])
})

test('Ledger.closeMonth() leaves balances alone; a transfer moves the balance and not the month', () => {
  const ledger = new Ledger(names)
  pay(ledger, { from: 0, to: 1, amountE11: 700 })
  ledger.closeInterval()
  ledger.transfer(1, 2, 50n)
  expect([ledger.sinceMonthStart(1), ledger.balance(1), ledger.balance(2)]).toEqual([700n, 650n, 50n])
  ledger.closeMonth()
  expect([ledger.sinceMonthStart(1), ledger.balance(1), ledger.balance(2)]).toEqual([0n, 650n, 50n])
  pay(ledger, { from: 1, to: 0, amountE11: 30 })
  ledger.closeInterval()
  expect([ledger.sinceMonthStart(1), ledger.balance(1)]).toEqual([-30n, 620n])
  expect(ledger.postings).toBe(6)
})
