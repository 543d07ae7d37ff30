/**
 * Every bus's merged curve as steps, with who stands in each. Written from the definition, apart from both the engine
 * and its naive twin:
 *
 *     what a child takes (from −capacityDown to 0) comes lower by feeDown,
 *     what it sends (from 0 to capacityUp) higher by feeUp, and what lies beyond is cut
 */
import type { Network } from '../../grid/network.ts'
import { buySide, sellSide, type Book } from '../book.ts'

/** Net export of a bus and all below it against its price, from −demandWh to supplyWh. */
export interface Curve {
  /** by rising price, sells before buys */
  readonly steps: readonly CurveStep[]
  readonly demandWh: number
  readonly supplyWh: number
  /** of each child's arc by the row of the bus below, what it takes at the lowest price [Wh] */
  readonly takesWh: ReadonlyMap<number, number>
}

export interface CurveStep {
  readonly priceTicks: number
  readonly side: number
  readonly energyWh: number
  /** own orders by row, then arcs by the row of the bus below */
  readonly claims: readonly Claim[]
}

export interface Claim {
  /** row of the bus below an arc, −1 for an own order */
  readonly child: number
  /** added to the price on its way over the arc */
  readonly shiftTicks: number
  readonly energyWh: number
  /** rows of the orders that stand behind it, of an own order its own */
  readonly rows: readonly number[]
}

/**
 * @param wanted 1 for each bus whose curve is kept; all below such a bus are worked out
 * @returns curves by row of the bus, undefined where none is wanted
 */
export function mergedCurves(network: Network, book: Book, wanted: Uint8Array): (Curve | undefined)[] {
  const { busCount, parent } = network
  const needed = wanted.slice()
  for (let bus = 1; bus < busCount; bus++) if (needed[parent[bus]!] === 1) needed[bus] = 1
  const growing = Array.from(needed, (each) => (each === 1 ? new GrowingCurve() : undefined))
  for (let row = 0; row < book.count; row++) growing[book.bus[row]!]?.addOrder(book, row)
  const curves = Array.from<Curve | undefined>({ length: busCount })
  for (let bus = busCount - 1; bus >= 0; bus--) {
    const curve = growing[bus]?.finish()
    if (!curve) continue
    growing[bus] = undefined
    if (wanted[bus] === 1) curves[bus] = curve
    growing[parent[bus]!]?.addChild(network, bus, curve)
  }
  return curves
}

/** Orders are added before children. */
class GrowingCurve {
  readonly #claims = new Map<number, Claim[]>()
  readonly #takesWh = new Map<number, number>()
  #demandWh = 0
  #supplyWh = 0

  addOrder({ limitTicks, side, quantityWh }: Book, row: number): void {
    const energyWh = quantityWh[row]!
    if (energyWh === 0) return
    if (side[row] === sellSide) this.#supplyWh += energyWh
    else this.#demandWh += energyWh
    this.#add(limitTicks[row]!, side[row]!, { child: -1, shiftTicks: 0, energyWh, rows: [row] })
  }

  addChild(network: Network, child: number, { steps, demandWh, supplyWh }: Curve): void {
    const takes = Math.min(demandWh, network.capacityDownWh[child]!)
    const sends = Math.min(supplyWh, network.capacityUpWh[child]!)
    this.#takesWh.set(child, takes)
    this.#demandWh += takes
    this.#supplyWh += sends
    let net = -demandWh
    for (const step of steps) {
      this.#addPart(step, child, 0 - network.feeDownTicks[child]!, clippedWh(net, step, -takes, 0))
      this.#addPart(step, child, network.feeUpTicks[child]!, clippedWh(net, step, 0, sends))
      net += step.energyWh
    }
  }

  finish(): Curve {
    const steps = [...this.#claims]
      .sort(([a], [b]) => a - b)
      .map(([key, claims]) => ({
        priceTicks: Math.floor(key / 2),
        side: key % 2 === 0 ? sellSide : buySide,
        energyWh: claims.reduce((sum, claim) => sum + claim.energyWh, 0),
        claims: claims.sort((a, b) => a.child - b.child),
      }))
    return { steps, demandWh: this.#demandWh, supplyWh: this.#supplyWh, takesWh: this.#takesWh }
  }

  #addPart(step: CurveStep, child: number, shiftTicks: number, energyWh: number): void {
    if (energyWh <= 0) return
    const rows = step.claims.length === 1 ? step.claims[0]!.rows : step.claims.flatMap((claim) => claim.rows)
    this.#add(step.priceTicks + shiftTicks, step.side, { child, shiftTicks, energyWh, rows })
  }

  #add(priceTicks: number, side: number, claim: Claim): void {
    const key = 2 * priceTicks + (side === buySide ? 1 : 0)
    const claims = this.#claims.get(key)
    if (!claims) {
      this.#claims.set(key, [claim])
      return
    }
    const last = claims.at(-1)!
    // Without fees the two parts of a step that the zero crossing has split meet again.
    if (claim.child >= 0 && last.child === claim.child)
      claims[claims.length - 1] = { ...last, energyWh: last.energyWh + claim.energyWh }
    else claims.push(claim)
  }
}

/** The energy of a step that lies between two net exports. */
function clippedWh(net: number, { energyWh }: CurveStep, from: number, to: number): number {
  return Math.min(net + energyWh, to) - Math.max(net, from)
}
