/**
 * The proof that comes with every clearing. Any prices bound the welfare any exchange can have:
 *
 *     Σ_buy max(0, limit − price)·q + Σ_sell max(0, price − limit)·q
 *       + Σ_arcs max(0, price(parent) − feeUp − price(bus))·capacityUp
 *              + max(0, price(bus) − price(parent) − feeDown)·capacityDown
 *
 * Welfare equal to the bound proves the clearing optimal. Sums are taken in doubles while that is exact, else in BigInt.
 */
import { assert } from '../base/errors.ts'
import type { Network } from '../grid/network.ts'
import { buySide, type Book } from './book.ts'
import type { Clearing } from './clear.ts'

/** Wh·tick, which is 1e-7 CNY. */
export interface Certificate {
  readonly welfare: bigint
  readonly dualBound: bigint
  readonly wheelingFees: bigint
}

/** A sum of products of safe whole numbers, in a double as long as that is exact. */
class ExactProductSum {
  #small = 0
  #large = 0n

  add(a: number, b: number): void {
    if (a === 0 || b === 0) return
    const product = a * b
    const next = this.#small + product
    if (Math.abs(product) <= Number.MAX_SAFE_INTEGER && Math.abs(next) <= Number.MAX_SAFE_INTEGER)
      this.#small = next
    else this.#large += BigInt(a) * BigInt(b)
  }

  total(): bigint {
    return this.#large + BigInt(this.#small)
  }
}

/** @param priceTicks a price per bus, from {@link busPrices} */
export function certify(
  network: Network,
  book: Book,
  clearing: Clearing,
  priceTicks: Float64Array,
): Certificate {
  const welfare = new ExactProductSum()
  const bound = new ExactProductSum()
  for (let row = 0; row < book.count; row++) {
    const sign = book.side[row] === buySide ? 1 : -1
    const limit = book.limitTicks[row]!
    welfare.add(sign * limit, clearing.acceptedWh[row]!)
    bound.add(Math.max(0, sign * (limit - priceTicks[book.bus[row]!]!)), book.quantityWh[row]!)
  }
  const fees = addArcs(network, clearing, priceTicks, bound)
  const wheelingFees = fees.total()
  return { welfare: welfare.total() - wheelingFees, dualBound: bound.total(), wheelingFees }
}

function addArcs(
  network: Network,
  clearing: Clearing,
  priceTicks: Float64Array,
  bound: ExactProductSum,
): ExactProductSum {
  const { parent, feeUpTicks, feeDownTicks, capacityUpWh, capacityDownWh } = network
  const fees = new ExactProductSum()
  for (let bus = 1; bus < network.busCount; bus++) {
    const flow = clearing.flowUpWh[bus]!
    fees.add(flow > 0 ? feeUpTicks[bus]! : feeDownTicks[bus]!, Math.abs(flow))
    const gap = priceTicks[parent[bus]!]! - priceTicks[bus]!
    addRoom(bound, gap - feeUpTicks[bus]!, capacityUpWh[bus]!, bus)
    addRoom(bound, -gap - feeDownTicks[bus]!, capacityDownWh[bus]!, bus)
  }
  return fees
}

function addRoom(bound: ExactProductSum, rentTicks: number, capacityWh: number, bus: number): void {
  if (rentTicks <= 0) return
  assert(Number.isFinite(capacityWh), () => `bus ${bus}: congestion rent on an arc without a limit`)
  bound.add(rentTicks, capacityWh)
}
