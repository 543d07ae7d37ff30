import fc from 'fast-check'
import { expect, test } from 'vitest'
import { makeChart, publicAccounts, type PublicAccount } from '../../src/settlement/chart.ts'
import { Ledger } from '../../src/settlement/ledger.ts'
import {
  postAdders,
  postContractReceipts,
  postFeedIn,
  postPayment,
  postTrade,
  postTradeFees,
  postUpstream,
  rentTicksOf,
  type Adders,
  type ContractRates,
  type SettledPair,
} from '../../src/settlement/postings.ts'

const chart = makeChart({
  enterprises: ['buyer-1', 'buyer-2'],
  pv: ['roof'],
  storages: ['battery'],
  cogenerations: ['biomass'],
})
/** Up to 20 MWh, the quarter of an hour of 80 MW. */
const energyWh = fc.integer({ min: 0, max: 20_000_000 })
/** Up to 1 CNY/kWh, negative prices too [1e-8 CNY/kWh]. */
const rateE8 = fc.integer({ min: -100_000_000, max: 100_000_000 })
const ticks = fc.integer({ min: -10_000, max: 10_000 })
const adders: fc.Arbitrary<Adders> = fc.record({ lineLossE8: rateE8, systemE8: rateE8, fundsE8: rateE8 })

/** What a list of postings moves, by account name, after the ledger has found it balanced. */
function booked(post: (ledger: Ledger) => void): Record<string, bigint> {
  const ledger = new Ledger(chart.names)
  post(ledger)
  ledger.closeInterval()
  expect(ledger.residual()).toBe(0n)
  const rows = chart.names.map((name, row) => [name, ledger.balance(row)] as const)
  return Object.fromEntries(rows.filter(([, amount]) => amount !== 0n))
}

/** The accounts named, without those that hold nothing. */
function nonZero(amounts: Record<string, bigint>): Record<string, bigint> {
  return Object.fromEntries(Object.entries(amounts).filter(([, amount]) => amount !== 0n))
}

/** One pair as an interval of its own. */
function bookedTrade(sides: { seller: number; buyer: number }, pair: SettledPair, adders: Adders) {
  return booked((ledger) => {
    postTrade(ledger, sides, pair, adders)
    const fees = {
      wheelingTickWh: pair.energyWh * (pair.pathFeeTicks + pair.withdrawalTicks),
      rentTickWh: pair.energyWh * rentTicksOf(pair),
      bearingWh: pair.energyWh,
      pairs: 1,
    }
    postTradeFees(ledger, chart, fees, adders)
    expect(ledger.postings).toBe(7)
  })
}

test('postTrade() and postTradeFees() balance at any price, fee and adder, and give everybody what the trade says', () => {
  const pair = fc.record({
    energyWh,
    sellerTicks: ticks,
    buyerTicks: ticks,
    pathFeeTicks: fc.nat(3000),
    withdrawalTicks: fc.nat(3000),
  })
  const sides = fc.record({
    seller: fc.constantFrom(chart.pv, chart.storage, chart.cogeneration),
    buyer: fc.constantFrom(chart.enterprise, chart.enterprise + 1),
  })
  fc.assert(
    fc.property(pair, sides, adders, (trade, { seller, buyer }, fees) => {
      const wh = BigInt(trade.energyWh)
      const e8 = (inTicks: number) => BigInt(inTicks) * 10_000n
      const borne = BigInt(fees.lineLossE8) + BigInt(fees.systemE8) + BigInt(fees.fundsE8)
      expect(bookedTrade({ seller, buyer }, trade, fees)).toEqual(
        nonZero({
          [chart.names[buyer]!]: -wh * (e8(trade.buyerTicks + trade.withdrawalTicks) + borne),
          [chart.names[seller]!]: wh * e8(trade.sellerTicks),
          tAndD: wh * e8(trade.pathFeeTicks + trade.withdrawalTicks),
          marketSurplus: wh * e8(trade.buyerTicks - trade.sellerTicks - trade.pathFeeTicks),
          lineLoss: wh * BigInt(fees.lineLossE8),
          systemOperation: wh * BigInt(fees.systemE8),
          governmentFunds: wh * BigInt(fees.fundsE8),
        }),
      )
    }),
    { numRuns: 1000, seed: 51 },
  )
})

test('postTradeFees() leaves no congestion rent where the price gap is the path fee', () => {
  fc.assert(
    fc.property(energyWh, ticks, fc.nat(3000), (energy, sellerTicks, pathFeeTicks) => {
      const pair = {
        energyWh: energy,
        sellerTicks,
        buyerTicks: sellerTicks + pathFeeTicks,
        pathFeeTicks,
        withdrawalTicks: 131,
      }
      const free = { lineLossE8: 0, systemE8: 0, fundsE8: 0 }
      const sides = { seller: chart.pv, buyer: chart.enterprise }
      const moved = bookedTrade(sides, pair, free)
      expect(moved['marketSurplus']).toBeUndefined()
    }),
    { numRuns: 200, seed: 52 },
  )
})

test('postContractReceipts() balances what the buyer is billed if the parts sum to the price, and only then', () => {
  const parts = fc.record({
    energyE8: rateE8,
    lineLossE8: rateE8,
    systemE8: rateE8,
    tdE8: rateE8,
    fundsE8: rateE8,
    timeOfUseE8: rateE8,
  })
  const purchase = fc.constantFrom('agencyPurchase' as const, 'retailers' as const)
  fc.assert(
    fc.property(energyWh, purchase, parts, fc.constantFrom(0, 0, 1, -1), (energy, payee, each, off) => {
      const column = (value: number) => Float64Array.of(0, value)
      const fullE8 = Object.values(each).reduce((sum, rate) => sum + rate, 0) + off
      const rates: ContractRates = {
        purchase: payee,
        fullE8: column(fullE8),
        energyE8: column(each.energyE8),
        lineLossE8: column(each.lineLossE8),
        systemE8: column(each.systemE8),
        tdE8: column(each.tdE8),
        fundsE8: column(each.fundsE8),
        timeOfUseE8: column(each.timeOfUseE8),
      }
      const post = (ledger: Ledger) => {
        ledger.post(chart.enterprise, -energy * rates.fullE8[1]!)
        postContractReceipts(ledger, chart, rates, 1, energy)
      }
      if (off !== 0 && energy !== 0) {
        expect(() => booked(post)).toThrow('the ledger of an interval is off')
        return
      }
      const wh = BigInt(energy)
      expect(booked(post)).toEqual(
        nonZero({
          'enterprise:buyer-1': -wh * BigInt(fullE8),
          [payee]: wh * BigInt(each.energyE8),
          lineLoss: wh * BigInt(each.lineLossE8),
          systemOperation: wh * BigInt(each.systemE8),
          tAndD: wh * BigInt(each.tdE8),
          governmentFunds: wh * BigInt(each.fundsE8),
          timeOfUse: wh * BigInt(each.timeOfUseE8),
        }),
      )
    }),
    { numRuns: 1000, seed: 53 },
  )
})

test('postFeedIn() balances what the seller receives: the outside price is paid as reference price and mechanism', () => {
  fc.assert(
    fc.property(energyWh, rateE8, rateE8, (energy, outsideE8, referenceE8) => {
      const wh = BigInt(energy)
      const post = (ledger: Ledger) => {
        ledger.post(chart.pv, energy * outsideE8)
        postFeedIn(ledger, chart, energy, { outsideE8, referenceE8 }, 1)
      }
      expect(booked(post)).toEqual(
        nonZero({
          'pv:roof': wh * BigInt(outsideE8),
          feedInPurchase: -wh * BigInt(referenceE8),
          mechanismDifference: wh * (BigInt(referenceE8) - BigInt(outsideE8)),
        }),
      )
    }),
    { numRuns: 500, seed: 54 },
  )
})

test('postUpstream() balances in both directions, for import and for energy fed in', () => {
  fc.assert(
    fc.property(energyWh, fc.boolean(), rateE8, (energy, isImport, priceE8) => {
      const signed = isImport ? energy : -energy
      const cost = BigInt(signed) * BigInt(priceE8)
      expect(booked((ledger) => postUpstream(ledger, chart, chart.retailers, signed, priceE8))).toEqual(
        nonZero({ retailers: -cost, upstream: cost }),
      )
    }),
    { numRuns: 300, seed: 55 },
  )
})

test('postAdders() books each adder on its account, and balances with what the bearer pays', () => {
  fc.assert(
    fc.property(energyWh, adders, (energy, fees) => {
      const all = fees.lineLossE8 + fees.systemE8 + fees.fundsE8
      const wh = BigInt(energy)
      const moved = booked((ledger) => {
        postAdders(ledger, chart, energy, fees)
        ledger.post(chart.storage, -energy * all)
      })
      expect(moved).toEqual(
        nonZero({
          'storage:battery': -wh * BigInt(all),
          lineLoss: wh * BigInt(fees.lineLossE8),
          systemOperation: wh * BigInt(fees.systemE8),
          governmentFunds: wh * BigInt(fees.fundsE8),
        }),
      )
    }),
    { numRuns: 300, seed: 56 },
  )
})

test('postPayment() takes from one what it gives to the other', () => {
  fc.assert(
    fc.property(fc.integer({ min: -2e15, max: 2e15 }), (amountE11) => {
      const moved = booked((ledger) => postPayment(ledger, chart.enterprise, chart.deviationPool, amountE11))
      expect(moved).toEqual(
        nonZero({ 'enterprise:buyer-1': -BigInt(amountE11), deviationPool: BigInt(amountE11) }),
      )
    }),
    { numRuns: 200, seed: 57 },
  )
})

test('a trade by hand: 250 kWh at 0.43, wheeling 0.0483, loss 0.0136, system 0.0816, funds 0.02923875', () => {
  const pair = {
    energyWh: 250_000,
    sellerTicks: 4300,
    buyerTicks: 4300,
    pathFeeTicks: 0,
    withdrawalTicks: 483,
  }
  const fees = { lineLossE8: 1_360_000, systemE8: 8_160_000, fundsE8: 2_923_875 }
  const sides = { seller: chart.pv, buyer: chart.enterprise }
  const moved = bookedTrade(sides, pair, fees)
  const cny = Object.fromEntries(Object.entries(moved).map(([name, e11]) => [name, Number(e11) / 1e11]))
  expect(cny).toEqual({
    'enterprise:buyer-1': -(107.5 + 12.075 + 3.4 + 20.4 + 7.3096875),
    'pv:roof': 107.5,
    tAndD: 12.075,
    lineLoss: 3.4,
    systemOperation: 20.4,
    governmentFunds: 7.3096875,
  })
})

test('makeChart() gives every participant and public account one row, in the order of the names', () => {
  const ids = (letter: string) =>
    fc.nat(5).map((count) => Array.from({ length: count }, (_, at) => `${letter}${at}`))
  const participants = fc.record({
    enterprises: ids('e'),
    pv: ids('p'),
    storages: ids('s'),
    cogenerations: ids('c'),
  })
  fc.assert(
    fc.property(participants, (each) => {
      const made = makeChart(each)
      each.enterprises.forEach((id, at) => expect(made.names[made.enterprise + at]).toBe(`enterprise:${id}`))
      each.pv.forEach((id, at) => expect(made.names[made.pv + at]).toBe(`pv:${id}`))
      each.storages.forEach((id, at) => expect(made.names[made.storage + at]).toBe(`storage:${id}`))
      each.cogenerations.forEach((id, at) =>
        expect(made.names[made.cogeneration + at]).toBe(`cogeneration:${id}`),
      )
      for (const account of publicAccounts) expect(made.names[made[account]]).toBe(account)
      expect(made.names).toHaveLength(publicAccounts.length + Object.values(each).flat().length)
    }),
    { numRuns: 100, seed: 58 },
  )
  const rows: Record<PublicAccount, number> = chart
  expect(new Set(publicAccounts.map((account) => rows[account])).size).toBe(publicAccounts.length)
})
