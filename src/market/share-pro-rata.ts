/**
 * Shares energy among claimants tied at one price, in proportion to what each can take.
 *
 *     share_i = ⌊available · weight_i / Σ weight⌋, then one Wh each to the largest remainders until all is gone
 *
 * Equal remainders go to the smaller rank. Nothing is lost and nobody receives more than its weight.
 */
import { assert } from '../base/errors.ts'

export class ProRata {
  count = 0
  /** sum of all weights [Wh] */
  totalWh = 0
  weightWh = new Float64Array(64)
  rank = new Float64Array(64)
  /** the result, one share per claimant [Wh] */
  shareWh = new Float64Array(64)
  #remainder = new Float64Array(64)
  #order = new Int32Array(64)

  begin(): void {
    this.count = 0
    this.totalWh = 0
  }

  add(weightWh: number, rank: number): void {
    if (this.count === this.weightWh.length) this.#grow()
    this.weightWh[this.count] = weightWh
    this.rank[this.count] = rank
    this.totalWh += weightWh
    this.count++
  }

  /** @param availableWh whole energy to hand out, from 0 to the sum of the weights */
  share(availableWh: number): void {
    const total = this.totalWh
    assert(
      availableWh >= 0 && availableWh <= total,
      () => `cannot share ${availableWh} Wh among claims of ${total} Wh`,
    )
    if (availableWh === total) {
      for (let claim = 0; claim < this.count; claim++) this.shareWh[claim] = this.weightWh[claim]!
      return
    }
    if (this.count === 1) {
      this.shareWh[0] = availableWh
      return
    }
    let left = availableWh
    for (let claim = 0; claim < this.count; claim++) left -= this.#floorShare(claim, availableWh, total)
    if (left > 0) this.#handOut(left)
  }

  /** The product can pass 2^53; then it is taken in BigInt. */
  #floorShare(claim: number, availableWh: number, total: number): number {
    const product = availableWh * this.weightWh[claim]!
    let share: number
    if (product <= Number.MAX_SAFE_INTEGER) {
      share = Math.floor(product / total)
      // Division rounds to nearest and may land on the next whole number.
      if (share * total > product) share--
      this.#remainder[claim] = product - share * total
    } else {
      const exact = BigInt(availableWh) * BigInt(this.weightWh[claim]!)
      share = Number(exact / BigInt(total))
      this.#remainder[claim] = Number(exact % BigInt(total))
    }
    this.shareWh[claim] = share
    return share
  }

  /** Gives one Wh each to the claims with the largest remainders; there are always fewer Wh left than claims. */
  #handOut(left: number): void {
    const order = this.#order
    if (this.count > 48) {
      for (let claim = 0; claim < this.count; claim++) order[claim] = claim
      order.subarray(0, this.count).sort((a, b) => (this.#comesFirst(a, b) ? -1 : 1))
    } else this.#orderFew()
    for (let at = 0; at < left; at++) this.shareWh[order[at]!] = this.shareWh[order[at]!]! + 1
  }

  #orderFew(): void {
    const order = this.#order
    for (let claim = 0; claim < this.count; claim++) {
      let place = claim
      while (place > 0 && this.#comesFirst(claim, order[place - 1]!)) {
        order[place] = order[place - 1]!
        place--
      }
      order[place] = claim
    }
  }

  #comesFirst(a: number, b: number): boolean {
    const more = this.#remainder[a]! - this.#remainder[b]!
    return more > 0 || (more === 0 && this.rank[a]! < this.rank[b]!)
  }

  #grow(): void {
    const size = this.count * 2
    for (const column of ['weightWh', 'rank', 'shareWh'] as const) {
      const larger = new Float64Array(size)
      larger.set(this[column])
      this[column] = larger
    }
    this.#remainder = new Float64Array(size)
    this.#order = new Int32Array(size)
  }
}
