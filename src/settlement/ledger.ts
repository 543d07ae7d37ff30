/**
 * The ledger: every posting moves money between accounts, and every interval's postings sum to exactly 0.
 *
 * Amounts are whole units of 1e-11 CNY (Wh × 1e-8 CNY/kWh), so nothing is rounded here. A buyer's payment and the
 * receipts it is made of are computed apart and posted apart; that they cancel is checked, not constructed.
 */
import { assert, fail } from '../base/errors.ts'
import { ExactSums } from '../base/exact-sum.ts'

/** Sums up to this are kept in a variable. [1e-11 CNY] */
const exactE11 = 1e15

export class Ledger {
  readonly accounts: readonly string[]
  /** since the beginning, without monthly charges */
  readonly #posted: ExactSums
  readonly #monthStart: bigint[]
  readonly #monthly: bigint[]
  /** what the postings of the interval sum to */
  readonly #residual = new ExactSums(1)
  #postings = 0

  constructor(accounts: readonly string[]) {
    this.accounts = accounts
    this.#posted = new ExactSums(accounts.length)
    this.#monthStart = accounts.map(() => 0n)
    this.#monthly = accounts.map(() => 0n)
  }

  /**
   * Posts to one account within the interval; what is received is positive.
   *
   * @param amountE11 whole [1e-11 CNY]
   * @param entries how many postings it is the sum of
   * @throws BrokenAssertion for an amount that is not whole, or so large that it may have been rounded
   */
  post(account: number, amountE11: number, entries = 1): void {
    if (!Number.isSafeInteger(amountE11)) failNotExact(amountE11)
    this.#posted.add(account, amountE11)
    this.#residual.add(0, amountE11)
    this.#postings += entries
  }

  /**
   * Posts the price of energy that may be a whole zone's, whose money need not fit a double.
   *
   * @param energyWh whole [Wh]
   * @param rateE8 whole [1e-8 CNY/kWh]
   * @param entries how many postings it is the sum of
   * @throws BrokenAssertion for a factor that is not whole
   */
  postEnergy(account: number, energyWh: number, rateE8: number, entries = 1): void {
    if (!Number.isSafeInteger(energyWh) || !Number.isSafeInteger(rateE8)) failNotExact(energyWh * rateE8)
    this.#posted.addProduct(account, energyWh, rateE8)
    this.#residual.addProduct(0, energyWh, rateE8)
    this.#postings += entries
  }

  /** Posts to many accounts, one amount each; 0 is no posting. */
  postEach(accounts: Int32Array, amountsE11: Float64Array): void {
    const posted = this.#posted
    let entries = 0
    let sumE11 = 0
    for (let row = 0; row < accounts.length; row++) {
      const amountE11 = amountsE11[row]!
      if (amountE11 === 0) continue
      if (!Number.isSafeInteger(amountE11)) failNotExact(amountE11)
      posted.add(accounts[row]!, amountE11)
      sumE11 += amountE11
      // Whatever is small enough is exact; the rest goes where it is carried, and where a sum that is not exact is found out.
      if (sumE11 >= exactE11 || sumE11 <= -exactE11) {
        this.#residual.add(0, sumE11)
        sumE11 = 0
      }
      entries++
    }
    this.#residual.add(0, sumE11)
    this.#postings += entries
  }

  /**
   * Ends an interval.
   * @throws BrokenAssertion when the postings do not sum to 0
   */
  closeInterval(): void {
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
    return this.#posted.get(account) - this.#monthStart[account]!
  }

  /** Ends a month: what {@link sinceMonthStart} tells starts again at 0. */
  closeMonth(): void {
    for (let account = 0; account < this.accounts.length; account++)
      this.#monthStart[account] = this.#posted.get(account)
  }

  /** Balance of an account since the beginning, all postings. [1e-11 CNY] */
  balance(account: number): bigint {
    return this.#posted.get(account) + this.#monthly[account]!
  }

  /** Sum of all balances: 0, or the ledger is broken. */
  residual(): bigint {
    return this.accounts.reduce((sum, _, account) => sum + this.balance(account), 0n)
  }

  get postings(): number {
    return this.#postings
  }
}

function failNotExact(amountE11: number): never {
  fail(`a posting of ${amountE11}e-11 CNY is no whole amount that is exact`)
}
