/** The text of an order's key: `1998336-8f3k2m9qxt-17`: interval, request in Crockford's base 32, position. */
import type { OrderKey } from './port.ts'

const digits = '0123456789abcdefghjkmnpqrstvwxyz'
const requestDigits = 10
/** Requests are numbered below this, at random, so that a number tells nothing about how many there are. */
export const requestNumbers = 2 ** 50

export function orderId(key: OrderKey): string {
  return `${key.interval}-${requestText(key.request)}-${key.index}`
}

export function requestText(request: number): string {
  let text = ''
  // Two halves of 25 bits, since bit operations end at 32.
  for (const half of [Math.floor(request / 2 ** 25), request % 2 ** 25])
    for (let shift = 20; shift >= 0; shift -= 5) text += digits[(half >> shift) & 31]
  return text
}

/** @returns nothing for a text no order can have */
export function parseOrderId(text: string): OrderKey | undefined {
  const match = /^([1-9]\d{0,9})-([0-9a-hjkmnp-tv-z]{10})-(0|[1-9]\d{0,4})$/.exec(text)
  if (!match) return undefined
  const [, interval, request, index] = match as unknown as [string, string, string, string]
  let number = 0
  for (let at = 0; at < requestDigits; at++) number = number * 32 + digits.indexOf(request[at]!)
  return { interval: Number(interval), request: number, index: Number(index) }
}
