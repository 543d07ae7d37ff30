/**
 * Payback (投资回收期): when the sum of all flows so far first reaches 0. A later expense may take it below 0 again,
 * so the moment from which it stays is told as well. Within a year money is taken to come evenly.
 */
import { zero, type Decimal } from './money.ts'

export interface Payback {
  /** first moment at which everything paid is back [years] */
  readonly firstYears: Decimal
  /** from here on it stays so; equal to the first where no later expense undoes it [years] */
  readonly lastingYears: Decimal
}

/**
 * @param flows net flow of every year from year 0 on; discounted ones for the discounted payback
 * @returns null where the sum never reaches 0, or where it ends below 0 and so nothing lasts
 */
export function payback(flows: readonly Decimal[]): Payback | null {
  const moments: Decimal[] = []
  let before = zero
  flows.forEach((flow, year) => {
    const after = before.plus(flow)
    if (year === 0 ? after.gte(0) : before.lt(0) && after.gte(0)) {
      // before + share · flow = 0, with before below 0 and so flow above 0
      moments.push(
        year === 0
          ? zero
          : before
              .neg()
              .div(flow)
              .plus(year - 1),
      )
    }
    before = after
  })
  const [firstYears, lastingYears] = [moments[0], moments.at(-1)]
  return before.lt(0) || !firstYears || !lastingYears ? null : { firstYears, lastingYears }
}
