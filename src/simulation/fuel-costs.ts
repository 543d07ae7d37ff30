/**
 * What dispatched units burn: fuel of every kWh sent out and every start, less what their heat saves. Nobody's bill; it is
 * posted as the owner's cost, like the wear of a battery, so that a unit's account tells what it gains.
 */
import { rateE8PerTick } from '../base/units.ts'
import type { DispatchedUnit } from '../strategy/cogeneration-dispatch.ts'
import type { Moment } from './moment.ts'
import type { Readings } from './readings.ts'
import type { RunState } from './run-state.ts'

interface BurningUnit {
  readonly seller: number
  readonly account: number
  readonly terms: DispatchedUnit
  readonly heatWh: Float64Array
  /** what it was decided to send out, by interval [Wh] */
  readonly decidedWh: Int32Array
}

export class FuelCosts {
  readonly #state: RunState
  readonly #units: readonly BurningUnit[]

  constructor(state: RunState) {
    const { zone, series } = state.world
    this.#state = state
    this.#units = state.sellers.flatMap((seller, index) => {
      if (seller.kind === 'pv') return []
      const terms = zone.cogenerations[seller.unit]!.dispatch
      const heatWh = series.heatWh[seller.unit]!
      if (terms === null || heatWh === null) return []
      return [{ seller: index, account: seller.account, terms, heatWh, decidedWh: seller.meteredWh }]
    })
  }

  settle({ interval, month }: Moment, { sentWh }: Readings): void {
    const { ledger, world, months, fuelE11 } = this.#state
    for (const unit of this.#units) {
      const energyWh = sentWh[unit.seller]!
      const costE11 = costTickWh(unit, energyWh, interval) * rateE8PerTick
      if (costE11 === 0) continue
      ledger.post(unit.account, -costE11)
      ledger.post(world.chart.fuel, costE11)
      fuelE11.add(unit.seller * months + month, costE11)
    }
  }
}

/** [Wh · tick] */
function costTickWh(unit: BurningUnit, energyWh: number, interval: number): number {
  const { terms, heatWh } = unit
  const usedHeatWh = Math.min(energyWh, Math.max(0, heatWh[interval]!))
  const startCost = energyWh > 0 && !wasOn(unit, interval) ? terms.rules.startCost : 0
  return energyWh * terms.fuelTicks - usedHeatWh * terms.heatTicks + startCost
}

/** Whether it ran in the interval before; before the first one it stands running. */
function wasOn({ heatWh, decidedWh }: BurningUnit, interval: number): boolean {
  return interval === 0 ? heatWh[0]! >= 0 : decidedWh[interval - 1]! > 0
}
