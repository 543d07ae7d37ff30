/** Seeded months of a host with a battery behind its meter, planned and solved by HiGHS side by side. */
import { batteryProgram, fastest, solveBattery, type Step } from '../../bench/battery-program.ts'
import { randomStream } from '../../src/base/random.ts'
import type { HostMeter } from '../../src/strategy/behind-meter.ts'
import { PeakPlanner, type PeakPrice } from '../../src/strategy/peak-shaving.ts'
import type { PlannedBattery } from '../../src/strategy/storage-book.ts'

export interface PeakOutcome {
  /** both with the charge for the peak [ticks · kWh] */
  readonly optimum: number
  readonly reached: number
  /** the same with the battery at rest, and with a plan that may not raise the peak but does not see its price */
  readonly resting: number
  readonly unpriced: number
  readonly loadPeakKwh: number
  readonly capKwh: number
  readonly optimalPeakKwh: number
}

/** A factory of some shifts with its own noise, on the bands of a Zhejiang day, and a battery of its size. */
export function peakCase(seed: number, days: number): PeakOutcome {
  const { uniform } = randomStream(seed, 'storage-peak')
  const between = (low: number, high: number) => low + (high - low) * uniform()
  const powerWh = between(100_000, 1_000_000)
  const shift = { from: Math.floor(between(5, 9)), to: Math.floor(between(16, 23)) }
  const intervals = 96 * days
  const loadWh = Float64Array.from({ length: intervals }, (_, interval) => {
    const hour = (interval % 96) / 4
    const isOn = hour >= shift.from && hour < shift.to && Math.floor(interval / 96) % 7 < 6
    return Math.floor(powerWh * (isOn ? between(0.5, 1) : between(0.1, 0.25)))
  })
  const priceTicks = Float64Array.from({ length: intervals }, (_, interval) => {
    const hour = (interval % 96) / 4
    return hour < 7 || (hour >= 11 && hour < 14) ? 3643 : hour >= 16 && hour < 23 ? 11_259 : 6794
  })
  const most = Math.floor(powerWh * between(0.1, 0.8))
  const battery = {
    chargeWhMax: most,
    dischargeWhMax: most,
    chargeEfficiency: 0.93,
    dischargeEfficiency: 0.93,
    storedWh: 0,
    storedWhMax: Math.floor(most * between(4, 16)),
    wearTicks: [0, 785, 1570][Math.floor(uniform() * 3)]!,
    chargeAdderTicks: 0,
    share: 1,
  }
  return peakOutcome(
    battery,
    { loadWh, priceTicks },
    { ticks: Math.floor(between(28, 52)) * 40_000, leastWh: 0 },
  )
}

function peakOutcome(battery: PlannedBattery, meter: HostMeter, peak: PeakPrice): PeakOutcome {
  const { loadWh, priceTicks } = meter
  const intervals = loadWh.length
  const planner = new PeakPlanner(intervals)
  const plan = planner.plan(battery, meter, peak)
  const loadPeakWh = Array.from(loadWh).reduce((most, wh) => Math.max(most, wh), 0)
  const net = ({ capWh, earned }: { capWh: number; earned: number }) => (earned - peak.ticks * capWh) / 1000
  const reached = net(plan)
  const capKwh = plan.capWh / 1000
  const unpriced = net(planner.planUnder(battery, meter, loadPeakWh)!)
  const steps = Array.from(priceTicks).flatMap((price, interval): Step[] => [
    { interval, isSupply: true, priceTicks: price, energyWh: Infinity },
    { interval, isSupply: false, priceTicks: price, energyWh: loadWh[interval]! },
  ])
  const program = batteryProgram(battery, steps, intervals, { meter: { loadWh, peakTicks: peak.ticks } })
  const solved = solveBattery(program, fastest)
  return {
    optimum: solved.objective,
    reached,
    resting: (-peak.ticks * loadPeakWh) / 1000,
    unpriced,
    loadPeakKwh: loadPeakWh / 1000,
    capKwh,
    optimalPeakKwh: solved.peakKwh,
  }
}
