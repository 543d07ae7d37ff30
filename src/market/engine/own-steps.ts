/**
 * The steps that buses bring to the market themselves, before anything flows: for each bus its steps in ascending key,
 * and its demand.
 *
 * A step's key is `2 · price + kind`, kind 0 for sells and 1 for buys: sells switch on before buys switch off at the same
 * price, so that volume is largest. A fee moves a key by twice its ticks.
 */
export class OwnSteps {
  /** steps of a bus: start[bus] up to start[bus + 1] */
  readonly start: Int32Array
  /** energy its buys ask for [Wh] */
  readonly demandWh: Float64Array
  key = new Float64Array(64)
  energyWh = new Float64Array(64)
  count = 0

  constructor(buses: number) {
    this.start = new Int32Array(buses + 1)
    this.demandWh = new Float64Array(buses)
  }

  /** Forgets all steps and makes room for at most so many. */
  begin(steps: number): void {
    this.count = 0
    if (steps <= this.key.length) return
    this.key = new Float64Array(steps * 2)
    this.energyWh = new Float64Array(steps * 2)
  }

  push(key: number, energyWh: number): void {
    this.key[this.count] = key
    this.energyWh[this.count] = energyWh
    this.count++
  }
}
