/**
 * What a day of the market offers a battery, read from published books: for every interval the energy it could
 * have bought and sold there and at which price, in steps.
 *
 * Around the crossing of a book of buys and sells without the battery, one more Wh bought must come from the next
 * order above it (an unsold offer, or a buyer outbid), one more Wh sold goes to the next order below it (an unserved
 * buyer, or an offer displaced). The tree is folded to one bus: buys enter net of what they pay at their connection,
 * and limits of the grid are left to the auction itself.
 */

/** Steps of one day, columns; `interval` counts from the start of the day and never falls along the rows. */
export interface DaySteps {
  count: number
  interval: Int32Array
  /** 0 energy the battery could sell to, 1 energy it could buy */
  isSupply: Uint8Array
  priceTicks: Float64Array
  energyWh: Float64Array
}

export function makeDaySteps(capacity: number): DaySteps {
  return {
    count: 0,
    interval: new Int32Array(capacity),
    isSupply: new Uint8Array(capacity),
    priceTicks: new Float64Array(capacity),
    energyWh: new Float64Array(capacity),
  }
}

/** Distinct prices of one interval, as a battery sees them; small, so a plain sorted list does. */
export interface PriceLevels {
  count: number
  readonly priceTicks: Float64Array
  readonly demandWh: Float64Array
  readonly supplyWh: Float64Array
}

export function makePriceLevels(capacity: number): PriceLevels {
  return {
    count: 0,
    priceTicks: new Float64Array(capacity),
    demandWh: new Float64Array(capacity),
    supplyWh: new Float64Array(capacity),
  }
}

/** Most steps that a level makes. */
export const stepsPerLevel = 4

/** Adds one order to the levels, keeping them sorted by price; orders of one price share a level. */
export function addToLevels(
  levels: PriceLevels,
  isSell: boolean,
  priceTicks: number,
  energyWh: number,
): void {
  let row = levels.count
  while (row > 0 && levels.priceTicks[row - 1]! > priceTicks) row--
  if (row === 0 || levels.priceTicks[row - 1] !== priceTicks) {
    levels.priceTicks.copyWithin(row + 1, row, levels.count)
    levels.demandWh.copyWithin(row + 1, row, levels.count)
    levels.supplyWh.copyWithin(row + 1, row, levels.count)
    levels.priceTicks[row] = priceTicks
    levels.demandWh[row] = 0
    levels.supplyWh[row] = 0
    levels.count++
    row++
  }
  const column = isSell ? levels.supplyWh : levels.demandWh
  column[row - 1] = column[row - 1]! + energyWh
}

/**
 * Appends the steps of one interval. Walking up the prices, net export starts at −(all demand) and grows by every
 * order passed, at one price by sells before buys; what lies above 0 can be bought, what lies below can be sold to. An
 * offer that is not sold is had at its price; a buyer must be outbid, and a seller underbid, by a tick.
 *
 * @param mostWh energy on each side of the crossing beyond which nobody is interested [Wh]
 */
export function appendSteps(
  steps: DaySteps,
  interval: number,
  levels: PriceLevels,
  mostWh: number = Infinity,
): void {
  let passedWh = 0
  for (let row = 0; row < levels.count; row++) passedWh -= levels.demandWh[row]!
  for (let row = 0; row < levels.count && passedWh < mostWh; row++) {
    const priceTicks = levels.priceTicks[row]!
    const soldWh = passedWh + levels.supplyWh[row]!
    const boughtWh = soldWh + levels.demandWh[row]!
    appendStep(steps, interval, 0, priceTicks - 1, below(passedWh, soldWh, mostWh))
    appendStep(steps, interval, 0, priceTicks, below(soldWh, boughtWh, mostWh))
    appendStep(steps, interval, 1, priceTicks, above(passedWh, soldWh, mostWh))
    appendStep(steps, interval, 1, priceTicks + 1, above(soldWh, boughtWh, mostWh))
    passedWh = boughtWh
  }
}

/** How much of a stretch of net export lies between −most and 0. [Wh] */
function below(fromWh: number, toWh: number, mostWh: number): number {
  return Math.min(toWh, 0) - Math.max(fromWh, -mostWh)
}

/** How much of it lies between 0 and most. [Wh] */
function above(fromWh: number, toWh: number, mostWh: number): number {
  return Math.min(toWh, mostWh) - Math.max(fromWh, 0)
}

/** A step of nothing is none. */
export function appendStep(
  steps: DaySteps,
  interval: number,
  isSupply: 0 | 1,
  priceTicks: number,
  energyWh: number,
): void {
  if (energyWh <= 0) return
  const row = steps.count++
  steps.interval[row] = interval
  steps.isSupply[row] = isSupply
  steps.priceTicks[row] = priceTicks
  steps.energyWh[row] = energyWh
}
