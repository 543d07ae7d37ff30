/** What a schedule earns in the linear program of `bench/battery-program.ts`, which knows no rounding. */
import type { Step } from '../../bench/battery-program.ts'
import type { PlannedBattery } from '../../src/strategy/storage-book.ts'

/**
 * The changes of the stored energy bought from the cheapest steps and sold to the dearest, with what is left at the end; −∞
 * where the steps, the power or the end do not go that far. [ticks · kWh]
 */
export function earnedBy(
  battery: PlannedBattery,
  steps: readonly Step[],
  changesWh: ArrayLike<number>,
): number {
  let earned = 0
  let levelWh = battery.storedWh
  const byInterval = Map.groupBy(steps, ({ interval }) => interval)
  for (let interval = 0; interval < changesWh.length; interval++) {
    levelWh += changesWh[interval]!
    if (levelWh < 0 || levelWh > battery.storedWhMax) return -Infinity
    earned += earnedIn(battery, byInterval.get(interval) ?? [], changesWh[interval]!)
  }
  const { leastWh, mostWh, worthTicks } = battery.end ?? {
    leastWh: 0,
    mostWh: battery.storedWhMax,
    worthTicks: 0,
  }
  if (levelWh < leastWh || levelWh > mostWh) return -Infinity
  return earned + (worthTicks * levelWh) / 1000
}

function earnedIn(battery: PlannedBattery, steps: readonly Step[], changeWh: number): number {
  const isSupply = changeWh > 0
  const own = steps
    .filter((step) => step.isSupply === isSupply)
    .toSorted((a, b) => (isSupply ? a.priceTicks - b.priceTicks : b.priceTicks - a.priceTicks))
  let leftKwh =
    (isSupply ? changeWh / battery.chargeEfficiency : -changeWh * battery.dischargeEfficiency) / 1000
  if (leftKwh * 1000 > (isSupply ? battery.chargeWhMax : battery.dischargeWhMax) + 1e-6) return -Infinity
  let earned = 0
  for (const step of own) {
    const takenKwh = Math.min(leftKwh, (step.energyWh * battery.share) / 1000)
    leftKwh -= takenKwh
    earned += isSupply
      ? -takenKwh * (step.priceTicks + battery.chargeAdderTicks)
      : takenKwh * (step.priceTicks - battery.wearTicks / battery.dischargeEfficiency)
  }
  return leftKwh > 1e-9 ? -Infinity : earned
}
