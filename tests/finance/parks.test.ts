/**
 * The three parks of the 2024 contest (problem A of 电工杯): known energy and cost without storage, alone and together,
 * and what they mean to the owner of park A's PV over the years.
 */
import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { assess } from '../../src/finance/project.ts'
import { Decimal } from '../../src/finance/money.ts'
import { ClearingEngine } from '../../src/market/clear.ts'
import type { Network } from '../../src/grid/network.ts'
import type { Book } from '../../src/market/book.ts'
import type { PvUnit } from '../../src/scenario/zone.ts'
import { settleBehindMeter } from '../../src/simulation/behind-meter.ts'

const folder = '../shared/data/parks-china-2024'
const isHere = existsSync(folder)
if (!isHere) console.warn(`${folder} is missing: the parks are not checked`)

const table = (file: string) =>
  readFileSync(`${folder}/${file}`, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').map(Number))

interface Known {
  readonly load_kWh: number
  readonly generation_kWh: number
  readonly purchase_kWh: number
  readonly curtailed_kWh: number
  readonly total_cost_yuan?: number
}

interface Expected {
  readonly independent: Readonly<Record<'A' | 'B' | 'C', Known>>
  readonly joint: Known
  readonly gain_from_joint_operation: { readonly purchase_saved_kWh: number }
}

/** Units of the parks: host, rated power, column of the table, price of a kWh used by the host [ticks]. */
const units = [
  { host: 0, ratedKw: 750, column: 1, priceTicks: 4000 },
  { host: 1, ratedKw: 1000, column: 2, priceTicks: 5000 },
  { host: 2, ratedKw: 600, column: 3, priceTicks: 4000 },
  { host: 2, ratedKw: 500, column: 4, priceTicks: 5000 },
] as const
const gridTicks = 10_000

/** The day alone: each park's generation serves it first, the rest is bought or not generated. One interval is an hour. */
function dayAlone() {
  const loads = table('load_kw.csv')
  const perUnit = table('generation_pu.csv')
  const loadWh = [1, 2, 3].map((column) => Int32Array.from(loads, (row) => row[column]! * 1000))
  const pvWh = units.map(({ ratedKw, column }) =>
    Int32Array.from(perUnit, (row) => Math.round(row[column]! * ratedKw * 1000)),
  )
  const series = { loadWh, pvWh, cogenerationWh: [], heatWh: [], flexible: [], inputs: [] }
  return { series, ...settleBehindMeter(series, units as unknown as PvUnit[]) }
}

/** The same day with a market between the parks: no fees, no limits, sellers ask what the host pays, buyers the grid. */
function dayTogether(day: ReturnType<typeof dayAlone>): number[] {
  const network: Network = {
    busCount: 4,
    parent: Int32Array.from([-1, 0, 0, 0]),
    feeUpTicks: new Float64Array(4),
    feeDownTicks: new Float64Array(4),
    capacityUpWh: new Float64Array(4).fill(Infinity),
    capacityDownWh: new Float64Array(4).fill(Infinity),
  }
  const engine = new ClearingEngine(network)
  const soldWh = units.map(() => 0)
  for (let hour = 0; hour < 24; hour++) {
    const buys = [0, 1, 2].map((park) => ({
      bus: park + 1,
      side: 0,
      limit: gridTicks,
      wh: day.netLoadWh[park]![hour]!,
    }))
    const sells = units.map(({ host, priceTicks }, row) => ({
      bus: host + 1,
      side: 1,
      limit: priceTicks,
      wh: day.surplusWh[row]![hour]!,
    }))
    const orders = [...buys, ...sells]
    const book: Book = {
      count: orders.length,
      bus: Int32Array.from(orders, (order) => order.bus),
      side: Uint8Array.from(orders, (order) => order.side),
      limitTicks: Int32Array.from(orders, (order) => order.limit),
      quantityWh: Float64Array.from(orders, (order) => order.wh),
      sequence: Float64Array.from(orders, (_, at) => at),
    }
    const { acceptedWh } = engine.clear(book)
    units.forEach((_, row) => (soldWh[row]! += acceptedWh[buys.length + row]!))
  }
  return soldWh
}

const total = (column: Int32Array) => column.reduce((sum, value) => sum + value, 0)
const kwhOf = (columns: readonly Int32Array[]) =>
  columns.reduce((sum, column) => sum + total(column), 0) / 1000
const expected = isHere
  ? (JSON.parse(readFileSync(`${folder}/expected_no_storage.json`, 'utf8')) as Expected)
  : undefined

test.skipIf(!isHere)('each park alone buys, curtails and pays what is known, to the last Wh and fen', () => {
  const day = dayAlone()
  for (const [park, name] of (['A', 'B', 'C'] as const).entries()) {
    const known = expected!.independent[name]
    const own = units.flatMap((unit, row) => (unit.host === park ? [row] : []))
    expect(kwhOf([day.series.loadWh[park]!])).toBe(known.load_kWh)
    expect(kwhOf(own.map((row) => day.series.pvWh[row]!))).toBe(known.generation_kWh)
    expect(kwhOf([day.netLoadWh[park]!])).toBe(known.purchase_kWh)
    expect(kwhOf(own.map((row) => day.surplusWh[row]!))).toBe(known.curtailed_kWh)
    if (known.total_cost_yuan === undefined) continue
    const usedTickWh = own.reduce((sum, row) => sum + total(day.selfUseWh[row]!) * units[row]!.priceTicks, 0)
    const boughtTickWh = total(day.netLoadWh[park]!) * gridTicks
    expect((usedTickWh + boughtTickWh) / 1e7).toBe(known.total_cost_yuan)
  }
})

test.skipIf(!isHere)('a market between the parks moves the known energy', () => {
  const day = dayAlone()
  const soldKwh = dayTogether(day).reduce((sum, each) => sum + each, 0) / 1000
  expect(soldKwh).toBe(expected!.gain_from_joint_operation.purchase_saved_kWh)
  expect(kwhOf(day.netLoadWh) - soldKwh).toBe(expected!.joint.purchase_kWh)
  expect(kwhOf(day.surplusWh) - soldKwh).toBeCloseTo(expected!.joint.curtailed_kWh, 9)
})

test.skipIf(!isHere)(
  'the PV of park A pays itself back in 4.24 years alone and sooner with the market',
  () => {
    const day = dayAlone()
    const project = (dayYuan: Decimal) =>
      assess({
        investment: new Decimal(750).times(2500),
        years: Array.from({ length: 20 }, () => ({
          income: dayYuan.times(365),
          operation: new Decimal(0),
          replacement: new Decimal(0),
          quantity: new Decimal(total(day.series.pvWh[0]!)).times(365).div(1000),
        })),
        discountRate: new Decimal('0.06'),
        tax: null,
      })
    // 3,978.075 − 951.2 = 3,026.875 kWh a day are used, at 0.4 CNY: 441,923.75 CNY a year for 1,875,000 CNY.
    const alone = project(new Decimal(total(day.selfUseWh[0]!)).div(1000).times('0.4'))
    expect(alone.flows[1]!.income.toFixed(2)).toBe('441923.75')
    expect(alone.payback?.firstYears.toFixed(3)).toBe('4.243')
    // n = ln(1 / (1 − 0.06 · 4.2428)) / ln 1.06 = 5.04 by the annuity; within year 6 money comes evenly.
    expect(alone.discountedPayback?.firstYears.toFixed(2)).toBe('5.04')
    // 441,923.75 · (1 − 1.06⁻²⁰)/0.06 − 1,875,000, and per kWh generated 1,875,000 / 11.469921 / 1,451,997.375.
    expect(alone.npv.toFixed(0)).toBe('3193831')
    expect(alone.levelisedCost?.toFixed(4)).toBe('0.1126')

    // Half-way between the seller's 0.4 and the buyer's 1.0, as high-low with k = 0.5 does: 0.7 a kWh sold.
    const soldWh = dayTogether(day)[0]!
    expect(soldWh).toBeGreaterThan(0)
    const together = project(
      new Decimal(total(day.selfUseWh[0]!)).times('0.4').plus(new Decimal(soldWh).times('0.7')).div(1000),
    )
    const gainYuan = together.flows[1]!.income.minus(alone.flows[1]!.income)
    expect(gainYuan.toFixed(2)).toBe(new Decimal(soldWh).times(365).times('0.0007').toFixed(2))
    expect(together.payback!.firstYears.lt(alone.payback!.firstYears)).toBe(true)
    expect(together.npv.minus(alone.npv).div(gainYuan).toFixed(6)).toBe('11.469921')
  },
)
