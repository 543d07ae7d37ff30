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
  /** sum of all closed intervals: 0, or one did not balance */
  readonly #residual = new ExactSums(1)
  #isExact = true
  #postings = 0

  constructor(accounts: readonly string[]) {
    this.accounts = accounts
    this.#interval = new Float64Array(accounts.length)
    this.#month = new ExactSums(accounts.length)
    this.#total = accounts.map(() => 0n)
    this.#monthly = accounts.map(() => 0n)
  }

  /** Posts to one account within the interval; what is received is positive. [1e-11 CNY] */
  post(account: number, amountE11: number): void {
    const sum = this.#interval[account]! + amountE11
    if (!Number.isSafeInteger(amountE11) || !Number.isSafeInteger(sum)) this.#isExact = false
    this.#interval[account] = sum
    this.#postings++
  }

  /**
   * Ends an interval.
   * @throws BrokenAssertion when the postings do not sum to 0, or one is no whole amount that is exact
   */
  closeInterval(): void {
    assert(this.#isExact, 'a posting is no whole number of 1e-11 CNY, or too large to be exact')
    const interval = this.#interval
    for (let account = 0; account < interval.length; account++) {
      const amount = interval[account]!
      if (amount === 0) continue
      this.#month.add(account, amount)
      this.#residual.add(0, amount)
      interval[account] = 0
    }
    const residual = this.#residual.get(0)
    assert(residual === 0n, () => `the ledger of an interval is off by ${residual}e-11 CNY`)
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
