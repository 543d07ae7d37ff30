/**
 * The day of a battery as the linear program it is, without a chain and without any rounding, for HiGHS: grid
 * energy of every step, stored energy of every interval, in kWh and ticks.
 *
 *     maximise   Σ price·discharge − wear·discharge/η_d − Σ (price + adder)·charge
 *     subject to stored_t = stored_t−1 + η_c·Σ charge − Σ discharge/η_d, 0 ≤ stored ≤ most, power
 */
import * as highsModule from 'highs'
import type { PlannedBattery } from '../../src/strategy/storage-plan.ts'
import type { Step } from './days.ts'

interface Solver {
  solve(
    model: string,
    options: object,
  ): { Status: string; ObjectiveValue: number; Columns: Record<string, { Primal: number }> }
}
// The package's types describe a CommonJS default that Node hands over one level deeper.
const highs = await (highsModule as unknown as { default: () => Promise<Solver> }).default()

export interface SolvedDay {
  readonly status: string
  /** [ticks · kWh] */
  readonly objective: number
  /** stored energy put in and taken out, together [kWh] */
  readonly movedKwh: number
  /** steps used, each to its end or to what the power leaves of it */
  readonly usedSteps: number
}

export function solveDay(battery: PlannedBattery, steps: readonly Step[], intervals: number): SolvedDay {
  const solved = highs.solve(linearProgram(battery, steps, intervals), {})
  const taken = steps.map((_, row) => solved.Columns[`g${row}`]!.Primal)
  const storedPerGrid = (step: Step) =>
    step.isSupply ? battery.chargeEfficiency : 1 / battery.dischargeEfficiency
  return {
    status: solved.Status,
    objective: solved.ObjectiveValue,
    movedKwh: steps.reduce((sum, step, row) => sum + taken[row]! * storedPerGrid(step), 0),
    usedSteps: taken.filter((energyKwh) => energyKwh > 0).length,
  }
}

function offeredKwh(battery: PlannedBattery, step: Step): number {
  return (step.energyWh * battery.share) / 1000
}

function linearProgram(battery: PlannedBattery, steps: readonly Step[], intervals: number): string {
  const { chargeEfficiency, dischargeEfficiency, wearTicks, chargeAdderTicks } = battery
  const signed = (value: number, name: string) => `${value < 0 ? '-' : '+'} ${Math.abs(value)} ${name}`
  const rowsOf = (interval: number, isSupply: boolean) =>
    steps.flatMap((step, row) => (step.interval === interval && step.isSupply === isSupply ? [row] : []))
  const money = steps.map((step, row) =>
    signed(
      step.isSupply
        ? -(step.priceTicks + chargeAdderTicks)
        : step.priceTicks - wearTicks / dischargeEfficiency,
      `g${row}`,
    ),
  )
  const each = Array.from({ length: intervals }, (_, interval) => interval)
  const levels = each.map((interval) => {
    const moved = [
      ...rowsOf(interval, true).map((row) => signed(-chargeEfficiency, `g${row}`)),
      ...rowsOf(interval, false).map((row) => signed(1 / dischargeEfficiency, `g${row}`)),
    ]
    const before = interval === 0 ? '' : `- s${interval - 1}`
    const startKwh = interval === 0 ? battery.storedWh / 1000 : 0
    return `l${interval}: s${interval} ${before} ${moved.join(' ')} = ${startKwh}`
  })
  const powers = each.flatMap((interval) =>
    ([true, false] as const).flatMap((isSupply) => {
      const rows = rowsOf(interval, isSupply)
      const mostWh = isSupply ? battery.chargeWhMax : battery.dischargeWhMax
      const name = `${isSupply ? 'c' : 'd'}${interval}`
      return rows.length === 0
        ? []
        : [`${name}: ${rows.map((row) => `+ g${row}`).join(' ')} <= ${mostWh / 1000}`]
    }),
  )
  return [
    'Maximize',
    `obj: ${money.join(' ')} + 0 s0`,
    'Subject To',
    ...levels,
    ...powers,
    'Bounds',
    ...steps.map((step, row) => `0 <= g${row} <= ${offeredKwh(battery, step)}`),
    ...each.map((interval) => `0 <= s${interval} <= ${battery.storedWhMax / 1000}`),
    'End',
  ].join('\n')
}

/**
 * What a schedule earns in this program: the changes of the stored energy bought from the cheapest steps and sold
 * to the dearest, or −∞ where they do not go that far. [ticks · kWh]
 */
export function earnedBy(
  battery: PlannedBattery,
  steps: readonly Step[],
  changesWh: ArrayLike<number>,
): number {
  let earned = 0
  for (let interval = 0; interval < changesWh.length; interval++) {
    const change = changesWh[interval]!
    const isSupply = change > 0
    const own = steps
      .filter((step) => step.interval === interval && step.isSupply === isSupply)
      .toSorted((a, b) => (isSupply ? a.priceTicks - b.priceTicks : b.priceTicks - a.priceTicks))
    let leftKwh =
      (isSupply ? change / battery.chargeEfficiency : -change * battery.dischargeEfficiency) / 1000
    if (leftKwh * 1000 > (isSupply ? battery.chargeWhMax : battery.dischargeWhMax) + 1e-6) return -Infinity
    for (const step of own) {
      const takenKwh = Math.min(leftKwh, offeredKwh(battery, step))
      leftKwh -= takenKwh
      earned += isSupply
        ? -takenKwh * (step.priceTicks + battery.chargeAdderTicks)
        : takenKwh * (step.priceTicks - battery.wearTicks / battery.dischargeEfficiency)
    }
    if (leftKwh > 1e-9) return -Infinity
  }
  return earned
}
