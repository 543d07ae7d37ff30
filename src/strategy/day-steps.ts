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
 * order passed; what lies above 0 can be bought, what lies below can be sold to.
 */
export function appendSteps(steps: DaySteps, interval: number, levels: PriceLevels): void {
  let netExportWh = 0
  for (let row = 0; row < levels.count; row++) netExportWh -= levels.demandWh[row]!
  for (let row = 0; row < levels.count; row++) {
    const energyWh = levels.demandWh[row]! + levels.supplyWh[row]!
    const below = Math.min(energyWh, Math.max(0, -netExportWh))
    if (below > 0) append(steps, interval, 0, levels.priceTicks[row]!, below)
    if (energyWh > below) append(steps, interval, 1, levels.priceTicks[row]!, energyWh - below)
    netExportWh += energyWh
  }
}

function append(
  steps: DaySteps,
  interval: number,
  isSupply: number,
  priceTicks: number,
  energyWh: number,
): void {
  const row = steps.count++
  steps.interval[row] = interval
  steps.isSupply[row] = isSupply
  steps.priceTicks[row] = priceTicks
  steps.energyWh[row] = energyWh
}
