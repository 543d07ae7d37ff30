/**
 * Reads orders straight from the bytes of a request, where these have the plain form that nearly all have: a list of objects,
 * or one, of an interval, a side, a price and a quantity each. Text, objects of text, and a schema's walk through them would
 * cost more than everything else that is done for an order.
 *
 * What it reads is what JSON and the schema would have read (`newOrders`); at the first byte that is anything else it gives
 * up, and those two say what is wrong, or that all is well.
 */
import { mostOrdersAtOnce } from '../../contract/routes/orders.ts'
import type { AskedOrder, AskedOrders } from './asked-orders.ts'
import { midnightOf } from './timeline.ts'

/** @returns nothing where the bytes have another form */
export function readPlainOrders(bytes: Uint8Array): AskedOrders | undefined {
  return new PlainOrders(bytes).read()
}

const codeOf = (text: string) => text.charCodeAt(0)
const quote = codeOf('"')
const comma = codeOf(',')
const colon = codeOf(':')
const dot = codeOf('.')
const minus = codeOf('-')
const letterT = codeOf('T')
const letterI = codeOf('i')
const letterS = codeOf('s')
const letterP = codeOf('p')
const digit0 = codeOf('0')
const openList = codeOf('[')
const closeList = codeOf(']')
const openObject = codeOf('{')
const closeObject = codeOf('}')

const wordOf = (text: string) => Uint8Array.from(text, codeOf)
const sides = [wordOf('buy"'), wordOf('sell"')] as const

/** Fields of an order that were read, as bits. */
const intervalBit = 1
const sideBit = 2
const priceBit = 4
const quantityBit = 8
const allBits = 15

const names = {
  interval: { word: wordOf('"interval"'), bit: intervalBit },
  side: { word: wordOf('"side"'), bit: sideBit },
  price: { word: wordOf('"price"'), bit: priceBit },
  quantity: { word: wordOf('"quantity"'), bit: quantityBit },
}

/** The only field whose name may begin so. */
function nameWith(letter: number | undefined): { readonly word: Uint8Array; readonly bit: number } {
  switch (letter) {
    case letterI:
      return names.interval
    case letterS:
      return names.side
    case letterP:
      return names.price
    default:
      return names.quantity
  }
}

/** Below every number that is read. */
const none = -1e9

function isSpace(byte: number | undefined): boolean {
  return (
    byte !== undefined && byte <= 0x20 && (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09)
  )
}

class PlainOrders {
  readonly #bytes: Uint8Array
  /** the next byte to be read */
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  read(): AskedOrders | undefined {
    this.#skipSpace()
    const isList = this.#take(openList)
    const orders: AskedOrder[] = []
    for (let isMore = true; isMore; isMore = isList && this.#takeBetween(comma)) {
      const order = this.#order()
      if (!order || orders.push(order) > mostOrdersAtOnce) return undefined
    }
    if (isList && !this.#takeBetween(closeList)) return undefined
    this.#skipSpace()
    return this.#at === this.#bytes.length ? { orders, isList } : undefined
  }

  #order(): AskedOrder | undefined {
    let read = 0
    let interval = none
    let side = none
    let grossTicks = none
    let quantityWh = none
    if (!this.#takeBetween(openObject)) return undefined
    do {
      const field = this.#field()
      if (field === 0 || read & field) return undefined
      read |= field
      if (field === intervalBit) interval = this.#interval()
      else if (field === sideBit) side = this.#side()
      else if (field === priceBit) grossTicks = this.#decimal(4, 4)
      else quantityWh = this.#energy()
    } while (this.#takeBetween(comma))
    const isWhole =
      read === allBits && interval > none && side > none && grossTicks > none && quantityWh > none
    if (!isWhole || !this.#takeBetween(closeObject)) return undefined
    return { interval, side: side === 0 ? 0 : 1, grossTicks, quantityWh }
  }

  /** Goes past a field's name, up to the text of its value. @returns its bit; 0 for another name */
  #field(): number {
    this.#skipSpace()
    const name = nameWith(this.#bytes[this.#at + 1])
    return this.#word(name.word) && this.#takeBetween(colon) && this.#takeBetween(quote) ? name.bit : 0
  }

  #side(): number {
    if (this.#word(sides[0])) return 0
    return this.#word(sides[1]) ? 1 : none
  }

  /** `2027-06-01T12:15"` */
  #interval(): number {
    const year = this.#digits(4)
    const month = this.#take(minus) ? this.#digits(2) : none
    const day = this.#take(minus) ? this.#digits(2) : none
    const hour = this.#take(letterT) ? this.#digits(2) : none
    const minute = this.#take(colon) ? this.#digits(2) : none
    if (year < 0 || month < 0 || day < 0 || hour < 0 || minute < 0 || !this.#take(quote)) return none
    if (hour > 23 || minute > 45 || minute % 15 !== 0) return none
    const midnight = midnightOf(year * 10_000 + month * 100 + day)
    return midnight === undefined ? none : midnight + hour * 4 + minute / 15
  }

  #energy(): number {
    if (this.#bytes[this.#at] === minus) return none
    const energyWh = this.#decimal(6, 3)
    return energyWh > 0 ? energyWh : none
  }

  /**
   * A number with so many digits before its point, and so many or less behind it, up to the quote.
   * @returns in units of the last place
   */
  #decimal(before: number, places: number): number {
    const isNegative = this.#take(minus)
    let value = 0
    let count = 0
    for (; this.#isDigit(); count++) value = value * 10 + this.#bytes[this.#at++]! - digit0
    if (count < 1 || count > before) return none
    count = 0
    if (this.#take(dot)) {
      for (; this.#isDigit(); count++) value = value * 10 + this.#bytes[this.#at++]! - digit0
      if (count < 1 || count > places) return none
    }
    for (; count < places; count++) value *= 10
    if (!this.#take(quote)) return none
    return isNegative && value > 0 ? -value : value
  }

  #digits(count: number): number {
    let value = 0
    for (let left = count; left > 0; left--) {
      if (!this.#isDigit()) return none
      value = value * 10 + this.#bytes[this.#at++]! - digit0
    }
    return value
  }

  #isDigit(): boolean {
    const digit = this.#bytes[this.#at]! - digit0
    return digit >= 0 && digit <= 9
  }

  #word(word: Uint8Array): boolean {
    for (let at = 0; at < word.length; at++) if (this.#bytes[this.#at + at] !== word[at]) return false
    this.#at += word.length
    return true
  }

  #take(byte: number): boolean {
    if (this.#bytes[this.#at] !== byte) return false
    this.#at++
    return true
  }

  /** The same with space around it, which JSON allows. */
  #takeBetween(byte: number): boolean {
    if (this.#take(byte)) return true
    this.#skipSpace()
    return this.#take(byte)
  }

  #skipSpace(): void {
    while (isSpace(this.#bytes[this.#at])) this.#at++
  }
}
