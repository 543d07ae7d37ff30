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
import { buySide, type Orders } from './book.ts'

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

/**
 * Sums of a proof as doubles. They are exact while `size`, the sum of all addends without their signs, is a safe whole
 * number; what adds to them keeps that count.
 */
export class ProofSums {
  welfare = 0
  bound = 0
  fees = 0
  size = 0

  begin(): void {
    this.welfare = 0
    this.bound = 0
    this.fees = 0
    this.size = 0
  }

  get isExact(): boolean {
    return this.size <= Number.MAX_SAFE_INTEGER
  }

  get holds(): boolean {
    return this.welfare - this.fees === this.bound
  }

  certificate(): Certificate {
    return {
      welfare: BigInt(this.welfare - this.fees),
      dualBound: BigInt(this.bound),
      wheelingFees: BigInt(this.fees),
    }
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
      welfare += worth
      bound += gain
      size += Math.abs(worth) + gain
    }
    this.welfare += welfare
    this.bound += bound
    this.size += size
  }

  /** Adds the fees on flows, and the rent of arcs whose ends are farther apart than the fee. */
  addArcs(network: Network, flowUpWh: Float64Array, priceTicks: Float64Array): void {
    const { parent, feeUpTicks, feeDownTicks, capacityUpWh, capacityDownWh } = network
    for (let bus = 1; bus < network.busCount; bus++) {
      const flow = flowUpWh[bus]!
      const gap = priceTicks[parent[bus]!]! - priceTicks[bus]!
      const fee = flow > 0 ? feeUpTicks[bus]! * flow : feeDownTicks[bus]! * (0 - flow)
      const rent =
        rentOf(gap - feeUpTicks[bus]!, capacityUpWh[bus]!, bus) +
        rentOf(-gap - feeDownTicks[bus]!, capacityDownWh[bus]!, bus)
      this.fees += fee
      this.bound += rent
      this.size += fee + rent
    }
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
  return sums.isExact ? sums.certificate() : certifyLarge(network, orders, cleared, priceTicks)
}

/** The same in BigInt throughout. */
function certifyLarge(
  network: Network,
  orders: Orders,
  { acceptedWh, flowUpWh }: ClearedOrders,
  priceTicks: Float64Array,
): Certificate {
  let welfare = 0n
  let dualBound = 0n
  for (let row = 0; row < orders.count; row++) {
    const sign = orders.side[row] === buySide ? 1 : -1
    const limit = orders.limitTicks[row]!
    welfare += BigInt(sign * limit) * BigInt(acceptedWh[row]!)
    const gain = sign * (limit - priceTicks[orders.bus[row]!]!)
    if (gain > 0) dualBound += BigInt(gain) * BigInt(orders.quantityWh[row]!)
  }
  let wheelingFees = 0n
  const { parent, feeUpTicks, feeDownTicks, capacityUpWh, capacityDownWh } = network
  const addRent = (rentTicks: number, capacityWh: number, bus: number) => {
    if (rentTicks > 0) dualBound += BigInt(rentTicks) * BigInt(limited(capacityWh, bus))
  }
  for (let bus = 1; bus < network.busCount; bus++) {
    const flow = flowUpWh[bus]!
    wheelingFees += BigInt(flow > 0 ? feeUpTicks[bus]! : feeDownTicks[bus]!) * BigInt(Math.abs(flow))
    const gap = priceTicks[parent[bus]!]! - priceTicks[bus]!
    addRent(gap - feeUpTicks[bus]!, capacityUpWh[bus]!, bus)
    addRent(-gap - feeDownTicks[bus]!, capacityDownWh[bus]!, bus)
  }
  return { welfare: welfare - wheelingFees, dualBound, wheelingFees }
}

function rentOf(rentTicks: number, capacityWh: number, bus: number): number {
  return rentTicks > 0 ? rentTicks * limited(capacityWh, bus) : 0
}

function limited(capacityWh: number, bus: number): number {
  assert(Number.isFinite(capacityWh), () => `bus ${bus}: congestion rent on an arc without a limit`)
  return capacityWh
}
