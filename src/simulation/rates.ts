/**
 * Every price of a run, looked up by slot. A slot is one tariff band within one stretch of constant rates, so a
 * year has about sixty of them and an interval finds all its prices with one number.
 */
import { assert } from '../base/errors.ts'
import type { Calendar } from '../base/calendar.ts'
import { intervalsPerDay, rateE8PerTick } from '../base/units.ts'
import type { TariffPart, VoltageLevel } from '../grid/voltage.ts'
import { voltageLevels } from '../grid/voltage.ts'
import type { TdPrices } from '../grid/td-prices.ts'
import type { Zone } from '../scenario/zone.ts'
import type { ContractRates } from '../settlement/postings.ts'
import { bandSeries } from '../tariff/bands.ts'
import { bands, type Rates } from '../tariff/book.ts'
import type { Connection, Contract } from '../tariff/connection.ts'
import { agencyComponentsE8, agencyPriceE8, retailPriceE8 } from '../tariff/prices.ts'
import { segments, type Segment } from '../tariff/segments.ts'

export interface RateSlots {
  readonly segments: readonly Segment[]
  /** segment of each slot is ⌊slot / 5⌋, its band slot mod 5 */
  readonly slotOf: Uint16Array
  readonly bandOf: Uint8Array
  readonly slots: number
}

/** Lays out the slots of a run. */
export function makeSlots(zone: Zone): RateSlots {
  const stretches = segments(zone.book, zone.calendar)
  const bandOf = bandSeries(zone.book, zone.calendar, (date) => zone.holidays.festival(date))
  const slotOf = new Uint16Array(zone.calendar.intervals)
  stretches.forEach((stretch, index) => {
    for (let interval = stretch.firstInterval; interval < stretch.endInterval; interval++) {
      slotOf[interval] = index * bands.length + bandOf[interval]!
    }
  })
  return { segments: stretches, slotOf, bandOf, slots: stretches.length * bands.length }
}

/** Calls back once per slot with its segment and band. */
export function eachSlot(
  slots: RateSlots,
  visit: (slot: number, segment: Segment, band: number) => void,
): void {
  slots.segments.forEach((segment, index) => {
    for (let band = 0; band < bands.length; band++) visit(index * bands.length + band, segment, band)
  })
}

/** Calls back once per slot of a month of the run with its segment. */
export function eachSlotOf(
  month: number,
  slots: RateSlots,
  visit: (slot: number, segment: Segment) => void,
): void {
  for (let index = 0; index < slots.segments.length; index++) {
    const segment = slots.segments[index]!
    if (segment.monthIndex !== month) continue
    for (let band = 0; band < bands.length; band++) visit(index * bands.length + band, segment)
  }
}

/** Month number, 1 to 12, of a segment. */
export function monthOf(calendar: Calendar, segment: Segment): number {
  return calendar.days[segment.firstInterval / intervalsPerDay]!.month
}

/** Prices of one kind of customer on its ordinary contract, by slot. */
export function contractRates(
  calendar: Calendar,
  slots: RateSlots,
  contract: Contract,
  connection: Connection,
): ContractRates {
  const column = () => new Float64Array(slots.slots)
  const rates = {
    purchase: contract.kind === 'agency' ? ('agencyPurchase' as const) : ('retailers' as const),
    fullE8: column(),
    energyE8: column(),
    lineLossE8: column(),
    systemE8: column(),
    tdE8: column(),
    fundsE8: column(),
    timeOfUseE8: column(),
  }
  const { level, part } = connection
  eachSlot(slots, (slot, segment, bandCode) => {
    const band = bands[bandCode]!
    const month = monthOf(calendar, segment)
    const parts = agencyComponentsE8(segment.rates, level, part, band, month)
    rates.lineLossE8[slot] = parts.lineLossE8
    rates.systemE8[slot] = parts.systemE8
    rates.tdE8[slot] = parts.tdE8
    rates.fundsE8[slot] = parts.fundsE8
    if (contract.kind === 'agency') {
      rates.energyE8[slot] = parts.agencyE8
      rates.timeOfUseE8[slot] = parts.touE8
      rates.fullE8[slot] = agencyPriceE8(segment.rates, level, part, band, month)
    } else {
      const energyE8 = contract.kind === 'retail-flat' ? contract.energyE8 : contract.energyE8[band]
      rates.energyE8[slot] = energyE8
      rates.fullE8[slot] = retailPriceE8(segment.rates, level, part, energyE8)
    }
  })
  return rates
}

/** T&D energy prices of a segment in whole ticks, as the wheeling regimes want them. */
export function tdPricesOf(rates: Rates): TdPrices {
  const single = {} as Record<VoltageLevel, number>
  const two = {} as Record<VoltageLevel, number | null>
  for (const level of voltageLevels) {
    single[level] = ticksOf(rates.tdEnergyE8.single[level])
    const price = rates.tdEnergyE8.two[level]
    two[level] = price === null ? null : ticksOf(price)
  }
  return { single, two }
}

function ticksOf(priceE8: number): number {
  assert(
    priceE8 % rateE8PerTick === 0,
    () => `a T&D price of ${priceE8}e-8 CNY/kWh is no whole number of ticks`,
  )
  return priceE8 / rateE8PerTick
}

/** What a traded kWh still bears beside price and wheeling, by segment. */
export interface TradeAdders {
  readonly lineLossE8: number
  readonly systemE8: number
  readonly fundsE8: number
}

/** Line loss and system operation fee are switches of the scenario; government funds are always paid. */
export function tradeAdders(zone: Zone, rates: Rates): TradeAdders {
  return {
    lineLossE8: zone.wheeling.paysLineLoss ? rates.lineLossE8 : 0,
    systemE8: zone.wheeling.paysSystemFee ? rates.systemOperationE8 : 0,
    fundsE8: rates.fundsE8,
  }
}

/** Two enterprises of one key pay the same prices. */
export function rateKey(contract: Contract, level: VoltageLevel, part: TariffPart): string {
  return JSON.stringify([contract, level, part])
}

/** The three adders together. */
export function addersE8({ lineLossE8, systemE8, fundsE8 }: TradeAdders): number {
  return lineLossE8 + systemE8 + fundsE8
}

/** The tariff of an interval. */
export function ratesAt(slots: RateSlots, interval: number): Rates {
  return slots.segments[Math.floor(slots.slotOf[interval]! / 5)]!.rates
}
