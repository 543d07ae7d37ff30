/** How far schedules are from the optima that HiGHS found for them. */
import type { Outcome } from '../../strategy/battery-cases.ts'

export interface Agreement {
  readonly cases: number
  readonly hold: number
  /** what the schedules earn less, over all stored energy put in and taken out */
  readonly ticksPerKwh: number
  readonly misses: readonly string[]
}

/** A case holds where both say whether there is a schedule, and ours earns the optimum but for the rounding. */
export function agreementOf(
  cases: readonly { readonly name: string; readonly outcome: Outcome }[],
): Agreement {
  const misses = cases.flatMap(({ name, outcome }) => (holds(outcome) ? [] : [name]))
  const solved = cases.filter(({ outcome }) => outcome.isFeasible).map(({ outcome }) => outcome)
  const shortTicks = solved.reduce((sum, outcome) => sum + outcome.shortTicks, 0)
  const movedKwh = solved.reduce((sum, outcome) => sum + outcome.movedKwh, 0)
  return {
    cases: cases.length,
    hold: cases.length - misses.length,
    ticksPerKwh: shortTicks / movedKwh,
    misses,
  }
}

function holds({ agreesOnFeasible, isFeasible, objective, shortTicks, allowedTicks }: Outcome): boolean {
  if (!agreesOnFeasible) return false
  return !isFeasible || (shortTicks >= -1e-6 * Math.max(1, Math.abs(objective)) && shortTicks <= allowedTicks)
}
