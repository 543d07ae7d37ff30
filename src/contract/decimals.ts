/**
 * Energy, prices and money as they travel: decimal text with a fixed number of places, so that no reader's floating point
 * touches them. Behind the edge they are whole Wh, ticks, and units of 1e-7 CNY.
 *
 * The patterns bound the number of digits, which is what makes the passage exact: text · 10^places stays far below 2^53,
 * so the nearest whole number is the one that was written.
 */
import { z } from 'zod'
import { formatScaled } from '../base/decimal.ts'
import { text } from './text.ts'

/** Energy of an order, above 0 [kWh, up to 3 places]. */
export const orderKwh = text(
  /^(?!0+(?:\.0+)?$)\d{1,6}(?:\.\d{1,3})?$/,
  'an energy above 0 as "12.5", up to 3 places',
).meta({ description: 'energy above 0 [kWh, up to 3 places]', examples: ['12.5'] })

/** Energy of a meter, from 0 [kWh, up to 3 places]. */
export const meterKwh = text(/^\d{1,6}(?:\.\d{1,3})?$/, 'an energy as "12.5", up to 3 places').meta({
  description: 'energy [kWh, up to 3 places]',
  examples: ['12.5'],
})

/** A limit [CNY/kWh, up to 4 places]; the zone's floor and cap bound it further. */
export const limitPrice = text(/^-?\d{1,4}(?:\.\d{1,4})?$/, 'a price as "0.4213", up to 4 places').meta({
  description: 'price [CNY/kWh, up to 4 places]',
  examples: ['0.42'],
})

/** Energy as it is answered, 3 places; a flow may be negative [kWh]. */
export const kwh = z
  .string()
  .regex(/^-?\d{1,16}\.\d{3}$/)
  .meta({ description: 'energy [kWh, 3 places]' })
/** A price as it is answered, 4 places [CNY/kWh]. */
export const price = z
  .string()
  .regex(/^-?\d{1,16}\.\d{4}$/)
  .meta({ description: 'price [CNY/kWh, 4 places]' })
/** Money of trades as it is answered, 7 places [CNY]. */
export const money = z
  .string()
  .regex(/^-?\d{1,25}\.\d{7}$/)
  .meta({ description: 'money of trades [CNY, 7 places]' })
/** Money on a statement as it is answered, 2 places [CNY]. */
export const fen = z
  .string()
  .regex(/^-?\d{1,16}\.\d{2}$/)
  .meta({ description: 'money on a statement [CNY, 2 places]' })

/** Whole Wh of an energy that one of the patterns above let in. */
export function whOf(kwhText: string): number {
  return Math.round(Number(kwhText) * 1000)
}

/** Whole ticks of a price that {@link limitPrice} let in. */
export function ticksOf(priceText: string): number {
  // A limit of "-0" is the whole number 0.
  return Math.round(Number(priceText) * 10_000) + 0
}

export const kwhText = (wh: number | bigint): string => formatScaled(wh, 3)
export const priceText = (ticks: number | bigint): string => formatScaled(ticks, 4)
/** @param tickWh Wh · tick, which is 1e-7 CNY */
export const moneyText = (tickWh: number | bigint): string => formatScaled(tickWh, 7)
export const fenText = (amountFen: number | bigint): string => formatScaled(amountFen, 2)
