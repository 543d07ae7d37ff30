import fc from 'fast-check'
import { expect, test } from 'vitest'
import { appendStep, makeDaySteps } from '../../src/strategy/day-steps.ts'
import { StoragePlanner } from '../../src/strategy/storage-plan.ts'
import { bestDay, limitsOf, planned, type TwinBattery } from './battery-twin.ts'
import { ordersOf, rowsOf, stepsOf, type LevelOrder } from './days.ts'

/** Efficiencies, and a unit of grid energy of which they make whole Wh, so that no energy is rounded away. */
const conversions = [
  { charge: { top: 1, bottom: 1 }, discharge: { top: 1, bottom: 1 }, unitWh: 1 },
  { charge: { top: 1, bottom: 2 }, discharge: { top: 1, bottom: 1 }, unitWh: 2 },
  { charge: { top: 1, bottom: 1 }, discharge: { top: 1, bottom: 2 }, unitWh: 1 },
  { charge: { top: 1, bottom: 2 }, discharge: { top: 3, bottom: 4 }, unitWh: 6 },
  { charge: { top: 4, bottom: 5 }, discharge: { top: 1, bottom: 1 }, unitWh: 5 },
] as const

interface Day {
  readonly battery: TwinBattery
  readonly books: readonly (readonly LevelOrder[])[]
}

const day: fc.Arbitrary<Day> = fc.constantFrom(...conversions).chain(({ charge, discharge, unitWh }) =>
  fc
    .record({
      chargeUnits: fc.integer({ min: 0, max: 12 }),
      dischargeUnits: fc.integer({ min: 0, max: 12 }),
      storedWhMax: fc.integer({ min: 0, max: 30 }),
      full: fc.integer({ min: 0, max: 4 }),
      wearTicks: fc.constantFrom(0, 0, 1, 5, 40),
      chargeAdderTicks: fc.constantFrom(0, 0, 3),
      halves: fc.boolean(),
      intervals: fc.integer({ min: 1, max: 5 }),
    })
    .chain((each) =>
      fc.record({
        battery: fc.constant({
          charge,
          discharge,
          chargeWhMax: each.chargeUnits * unitWh,
          dischargeWhMax: each.dischargeUnits * unitWh,
          storedWh: Math.floor((each.storedWhMax * each.full) / 4),
          storedWhMax: each.storedWhMax,
          wearTicks: each.wearTicks,
          chargeAdderTicks: each.chargeAdderTicks,
          share: each.halves ? 0.5 : 1,
        }),
        books: fc.array(ordersOf({ unitWh: each.halves ? 2 * unitWh : unitWh }), {
          minLength: each.intervals,
          maxLength: each.intervals,
        }),
      }),
    ),
)

/** Days at prices below 0 too, with an end that asks for something or pays for it. */
const anyDay = day.chain((each) =>
  fc
    .record({
      books: fc.array(ordersOf({ priceMin: -30, unitWh: 30 }), { minLength: 1, maxLength: 6 }),
      least: fc.constantFrom(0, 0, 0.4, 1),
      most: fc.constantFrom(0, 0.5, 1, 1),
      worthTicks: fc.integer({ min: -5, max: 25 }),
      asks: fc.boolean(),
    })
    .map(({ books, least, most, worthTicks, asks }): Day => {
      const leastWh = Math.floor(each.battery.storedWhMax * least)
      const mostWh = Math.max(leastWh, Math.floor(each.battery.storedWhMax * most))
      return {
        books,
        battery: asks ? { ...each.battery, end: { leastWh, mostWh, worthTicks } } : each.battery,
      }
    }),
)

function planOf({ battery, books }: Day) {
  const steps = stepsOf(books)
  const planner = new StoragePlanner(books.length, steps.count)
  const plan = planner.plan(planned(battery), steps)
  return {
    steps: rowsOf(steps),
    changes: [...plan.storedChangeWh],
    lows: [...plan.lowTicks],
    highs: [...plan.highTicks],
    isFeasible: plan.missingWh === 0 && plan.excessWh === 0,
    isSearched: plan.isSearched,
  }
}

test('plan(battery, steps) is exactly as good as an exhaustive search over every Wh', () => {
  let active = 0
  fc.assert(
    fc.property(day, (each) => {
      const { steps, changes } = planOf(each)
      const twin = bestDay(each.battery, steps, each.books.length)
      expect(twin.worthOf(changes)).toBe(twin.best)
      if (twin.best > 0) active++
    }),
    { numRuns: 800, seed: 101 },
  )
  expect(active).toBeGreaterThan(300)
})

test('the same at prices below 0 and with an end that asks: exact where there is a way, and said where there is none', () => {
  let [searched, impossible] = [0, 0]
  fc.assert(
    fc.property(anyDay, (each) => {
      const { steps, changes, isFeasible, isSearched } = planOf(each)
      const twin = bestDay(each.battery, steps, each.books.length)
      expect(isFeasible).toBe(twin.best > -Infinity)
      if (isFeasible) expect(twin.worthOf(changes)).toBe(twin.best)
      else impossible++
      if (isSearched) searched++
    }),
    { numRuns: 1200, seed: 102 },
  )
  expect(searched).toBeGreaterThan(40)
  expect(impossible).toBeGreaterThan(40)
})

test('the stored energy never leaves its limits', () => {
  fc.assert(
    fc.property(anyDay, (each) => {
      let levelWh = each.battery.storedWh
      for (const change of planOf(each).changes) {
        levelWh += change
        expect(levelWh >= 0 && levelWh <= each.battery.storedWhMax).toBe(true)
      }
    }),
    { numRuns: 400, seed: 112 },
  )
})

test('the lowest value is what one more stored Wh would earn, the highest what one less would cost', () => {
  fc.assert(
    fc.property(day, (each) => {
      const { steps, lows, highs } = planOf(each)
      const { best } = bestDay(each.battery, steps, each.books.length)
      lows.forEach((low, interval) => {
        const given = (energyWh: number) =>
          bestDay(each.battery, steps, each.books.length, { interval, energyWh }).best
        expect(low).toBe(given(1) - best)
        expect(highs[interval]).toBe(best - given(-1))
      })
    }),
    { numRuns: 300, seed: 103 },
  )
})

test('no scheduled Wh is priced out: what is charged costs at most the lowest value, what is discharged earns the highest', () => {
  fc.assert(
    fc.property(day, (each) => {
      const { steps, changes, lows, highs } = planOf(each)
      changes.forEach((change, interval) => {
        const own = steps.filter((step) => step.interval === interval)
        const used = Math.abs(change)
        for (const isSupply of [true, false]) {
          const isSide = change !== 0 && isSupply === change > 0
          const isRight = limitsOf(each.battery, own, isSupply).every((limit, at) => {
            const isUsed = isSide && at < used
            // What is left unused is not better than the value either.
            return isSupply === isUsed ? limit <= lows[interval]! : limit >= highs[interval]!
          })
          expect(isRight).toBe(true)
        }
      })
    }),
    { numRuns: 500, seed: 105 },
  )
})

test('a day ends with nothing bought left over, and buys nothing before what it started with is sold', () => {
  fc.assert(
    fc.property(day, (each) => {
      const { changes } = planOf(each)
      const ended = changes.reduce((sum, change) => sum + change, 0)
      expect(ended <= 0 && ended >= -each.battery.storedWh).toBe(true)
      if (changes.some((change) => change > 0)) expect(ended + each.battery.storedWh).toBe(0)
    }),
    { numRuns: 500, seed: 106 },
  )
})

test('a planner that has planned other days plans the next as a new one would', () => {
  fc.assert(
    fc.property(fc.array(day, { minLength: 2, maxLength: 4 }), (days) => {
      const planner = new StoragePlanner(5, 1000)
      for (const each of days) {
        const books = [...each.books, ...Array.from({ length: 5 - each.books.length }, () => [])]
        const steps = stepsOf(books)
        const used = planner.plan(planned(each.battery), steps)
        const fresh = new StoragePlanner(5, 1000).plan(planned(each.battery), steps)
        expect([...used.storedChangeWh]).toEqual([...fresh.storedChangeWh])
        expect([...used.lowTicks]).toEqual([...fresh.lowTicks])
        expect([...used.highTicks]).toEqual([...fresh.highTicks])
      }
    }),
    { numRuns: 150, seed: 107 },
  )
})

test('planOn(battery, steps) on the same steps again plans as a new planner would', () => {
  const change = fc.record({ share: fc.double({ min: 0, max: 1, noNaN: true }), isWorn: fc.boolean() })
  fc.assert(
    fc.property(anyDay, fc.array(change, { minLength: 2, maxLength: 4 }), (each, changes) => {
      const newPlanner = () => new StoragePlanner(each.books.length, 1000)
      const planner = newPlanner()
      const steps = stepsOf(each.books)
      const battery = planned(each.battery)
      for (const { share, isWorn } of changes) {
        const other = {
          ...battery,
          storedWh: Math.floor(share * battery.storedWhMax),
          wearTicks: battery.wearTicks + Number(isWorn),
        }
        expect(planner.planOn(other, steps)).toEqual(newPlanner().plan(other, steps))
      }
    }),
    { numRuns: 300, seed: 108 },
  )
})

test('planPrices(battery, prices) is plan(battery, steps) on more energy than it can move, bought and sold at each price', () => {
  const price = fc.integer({ min: -30, max: 30 })
  let [searched, powerless] = [0, 0]
  fc.assert(
    fc.property(anyDay, fc.array(price, { minLength: 1, maxLength: 6 }), (each, prices) => {
      const steps = makeDaySteps(2 * prices.length)
      prices.forEach((ticks, interval) => {
        appendStep(steps, interval, 0, ticks, 1000)
        appendStep(steps, interval, 1, ticks, 1000)
      })
      const battery = planned(each.battery)
      const newPlanner = () => new StoragePlanner(prices.length, 2 * prices.length)
      const plan = newPlanner().planPrices(battery, prices)
      expect(plan).toEqual(newPlanner().plan(battery, steps))
      if (plan.isSearched) searched++
      if (battery.chargeWhMax === 0 || battery.dischargeWhMax === 0) powerless++
    }),
    { numRuns: 800, seed: 113 },
  )
  expect(searched).toBeGreaterThan(40)
  expect(powerless).toBeGreaterThan(40)
})

test('prices too far from 0 for what must be beyond them are refused', () => {
  const planner = new StoragePlanner(2, 4)
  for (const far of [2 ** 30, 2 ** 31 + 5000, 2 ** 32 + 5000, Infinity]) {
    const wanted = 'must lie within'
    expect(() => planner.planPrices(planned(small), [5000, far])).toThrow(wanted)
    expect(() => planner.planPrices(planned(small), [-far, 5000])).toThrow(wanted)
    // What must be discharged has no price at all, and stands at ∞ in steps.
    const most = Math.min(far, 2 ** 40)
    expect(() => planner.plan(planned(small), stepsOf([sells(5000), buys(most)]))).toThrow(wanted)
    expect(() => planner.plan(planned(small), stepsOf([sells(-most), buys(5000)]))).toThrow(wanted)
  }
  expect(planner.planPrices(planned(small), [1000, 2 ** 28]).missingWh).toBe(0)
})

test('half of the books and half of the battery make half of the plan', () => {
  const doubled = ordersOf({ unitWh: 4 })
  fc.assert(
    fc.property(
      fc.array(doubled, { minLength: 1, maxLength: 5 }),
      fc.nat(6),
      fc.nat(9),
      (books, power, most) => {
        const whole = {
          charge: { top: 1, bottom: 1 },
          discharge: { top: 1, bottom: 1 },
          chargeWhMax: 4 * power,
          dischargeWhMax: 4 * power,
          storedWh: 2 * most,
          storedWhMax: 4 * most,
          wearTicks: 1,
          chargeAdderTicks: 0,
          share: 1,
        }
        const half = {
          ...whole,
          chargeWhMax: 2 * power,
          dischargeWhMax: 2 * power,
          storedWh: most,
          storedWhMax: 2 * most,
          share: 0.5,
        }
        const steps = stepsOf(books)
        const worth = (battery: TwinBattery) => {
          const { worthOf } = bestDay(battery, rowsOf(steps), books.length)
          return worthOf(planOf({ battery, books }).changes)
        }
        expect(worth(half) * 2).toBe(worth(whole))
      },
    ),
    { numRuns: 250, seed: 108 },
  )
})

const small = {
  charge: { top: 9, bottom: 10 },
  discharge: { top: 9, bottom: 10 },
  chargeWhMax: 1000,
  dischargeWhMax: 1000,
  storedWh: 0,
  storedWhMax: 1500,
  wearTicks: 500,
  chargeAdderTicks: 0,
  share: 1,
}
const sells = (priceTicks: number, energyWh = 5000): LevelOrder[] => [{ isSell: true, priceTicks, energyWh }]
const buys = (priceTicks: number, energyWh = 5000): LevelOrder[] => [{ isSell: false, priceTicks, energyWh }]

test('a day by hand: 0.2 and 0.3 at noon, 0.9 and 0.8 at night, 4 kW, 1.5 kWh, 0.9 each way, wear 0.05', () => {
  const plan = planOf({ battery: small, books: [sells(2000), sells(3000), buys(9000), buys(8000)] })
  // At noon 1000 Wh store 900, then 600 more fill the battery; at night 1000 Wh take 1111, and 389 are left.
  expect(plan.changes).toEqual([900, 600, -1111, -389])
  // Marginal are the charge at 0.3 / 0.9, rounded up, and the discharge at 0.8 · 0.9 − 0.05.
  expect(plan.lows).toEqual([3334, 3334, 6700, 6700])
  expect(plan.highs).toEqual(plan.lows)
  // Bids of that value meet the marginal prices themselves.
  expect([Math.floor(3334 * 0.9), Math.ceil((6700 + 500) / 0.9)]).toEqual([3000, 8000])
})

test('a battery whose wear is dearer than the day keeps what it has, and bids no less than its wear', () => {
  const plan = planOf({
    battery: { ...small, storedWh: 1000, wearTicks: 9000 },
    books: [buys(6000), buys(8000)],
  })
  expect(plan).toMatchObject({ changes: [0, 0], lows: [0, 0], highs: [0, 0] })
})

test('where no stored energy is to be had, nothing bounds its value from above', () => {
  const plan = planOf({
    battery: small,
    books: [[...buys(9000), ...sells(1000, 1)], sells(2000), buys(8000)],
  })
  // One more Wh at dawn would be sold there and then, at 0.9 · 0.9 − 0.05; one less cannot be had.
  expect(plan.lows).toEqual([7600, 6700, 6700])
  expect(plan.highs[0]).toBe(Infinity)
})
