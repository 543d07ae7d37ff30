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
const blockRows = 1024

// Rows of the totals.
const gains = 0
const bound = 1
const fees = 2
const gap = 3

export class ProofSums {
  readonly #totals = new ExactSums(4)

  begin(): void {
    this.#totals.clear()
  }

  /** Whether welfare and bound are equal. */
  get holds(): boolean {
    const totals = this.#totals
    totals.set(gap, 0)
    totals.addTotal(gap, totals, gains)
    totals.subtractTotal(gap, totals, fees)
    totals.subtractTotal(gap, totals, bound)
    return totals.isZero(gap)
  }

  certificate(): Certificate {
    const wheelingFees = this.#totals.get(fees)
    return {
      welfare: this.#totals.get(gains) - wheelingFees,
      dualBound: this.#totals.get(bound),
      wheelingFees,
    }
  }

  /** Adds orders and what was accepted of them. */
  addOrders(orders: Orders, acceptedWh: Float64Array, priceTicks: Float64Array): void {
    for (let from = 0; from < orders.count; from += blockRows) {
      const to = Math.min(orders.count, from + blockRows)
      if (!this.#addBlock(orders, acceptedWh, priceTicks, from, to))
        this.#addExactly(orders, acceptedWh, priceTicks, from, to)
    }
  }

  /** False, with nothing added, where a block is too large for doubles. */
  #addBlock(
    { bus, side, limitTicks, quantityWh }: Orders,
    acceptedWh: Float64Array,
    priceTicks: Float64Array,
    from: number,
    to: number,
  ): boolean {
    let worths = -0
    let twiceMost = -0
    let size = -0
    for (let row = from; row < to; row++) {
      const limit = limitTicks[row]!
      const sign = 1 - 2 * side[row]!
      const worth = acceptedWh[row]! * sign * limit
      // Math.max branches, which is guessed wrong half the time: x + |x| is twice max(0, x).
      const gainTicks = (limit - priceTicks[bus[row]!]!) * sign
      const twiceGain = (gainTicks + Math.abs(gainTicks)) * quantityWh[row]!
      worths += worth
      twiceMost += twiceGain
      size += Math.abs(worth) + twiceGain
    }
    if (!(size <= mostSummed)) return false
    this.#totals.add(gains, worths)
    this.#totals.add(bound, twiceMost / 2)
    return true
  }

  #addExactly(
    { bus, side, limitTicks, quantityWh }: Orders,
    acceptedWh: Float64Array,
    priceTicks: Float64Array,
    from: number,
    to: number,
  ): void {
    for (let row = from; row < to; row++) {
      const sign = 1 - 2 * side[row]!
      const gainTicks = Math.max(0, sign * (limitTicks[row]! - priceTicks[bus[row]!]!))
      this.#totals.addProduct(gains, sign * limitTicks[row]!, acceptedWh[row]!)
      this.#totals.addProduct(bound, gainTicks, quantityWh[row]!)
    }
  }

  /**
   * Adds orders of which it is known that each gains or is refused at the price of its bus, accepted ones by their sums.
   * Their bound is what they are worth less what buys pay and sells receive, see {@link addPaid}.
   *
   * @param worth Σ ±limit · accepted energy
   */
  addWorth(worth: ExactSums): void {
    this.#totals.addTotal(gains, worth, 0)
    this.#totals.addTotal(bound, worth, 0)
  }

  /** @param netWh bought less sold at a bus [Wh] */
  addPaid(netWh: number, priceTicks: number): void {
    this.#totals.addProduct(bound, 0 - priceTicks, netWh)
  }

  /** Adds the fees on flows, and the rent of arcs whose ends are farther apart than the fee. */
  addArcs(network: Network, flowUpWh: Float64Array, priceTicks: Float64Array): void {
    const { parent, feeUpTicks, feeDownTicks, capacityUpWh, capacityDownWh } = network
    let charged = -0
    let rents = -0
    for (let bus = 1; bus < network.busCount; bus++) {
      const flowWh = flowUpWh[bus]!
      charged += (flowWh > 0 ? feeUpTicks[bus]! : 0 - feeDownTicks[bus]!) * flowWh
      const between = priceTicks[parent[bus]!]! - priceTicks[bus]!
      const upTicks = between - feeUpTicks[bus]!
      const downTicks = 0 - between - feeDownTicks[bus]!
      if (upTicks > 0) rents += upTicks * limited(capacityUpWh[bus]!, bus)
      else if (downTicks > 0) rents += downTicks * limited(capacityDownWh[bus]!, bus)
    }
    // No addend is negative, so small sums say that none was rounded.
    if (charged + rents <= mostSummed) {
      this.#totals.add(fees, charged)
      this.#totals.add(bound, rents)
    } else this.#addArcsExactly(network, flowUpWh, priceTicks)
  }

  #addArcsExactly(network: Network, flowUpWh: Float64Array, priceTicks: Float64Array): void {
    const { parent, feeUpTicks, feeDownTicks, capacityUpWh, capacityDownWh } = network
    for (let bus = 1; bus < network.busCount; bus++) {
      const flowWh = flowUpWh[bus]!
      this.#totals.addProduct(fees, flowWh > 0 ? feeUpTicks[bus]! : 0 - feeDownTicks[bus]!, flowWh)
      const between = priceTicks[parent[bus]!]! - priceTicks[bus]!
      const upTicks = between - feeUpTicks[bus]!
      const downTicks = 0 - between - feeDownTicks[bus]!
      if (upTicks > 0) this.#totals.addProduct(bound, upTicks, limited(capacityUpWh[bus]!, bus))
      else if (downTicks > 0) this.#totals.addProduct(bound, downTicks, limited(capacityDownWh[bus]!, bus))
    }
  }
}

function limited(capacityWh: number, bus: number): number {
  assert(capacityWh < Infinity, () => `bus ${bus}: congestion rent on an arc without a limit`)
  return capacityWh
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
