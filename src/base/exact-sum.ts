/**
 * A column of running totals that stays exact beyond 2^53. Each total is held as high · 1e15 + low, both whole;
 * an addend may be any safe whole number, and the total up to 1e15 times larger.
 */
import { assert } from './errors.ts'

const base = 1e15
/** With what a total keeps below it, still within 9e15. */
const largestAddend = 7e15

export class ExactSums {
  readonly #low: Float64Array
  readonly #high: Float64Array

  constructor(size: number) {
    this.#low = new Float64Array(size)
    this.#high = new Float64Array(size)
  }

  /** Adds a safe whole number (asserted below 9e15, which is what a double holds exactly) to one total. */
  add(index: number, value: number): void {
    const sum = this.#low[index]! + value
    // Small enough to become part of its callers, where a double need not be put into an object to be handed over.
    if (sum < base && sum > -base) this.#low[index] = sum
    else this.#carry(index, sum)
  }

  #carry(index: number, sum: number): void {
    assert(sum < 9e15 && sum > -9e15, () => `a sum of ${sum} is beyond what a running total takes`)
    const carry = Math.trunc(sum / base)
    this.#low[index] = sum - carry * base
    this.#high[index] = this.#high[index]! + carry
  }

  /** Adds a product of two safe whole numbers, of up to 9e30. */
  addProduct(index: number, a: number, b: number): void {
    const product = a * b
    if (product <= largestAddend && product >= -largestAddend) {
      this.add(index, product)
      return
    }
    const exact = BigInt(a) * BigInt(b)
    this.#addParts(index, Number(exact % BigInt(base)), Number(exact / BigInt(base)))
  }

  /** Adds a total of another column. */
  addTotal(index: number, from: ExactSums, at: number): void {
    this.#addParts(index, from.#low[at]!, from.#high[at]!)
  }

  subtractTotal(index: number, from: ExactSums, at: number): void {
    this.#addParts(index, -from.#low[at]!, -from.#high[at]!)
  }

  /** Sets one total to a safe whole number. */
  set(index: number, value: number): void {
    this.#low[index] = 0
    this.#high[index] = 0
    this.add(index, value)
  }

  /** Sets every total to 0. */
  clear(): void {
    this.#low.fill(0)
    this.#high.fill(0)
  }

  isZero(index: number): boolean {
    return this.#low[index] === -base * this.#high[index]!
  }

  get(index: number): bigint {
    return BigInt(this.#high[index]!) * BigInt(base) + BigInt(this.#low[index]!)
  }

  get size(): number {
    return this.#low.length
  }

  #addParts(index: number, low: number, high: number): void {
    this.add(index, low)
    const sum = this.#high[index]! + high
    assert(Math.abs(sum) <= Number.MAX_SAFE_INTEGER, () => `a total of ${sum} · 1e15 is beyond what is held`)
    this.#high[index] = sum
  }
}
