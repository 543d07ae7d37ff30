/**
 * A column of running totals that stays exact beyond 2^53. Each total is held as high · 1e15 + low, both whole;
 * an addend may be any safe whole number, and the total up to 1e15 times larger.
 */
import { assert } from './errors.ts'

const base = 1e15

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
    if (sum < base && sum > -base) {
      this.#low[index] = sum
      return
    }
    assert(sum < 9e15 && sum > -9e15, () => `an addend of ${value} is beyond what a running total takes`)
    const carry = Math.trunc(sum / base)
    this.#low[index] = sum - carry * base
    this.#high[index] = this.#high[index]! + carry
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
}
