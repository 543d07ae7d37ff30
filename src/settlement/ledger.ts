/**
 * The ledger: every posting moves money between accounts, and every interval's postings sum to exactly 0.
 *
 * Amounts are whole units of 1e-11 CNY (Wh × 1e-8 CNY/kWh), so nothing is rounded here. A buyer's payment and the
 * receipts it is made of are computed apart and posted apart; that they cancel is checked, not constructed.
 */
import { assert } from '../base/errors.ts'
import { ExactSums } from '../base/exact-sum.ts'

export class Ledger {
  readonly accounts: readonly string[]
  readonly #interval: Float64Array
  readonly #month: ExactSums
  readonly #total: bigint[]
  readonly #monthly: bigint[]
  /** of the interval: Σ |posting| by account, and Σ |fraction| of postings that are not whole */
  readonly #size: Float64Array
  readonly #fraction = new Float64Array(1)
  readonly #residual = new ExactSums(1)
  #postings = 0

  constructor(accounts: readonly string[]) {
    this.accounts = accounts
    this.#interval = new Float64Array(accounts.length)
    this.#size = new Float64Array(accounts.length)
    this.#month = new ExactSums(accounts.length)
    this.#total = accounts.map(() => 0n)
    this.#monthly = accounts.map(() => 0n)
  }

  /** Posts to one account within the interval; what is received is positive. [1e-11 CNY] */
  post(account: number, amountE11: number): void {
    this.#interval[account] = this.#interval[account]! + amountE11
    this.#size[account] = this.#size[account]! + Math.abs(amountE11)
    this.#fraction[0] = this.#fraction[0]! + Math.abs(amountE11 - Math.trunc(amountE11))
    this.#postings++
  }

  /**
   * Ends an interval.
   * @throws BrokenAssertion when the postings do not sum to 0, or one is no whole amount that is exact
   */
  closeInterval(): void {
    assert(this.#fraction[0] === 0, 'a posting is no whole number of 1e-11 CNY')
    const interval = this.#interval
    const size = this.#size
    for (let account = 0; account < interval.length; account++) {
      if (size[account] === 0) continue
      // An account's sum is exact as long as its postings without their signs sum to a safe whole number.
      assert(size[account]! <= Number.MAX_SAFE_INTEGER, 'postings of an interval are too large to be exact')
      const amount = interval[account]!
      this.#month.add(account, amount)
      this.#residual.add(0, amount)
      interval[account] = 0
      size[account] = 0
    }
    assert(
      this.#residual.isZero(0),
      () => `the ledger of an interval is off by ${this.#residual.get(0)}e-11 CNY`,
    )
  }

  /** A monthly charge moves from one account to another. */
  transfer(from: number, to: number, amountE11: bigint): void {
    this.#monthly[from] = this.#monthly[from]! - amountE11
    this.#monthly[to] = this.#monthly[to]! + amountE11
    this.#postings += 2
  }

  /** What the intervals since the last closing posted to an account, without monthly charges. */
  sinceMonthStart(account: number): bigint {
    return this.#month.get(account) - this.#total[account]!
  }

  /** Ends a month: what {@link sinceMonthStart} tells starts again at 0. */
  closeMonth(): void {
    for (let account = 0; account < this.accounts.length; account++)
      this.#total[account] = this.#month.get(account)
  }

  /** Balance of an account since the beginning, all postings. [1e-11 CNY] */
  balance(account: number): bigint {
    return this.#month.get(account) + this.#monthly[account]!
  }

  /** Sum of all balances: 0, or the ledger is broken. */
  residual(): bigint {
    return this.accounts.reduce((sum, _, account) => sum + this.balance(account), 0n)
  }

  get postings(): number {
    return this.#postings
  }
}
