/**
 * The proof that comes with every clearing. Any prices bound the welfare any exchange can have:
 *
 *     Σ_buy max(0, limit − price)·q + Σ_sell max(0, price − limit)·q
 *       + Σ_arcs max(0, price(parent) − feeUp − price(bus))·capacityUp
 *              + max(0, price(bus) − price(parent) − feeDown)·capacityDown
 *
 * Welfare equal to the bound proves the clearing optimal. Sums are exact whatever their size.
 */
import { assert } from '../base/errors.ts'
import { ExactSums } from '../base/exact-sum.ts'
import type { Network } from '../grid/network.ts'
import type { Orders } from './book.ts'

/** Wh·tick, which is 1e-7 CNY. */
export interface Certificate {
  readonly welfare: bigint
  readonly dualBound: bigint
  readonly wheelingFees: bigint
}

/** What of a clearing the proof looks at. */
export interface ClearedOrders {
  readonly acceptedWh: Float64Array
  readonly flowUpWh: Float64Array
}

/** Doubles are summed up to here before they are carried over, so that no sum passes 2^53. */
const mostSummed = 2 ** 51

// Rows of the totals: what orders gain, what arcs charge, and by how much the welfare misses the bound.
const gains = 0
const fees = 1
const gap = 2

export class ProofSums {
  readonly #totals = new ExactSums(3)

  begin(): void {
    this.#totals.clear()
  }

  /** Whether welfare and bound are equal. */
  get holds(): boolean {
    return this.#totals.isZero(gap)
  }

  certificate(): Certificate {
    const wheelingFees = this.#totals.get(fees)
    const welfare = this.#totals.get(gains) - wheelingFees
    return { welfare, dualBound: welfare - this.#totals.get(gap), wheelingFees }
  }

  /** Adds orders and what was accepted of them. */
  addOrders(orders: Orders, acceptedWh: Float64Array, priceTicks: Float64Array): void {
    const { bus, side, limitTicks, quantityWh, count } = orders
    let welfare = -0
    let bound = -0
    let size = -0
    for (let row = 0; row < count; row++) {
      const limit = limitTicks[row]!
      const sign = 1 - 2 * side[row]!
      const worth = sign * limit * acceptedWh[row]!
      const gain = Math.max(0, sign * (limit - priceTicks[bus[row]!]!)) * quantityWh[row]!
      size += Math.abs(worth) + gain
      if (size > mostSummed) {
        this.#carry(welfare, bound)
        welfare = bound = size = -0
        this.#addOrder(orders, row, acceptedWh[row]!, priceTicks[bus[row]!]!)
        continue
      }
      welfare += worth
      bound += gain
    }
    this.#carry(welfare, bound)
  }

  /**
   * Adds orders of which it is known that each gains or is refused at the price of its bus: accepted ones by their sums.
   *
   * @param worth Σ ±limit · accepted energy
   * @param netWh bought less sold [Wh]
   */
  addWorth(worth: ExactSums): void {
    this.#totals.addTotal(gains, worth, 0)
  }

  /** Adds what accepted buys pay and accepted sells receive, which is by how much their worth exceeds their gains. */
  addPaid(netWh: number, priceTicks: number): void {
    this.#totals.addProduct(gap, priceTicks, netWh)
  }

  /** Adds the fees on flows, and the rent of arcs whose ends are farther apart than the fee. */
  addArcs(network: Network, flowUpWh: Float64Array, priceTicks: Float64Array): void {
    const { parent, feeUpTicks, feeDownTicks, capacityUpWh, capacityDownWh } = network
    for (let bus = 1; bus < network.busCount; bus++) {
      const flow = flowUpWh[bus]!
      const between = priceTicks[parent[bus]!]! - priceTicks[bus]!
      if (flow > 0) this.#addFee(feeUpTicks[bus]!, flow)
      else if (flow < 0) this.#addFee(feeDownTicks[bus]!, -flow)
      const upTicks = between - feeUpTicks[bus]!
      const downTicks = -between - feeDownTicks[bus]!
      if (upTicks > 0) this.#addRent(upTicks, capacityUpWh[bus]!, bus)
      else if (downTicks > 0) this.#addRent(downTicks, capacityDownWh[bus]!, bus)
    }
  }

  #carry(welfare: number, bound: number): void {
    this.#totals.add(gains, welfare)
    this.#totals.add(gap, welfare - bound)
  }

  /** One order exactly, whatever its products. */
  #addOrder({ side, limitTicks, quantityWh }: Orders, row: number, acceptedWh: number, price: number): void {
    const sign = 1 - 2 * side[row]!
    const limit = limitTicks[row]!
    this.#totals.addProduct(gains, sign * limit, acceptedWh)
    this.#totals.addProduct(gap, sign * limit, acceptedWh)
    this.#totals.addProduct(gap, Math.min(0, sign * (price - limit)), quantityWh[row]!)
  }

  #addFee(feeTicks: number, energyWh: number): void {
    this.#totals.addProduct(fees, feeTicks, energyWh)
    this.#totals.addProduct(gap, -feeTicks, energyWh)
  }

  #addRent(rentTicks: number, capacityWh: number, bus: number): void {
    assert(Number.isFinite(capacityWh), () => `bus ${bus}: congestion rent on an arc without a limit`)
    this.#totals.addProduct(gap, -rentTicks, capacityWh)
  }
}

/**
 * @param orders all of a book
 * @param priceTicks a price per bus, from `busPrices`
 */
export function certify(
  network: Network,
  orders: Orders,
  cleared: ClearedOrders,
  priceTicks: Float64Array,
): Certificate {
  const sums = new ProofSums()
  sums.addOrders(orders, cleared.acceptedWh, priceTicks)
  sums.addArcs(network, cleared.flowUpWh, priceTicks)
  return sums.certificate()
}
