/**
 * The ordinary bill of one customer and month, from metered energy alone, in the order of a Chinese bill: energy, line
 * loss, T&D, demand or capacity, system operation, funds, power factor.
 *
 * Energy lines are exact (Wh × 1e-8 CNY/kWh = 1e-11 CNY); monthly lines are rounded half-even to 1e-11 CNY here, and
 * every line to fen on the statement.
 */
import { Decimal as DecimalJs } from 'decimal.js'
import { divideHalfEven, parseScaled } from '../base/decimal.ts'
import { assert } from '../base/errors.ts'
import { bands, type Band, type Rates } from './book.ts'
import { hoursOfMonth } from './capacity-td.ts'
import type { Connection, Contract } from './connection.ts'
import { agencyComponentsE8 } from './prices.ts'

const Decimal = DecimalJs.clone({ precision: 60, rounding: DecimalJs.ROUND_HALF_EVEN })

export interface BillLine {
  readonly key: string
  readonly zh: string
  readonly en: string
  readonly energyWh?: number
  /** [1e-11 CNY] */
  readonly amountE11: bigint
  /** charged once a month, not by interval */
  readonly monthly: boolean
}

/** Energy bought on the contract while one set of rates was in force. */
export interface MeterSegment {
  readonly rates: Rates
  /** 1 to 12 */
  readonly month: number
  /** index = band code [Wh] */
  readonly energyWhByBand: readonly number[]
}

export interface MeterMonth {
  readonly segments: readonly MeterSegment[]
  /** all energy through the meter, traded or not [Wh] */
  readonly totalEnergyWh: number
  /** highest quarter-hour mean through the meter [kW] */
  readonly maxDemandKw: number
  /** what traded energy adds to the base of the power-factor adjustment [1e-11 CNY] */
  readonly extraAdjustedE11: bigint
  /** share of the month's days in the run; monthly charges are due pro rata */
  readonly fractionOfMonth: number
}

const bandNames: Readonly<Record<Band, { zh: string; en: string }>> = {
  sharp: { zh: '尖峰', en: 'sharp' },
  peak: { zh: '高峰', en: 'peak' },
  flat: { zh: '平段', en: 'flat' },
  valley: { zh: '低谷', en: 'valley' },
  'deep-valley': { zh: '深谷', en: 'deep valley' },
}

/** Sums that become the lines of a bill. */
interface Sums {
  readonly energyWh: bigint[]
  readonly energyE11: bigint[]
  lineLossE11: bigint
  systemE11: bigint
  tdE11: bigint
  fundsE11: bigint
  totalWh: bigint
}

export function billMonth(meter: MeterMonth, contract: Contract, connection: Connection): BillLine[] {
  const sums = sumSegments(meter.segments, contract, connection)
  const rates = meter.segments.at(-1)?.rates
  assert(rates !== undefined, 'a bill needs at least one stretch of rates')
  const charges = [monthlyCharge(meter, connection, rates), capacityTdLine(meter, connection, rates)].filter(
    (charge) => charge !== undefined,
  )
  const energyE11 = sums.energyE11.reduce((sum, amount) => sum + amount, 0n)
  const adjusted =
    energyE11 +
    sums.lineLossE11 +
    sums.systemE11 +
    sums.tdE11 +
    charges.reduce((sum, { amountE11 }) => sum + amountE11, 0n) +
    meter.extraAdjustedE11
  const line = (key: string, zh: string, en: string, amountE11: bigint): BillLine => ({
    key,
    zh,
    en,
    energyWh: Number(sums.totalWh),
    amountE11,
    monthly: false,
  })
  return [
    ...energyLines(sums, contract),
    line('line-loss', '上网环节线损费用', 'line loss', sums.lineLossE11),
    line('td-energy', '输配电量电费', 'T&D energy', sums.tdE11),
    ...charges,
    line('system-operation', '系统运行费', 'system operation fee', sums.systemE11),
    line('funds', '政府性基金及附加', 'government funds', sums.fundsE11),
    powerFactorLine(adjusted, connection, rates),
  ]
}

function sumSegments(segments: readonly MeterSegment[], contract: Contract, connection: Connection): Sums {
  const sums: Sums = {
    energyWh: bands.map(() => 0n),
    energyE11: bands.map(() => 0n),
    lineLossE11: 0n,
    systemE11: 0n,
    tdE11: 0n,
    fundsE11: 0n,
    totalWh: 0n,
  }
  for (const { rates, month, energyWhByBand } of segments) {
    bands.forEach((band, code) => {
      if (energyWhByBand[code] === 0) return
      const energyWh = BigInt(energyWhByBand[code]!)
      const parts = agencyComponentsE8(rates, connection.level, connection.part, band, month)
      sums.energyWh[code]! += energyWh
      sums.energyE11[code]! += energyWh * BigInt(energyPriceE8(contract, band, parts))
      sums.lineLossE11 += energyWh * BigInt(parts.lineLossE8)
      sums.systemE11 += energyWh * BigInt(parts.systemE8)
      sums.tdE11 += energyWh * BigInt(parts.tdE8)
      sums.fundsE11 += energyWh * BigInt(parts.fundsE8)
      sums.totalWh += energyWh
    })
  }
  return sums
}

/** On agency purchase the time-of-use part is shown with the energy, as on the published price table. */
function energyPriceE8(contract: Contract, band: Band, parts: { agencyE8: number; touE8: number }): number {
  if (contract.kind === 'agency') return parts.agencyE8 + parts.touE8
  return contract.kind === 'retail-flat' ? contract.energyE8 : contract.energyE8[band]
}

function energyLines(sums: Sums, contract: Contract): BillLine[] {
  const [zh, en] =
    contract.kind === 'agency' ? ['代理购电电费', 'agency energy'] : ['零售交易电费', 'retail energy']
  return bands.map((band, code) => ({
    key: `energy-${band}`,
    zh: `${zh}（${bandNames[band].zh}）`,
    en: `${en}, ${bandNames[band].en}`,
    energyWh: Number(sums.energyWh[code]!),
    amountE11: sums.energyE11[code]!,
    monthly: false,
  }))
}

/**
 * Demand or capacity charge of a two-part customer.
 *
 *     demand:   price · kW, times 0.9 where the month's kWh per kVA reach 260
 *     capacity: price · kVA
 */
function monthlyCharge(meter: MeterMonth, connection: Connection, rates: Rates): BillLine | undefined {
  if (connection.part === 'single' || connection.billing === 'none') return undefined
  const { fractionOfMonth } = meter
  const demand = demandTerms(meter, connection, rates)
  if (demand) {
    const amount = demand.cnyPerKw
      .times(Decimal.max(meter.maxDemandKw, demand.leastKw))
      .times(fractionOfMonth)
    const amountE11 = toE11(amount)
    return { key: 'demand-charge', zh: '输配需量电费', en: 'demand charge', amountE11, monthly: true }
  }
  const price = rates.capacityCharge[connection.level]
  assert(price !== null, `no capacity charge at ${connection.level}`)
  const amountE11 = toE11(new Decimal(price).times(connection.transformerKva).times(fractionOfMonth))
  return { key: 'capacity-charge', zh: '输配容量电费', en: 'capacity charge', amountE11, monthly: true }
}

/** T&D by capacity, for two-part customers where the rates say so. */
function capacityTdLine(meter: MeterMonth, connection: Connection, rates: Rates): BillLine | undefined {
  const priceE8 = rates.capacityTd?.energyE8[connection.level] ?? null
  if (connection.part === 'single' || rates.capacityTd === undefined || priceE8 === null) return undefined
  const hours = new Decimal(rates.capacityTd.loadRateE4).div(10_000).times(hoursOfMonth)
  const amount = new Decimal(priceE8).div(1e8).times(hours).times(connection.transformerKva)
  return {
    key: 'td-capacity',
    zh: '按容量缴纳的输配电费',
    en: 'T&D by capacity (1192号)',
    amountE11: toE11(amount.times(meter.fractionOfMonth)),
    monthly: true,
  }
}

/** What a kW of demand costs a customer in a full month, and the kW that are billed in any case. */
export interface DemandTerms {
  readonly cnyPerKw: DecimalJs
  readonly leastKw: DecimalJs
}

/** @returns null where demand is not billed */
export function demandTerms(
  meter: Pick<MeterMonth, 'totalEnergyWh' | 'fractionOfMonth'>,
  connection: Connection,
  rates: Rates,
): DemandTerms | null {
  if (connection.part === 'single' || connection.billing !== 'demand') return null
  const price = rates.demandCharge[connection.level]
  assert(price !== null, `no demand charge at ${connection.level}`)
  const factor = earnsDiscount(meter, connection, rates) ? rates.rules.demandDiscountFactor.value : 1
  return { cnyPerKw: new Decimal(price).times(factor), leastKw: leastDemandKw(connection, rates) }
}

/** A declared demand is billed in any case, and at least its share of the transformer. */
function leastDemandKw(connection: Connection, rates: Rates): DecimalJs {
  if (connection.contractDemandKw === undefined) return new Decimal(0)
  const share = new Decimal(rates.rules.minContractDemandShare.value).times(connection.transformerKva)
  return Decimal.max(connection.contractDemandKw, share)
}

function earnsDiscount(
  meter: Pick<MeterMonth, 'totalEnergyWh' | 'fractionOfMonth'>,
  connection: Connection,
  rates: Rates,
): boolean {
  const kwh = new Decimal(meter.totalEnergyWh).div(1000)
  const least = new Decimal(rates.rules.demandDiscountKwhPerKva.value).times(connection.transformerKva)
  return kwh.gte(least.times(meter.fractionOfMonth))
}

/** 功率因数调整电费: a share of energy, line loss, system fee, T&D and demand or capacity; not of funds. */
function powerFactorLine(adjustedE11: bigint, connection: Connection, rates: Rates): BillLine {
  const share = powerFactorAdjustment(connection.powerFactor, rates)
  const shareE8 = parseScaled(share, 8)
  assert(shareE8 !== undefined, () => `a power-factor adjustment has at most eight places, not ${share}`)
  const amountE11 = divideHalfEven(adjustedE11 * shareE8, 100_000_000n)
  return {
    key: 'power-factor',
    zh: '功率因数调整电费',
    en: 'power-factor adjustment',
    amountE11,
    monthly: true,
  }
}

/** Share of the adjusted charges by the month's mean power factor, from the book's table; negative is a rebate. */
export function powerFactorAdjustment(powerFactor: number, rates: Rates): string {
  const step = rates.powerFactorSteps.find(({ above }) => powerFactor >= Number(above))
  assert(step !== undefined, `no power-factor step for ${powerFactor}`)
  return step.adjustment
}

function toE11(cny: DecimalJs): bigint {
  return BigInt(cny.times(1e11).toFixed(0, Decimal.ROUND_HALF_EVEN))
}
