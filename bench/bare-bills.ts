/**
 * The least that a year's money can cost: the ordinary bills alone, from the same arrays of metered energy. One pass down
 * each meter's column sums energy by slot and finds the month's peak, then the bill is made of it; a seller's energy is
 * multiplied with its outside price. No ledger, no market, no statement.
 */
import { rateE8PerTick } from '../src/base/units.ts'
import type { RateSlots } from '../src/simulation/rates.ts'
import { monthOf } from '../src/simulation/rates.ts'
import type { Buyer, Seller, World } from '../src/simulation/world.ts'
import { billMonth } from '../src/tariff/bill.ts'
import { bands } from '../src/tariff/book.ts'

/** Sum of all bills and receipts, so that no part of the work can be left out. [1e-11 CNY] */
export function bareBills(world: World, sellers: readonly Seller[]): bigint {
  let sumE11 = 0n
  world.zone.calendar.months.forEach((month, index) => {
    world.buyers.forEach((buyer, enterprise) => {
      sumE11 += billE11(world, buyer, enterprise, index)
    })
    for (const seller of sellers) sumE11 -= receiptsE11(seller, month.firstInterval, month.endInterval)
  })
  return sumE11
}

const meterWh = new Float64Array(1024)

function billE11({ zone, slots }: World, { meteredWh }: Buyer, enterprise: number, month: number): bigint {
  const { firstInterval, endInterval } = zone.calendar.months[month]!
  const { contract, connection } = zone.enterprises[enterprise]!
  const peakWh = readMeter(slots, meteredWh, firstInterval, endInterval)
  const segments = slots.segments.flatMap((segment, index) =>
    segment.monthIndex === month
      ? [
          {
            rates: segment.rates,
            month: monthOf(zone.calendar, segment),
            energyWhByBand: bands.map((_, band) => meterWh[index * bands.length + band]!),
          },
        ]
      : [],
  )
  const totalEnergyWh = segments.flatMap((each) => each.energyWhByBand).reduce((sum, each) => sum + each, 0)
  const meter = {
    segments,
    totalEnergyWh,
    maxDemandKw: peakWh / 250,
    extraAdjustedE11: 0n,
    fractionOfMonth: 1,
  }
  return billMonth(meter, contract, connection).reduce((sum, line) => sum + line.amountE11, 0n)
}

/** Energy by slot goes into {@link meterWh}; returns the highest quarter-hour. */
function readMeter({ slotOf, slots }: RateSlots, columnWh: Int32Array, first: number, end: number): number {
  meterWh.fill(0, 0, slots)
  let peakWh = 0
  for (let interval = first; interval < end; interval++) {
    const energyWh = columnWh[interval]!
    const slot = slotOf[interval]!
    meterWh[slot] = meterWh[slot]! + energyWh
    if (energyWh > peakWh) peakWh = energyWh
  }
  return peakWh
}

function receiptsE11({ meteredWh, outsideE8 }: Seller, first: number, end: number): bigint {
  let ticksWh = 0
  let restE11 = 0
  for (let interval = first; interval < end; interval++) {
    const priceE8 = outsideE8[interval]!
    const priceTicks = Math.trunc(priceE8 / rateE8PerTick)
    ticksWh += meteredWh[interval]! * priceTicks
    restE11 += meteredWh[interval]! * (priceE8 - priceTicks * rateE8PerTick)
  }
  return BigInt(ticksWh) * BigInt(rateE8PerTick) + BigInt(restE11)
}
