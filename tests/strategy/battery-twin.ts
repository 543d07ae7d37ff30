/**
 * The best day of a battery by exhaustion: every level of stored energy, Wh by Wh, interval by interval. It
 * knows nothing of a chain or of prices between intervals, does one thing in an interval, and counts in whole numbers: an efficiency is a ratio,
 * a limit is rounded against the battery to a whole tick per stored kWh, as the planner says it does.
 */
import type { PlannedBattery } from '../../src/strategy/storage-book.ts'
import type { Step } from './days.ts'

export interface Ratio {
  readonly top: number
  readonly bottom: number
}

export interface TwinBattery extends Omit<PlannedBattery, 'chargeEfficiency' | 'dischargeEfficiency'> {
  readonly charge: Ratio
  readonly discharge: Ratio
}

export function planned({ charge, discharge, ...rest }: TwinBattery): PlannedBattery {
  return {
    ...rest,
    chargeEfficiency: charge.top / charge.bottom,
    dischargeEfficiency: discharge.top / discharge.bottom,
  }
}

/** Money in Wh · ticks, from −∞ where there is no way. */
export interface BestDay {
  readonly best: number
  /** of given changes of the stored energy, one per interval */
  readonly worthOf: (changesWh: ArrayLike<number>) => number
}

/** Energy that appears in the battery at one interval, or leaves it, beside charge and discharge. */
export interface Gift {
  readonly interval: number
  readonly energyWh: number
}

export function bestDay(
  battery: TwinBattery,
  steps: readonly Step[],
  intervals: number,
  gift?: Gift,
): BestDay {
  const worth = Array.from({ length: intervals }, (_, interval) =>
    worthOfChange(
      battery,
      steps.filter((step) => step.interval === interval),
    ),
  )
  let levels = new Map([[battery.storedWh, 0]])
  for (let interval = 0; interval < intervals; interval++) {
    const given = gift?.interval === interval ? gift.energyWh : 0
    const next = new Map<number, number>()
    for (const [levelWh, money] of levels) {
      for (let after = 0; after <= battery.storedWhMax; after++) {
        const gained = money + worth[interval]!(after - levelWh - given)
        if (gained > (next.get(after) ?? -Infinity)) next.set(after, gained)
      }
    }
    levels = next
  }
  return {
    best: Math.max(-Infinity, ...[...levels].map(([levelWh, money]) => money + endWorth(battery, levelWh))),
    worthOf: (changesWh) => {
      const levelWh = worth.reduce((level, _, interval) => level + changesWh[interval]!, battery.storedWh)
      return worth.reduce(
        (sum, worthOf, interval) => sum + worthOf(changesWh[interval]!),
        endWorth(battery, levelWh),
      )
    },
  }
}

function endWorth({ end }: TwinBattery, levelWh: number): number {
  if (!end) return 0
  const isAllowed = levelWh >= end.leastWh && levelWh <= end.mostWh
  return isAllowed ? end.worthTicks * (levelWh - end.leastWh) : -Infinity
}

/** What a change of the stored energy in one interval is worth, on one side alone; −∞ beyond its steps and power. */
function worthOfChange(battery: TwinBattery, steps: readonly Step[]): (changeWh: number) => number {
  const cost = sums(limitsOf(battery, steps, true))
  const gain = sums(limitsOf(battery, steps, false))
  return (changeWh) => (changeWh > 0 ? 0 - (cost[changeWh] ?? Infinity) : (gain[0 - changeWh] ?? -Infinity))
}

/** The limit of every stored Wh, the best first, as far as the power goes. */
export function limitsOf(battery: TwinBattery, steps: readonly Step[], isSupply: boolean): number[] {
  const { charge, discharge, share, wearTicks, chargeAdderTicks } = battery
  const own = steps.filter((step) => step.isSupply === isSupply)
  let powerWh = isSupply ? battery.chargeWhMax : battery.dischargeWhMax
  return own
    .toSorted((a, b) => (isSupply ? a.priceTicks - b.priceTicks : b.priceTicks - a.priceTicks))
    .flatMap(({ priceTicks, energyWh }) => {
      const gridWh = Math.min(powerWh, Math.floor(energyWh * share))
      powerWh -= gridWh
      const [storedWh, limit] = isSupply
        ? [
            Math.floor((gridWh * charge.top) / charge.bottom),
            Math.ceil(((priceTicks + chargeAdderTicks) * charge.bottom) / charge.top),
          ]
        : [
            Math.floor((gridWh * discharge.bottom) / discharge.top),
            Math.floor((priceTicks * discharge.top) / discharge.bottom - wearTicks),
          ]
      return Array.from({ length: storedWh }, () => limit)
    })
}

function sums(values: readonly number[]): number[] {
  const out = [0]
  for (const value of values) out.push(out.at(-1)! + value)
  return out
}
