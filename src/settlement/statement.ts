/**
 * Monthly statements: exact amounts become fen once per line, half to even, and what rounding moved is booked on
 * the rounding account, so that the ledger still sums to 0.
 */
import { divideHalfEven } from '../base/decimal.ts'

/** An exact line before rounding; positive in the direction of the statement (a buyer pays, a seller receives). */
export interface ExactLine {
  readonly key: string
  readonly zh: string
  readonly en: string
  readonly energyWh?: number
  readonly amountE11: bigint
}

export interface RoundedLine {
  readonly key: string
  readonly zh: string
  readonly en: string
  readonly energyWh?: number
  readonly amountFen: number
}

export interface RoundedStatement {
  readonly lines: readonly RoundedLine[]
  readonly totalFen: number
  /** rounded total less exact total [1e-11 CNY] */
  readonly roundingE11: bigint
}

export const e11PerFen = 1_000_000_000n

/** Whole fen of an exact amount [1e-11 CNY], half to even. */
export function fenOf(amountE11: bigint): number {
  return Number(divideHalfEven(amountE11, e11PerFen))
}

/** Rounds each line once; lines without money and energy are left out. */
export function roundStatement(lines: readonly ExactLine[]): RoundedStatement {
  const kept = lines.filter((line) => line.amountE11 !== 0n || (line.energyWh ?? 0) !== 0)
  const rounded = kept.map(({ amountE11, ...line }) => ({
    ...line,
    amountFen: fenOf(amountE11),
  }))
  const totalFen = rounded.reduce((sum, line) => sum + line.amountFen, 0)
  const exactE11 = kept.reduce((sum, line) => sum + line.amountE11, 0n)
  return { lines: rounded, totalFen, roundingE11: BigInt(totalFen) * e11PerFen - exactE11 }
}
