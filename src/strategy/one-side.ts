/**
 * Which side each interval of a battery's horizon is best on, when none may take both: exact, by a dynamic program from the
 * end backward whose values are curves over the energy stored.
 *
 *     V_t(s) = max( max over charges x of V_t+1(s + x) − cost(x),  max over discharges y of V_t+1(s − y) + gain(y) )
 *
 * Where no interval would gain by doing both this is what the chain finds. Where one would, V is not concave, and no chain or
 * other linear program can say it. Slower than the chain by three orders of magnitude, and rarely asked.
 */
import { isSell, limitOf } from '../market/clear-chain.ts'
import type { PlannedBattery, StorageBook } from './storage-book.ts'
import { beforeMove, higherOf, worthAt, type Move, type ValueCurve } from './value-curve.ts'

interface Sides {
  readonly charges: readonly Move[]
  readonly discharges: readonly Move[]
}

/** @returns by interval 1 to charge, 0 to discharge */
export function bestSides(book: StorageBook, battery: PlannedBattery, intervals: number): Uint8Array {
  const moves = movesOf(book, intervals)
  const worths = [endCurve(battery)]
  for (const { charges, discharges } of moves.toReversed()) {
    const through = (all: readonly Move[]) =>
      all.reduce((after, move) => beforeMove(after, move, battery.storedWhMax), worths.at(-1)!)
    worths.push(higherOf(through(charges), through(discharges)))
  }
  let levelWh = battery.storedWh
  return Uint8Array.from(moves, ({ charges, discharges }, interval) => {
    const after = worths[intervals - 1 - interval]!
    const charged = bestFrom(levelWh, charges, after)
    const discharged = bestFrom(levelWh, discharges, after)
    const isCharge = charged.worth > discharged.worth
    levelWh = isCharge ? charged.levelWh : discharged.levelWh
    return isCharge ? 1 : 0
  })
}

function movesOf({ bus, key, quantityWh, firstStep, endStep }: StorageBook, intervals: number): Sides[] {
  const moves = Array.from({ length: intervals }, () => ({ charges: [] as Move[], discharges: [] as Move[] }))
  for (let row = firstStep; row < endStep; row++) {
    const { charges, discharges } = moves[bus[row]!]!
    const energyWh = quantityWh[row]!
    const ticks = limitOf(key[row]!)
    if (isSell(key[row]!)) charges.push({ downWh: 0, upWh: energyWh, ticks })
    else discharges.push({ downWh: -energyWh, upWh: 0, ticks })
  }
  return moves
}

function endCurve({ end, storedWhMax }: PlannedBattery): ValueCurve {
  const { leastWh, mostWh, worthTicks } = end ?? { leastWh: 0, mostWh: storedWhMax, worthTicks: 0 }
  if (leastWh === mostWh) return { levelWh: [leastWh], worth: [0] }
  return { levelWh: [leastWh, mostWh], worth: [0, worthTicks * (mostWh - leastWh)] }
}

/**
 * The best level to go to by the moves of one side. It is where the curve turns or a move ends, and whole: a curve turns
 * between whole Wh only where it is lowest.
 *
 * @param moves the best first
 */
function bestFrom(
  levelWh: number,
  moves: readonly Move[],
  after: ValueCurve,
): { levelWh: number; worth: number } {
  let best = { levelWh, worth: worthAt(after, levelWh) }
  let [fromWh, earned] = [levelWh, 0]
  for (const { downWh, upWh, ticks } of moves) {
    const turns = after.levelWh.filter(
      (level) => Number.isInteger(level) && level >= fromWh + downWh && level <= fromWh + upWh,
    )
    for (const to of [...turns, fromWh + downWh, fromWh + upWh]) {
      const worth = earned + worthAt(after, to) - ticks * (to - fromWh)
      if (worth > best.worth) best = { levelWh: to, worth }
    }
    const movedWh = downWh + upWh
    earned -= ticks * movedWh
    fromWh += movedWh
  }
  return best
}
