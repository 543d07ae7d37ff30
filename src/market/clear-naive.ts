/**
 * The clearing as one would write it with nothing but the definition at hand: lists of steps as objects, sorted anew
 * at every bus. It is the readable twin of {@link ClearingEngine} and agrees with it order by order.
 */
import type { Network } from '../grid/network.ts'
import { sellSide, type Book } from './book.ts'

interface Step {
  readonly price: number
  /** 0 sell, 1 buy */
  readonly kind: number
  readonly energy: number
  readonly sequence: number
  readonly from: { readonly order: number } | { readonly child: number }
}

export interface NaiveClearing {
  readonly accepted: number[]
  readonly flowUp: number[]
  readonly low: number[]
  readonly high: number[]
}

export function clearNaively(network: Network, book: Book): NaiveClearing {
  const buses = Array.from({ length: network.busCount }, (_, bus) => bus)
  const childrenOf = (bus: number) => buses.filter((child) => network.parent[child] === bus)
  const curves: Step[][] = []
  const demand: number[] = []
  const imported: number[] = []
  for (const bus of buses.toReversed()) {
    const own = ownSteps(book, bus)
    const below = childrenOf(bus).flatMap((child) =>
      seenFromAbove(network, child, curves[child]!, demand[child]!),
    )
    curves[bus] = [...own, ...below].sort((a, b) => a.price - b.price || a.kind - b.kind)
    const ownDemand = own.filter((step) => step.kind === 1).reduce((sum, step) => sum + step.energy, 0)
    demand[bus] = ownDemand + childrenOf(bus).reduce((sum, child) => sum + imported[child]!, 0)
    imported[bus] = Math.min(demand[bus]!, network.capacityDownWh[bus]!)
  }
  const accepted = Array.from({ length: book.count }, () => 0)
  const flowUp = buses.map(() => 0)
  const low = buses.map(() => -Infinity)
  const high = buses.map(() => Infinity)
  for (const bus of buses) {
    const on = switchedOn(curves[bus]!, flowUp[bus]! + demand[bus]!)
    for (const child of childrenOf(bus)) flowUp[child] = -imported[child]!
    curves[bus]!.forEach((step, index) => {
      if ('child' in step.from) flowUp[step.from.child]! += on[index]!
      else accepted[step.from.order] = step.kind === 0 ? on[index]! : step.energy - on[index]!
    })
    bound(network, bus, curves[bus]!, flowUp[bus]! + demand[bus]!, flowUp[bus]!, low, high)
  }
  return { accepted, flowUp, low, high }
}

function ownSteps(book: Book, bus: number): Step[] {
  return Array.from({ length: book.count }, (_, order) => order)
    .filter((order) => book.bus[order] === bus && book.quantityWh[order]! > 0)
    .map((order) => ({
      price: book.limitTicks[order]!,
      kind: book.side[order] === sellSide ? 0 : 1,
      energy: book.quantityWh[order]!,
      sequence: book.sequence[order]!,
      from: { order },
    }))
}

/** Cuts a curve at its zero crossing and at the arc's capacities, and moves the parts by the fees. */
function seenFromAbove(network: Network, child: number, curve: readonly Step[], demand: number): Step[] {
  const ranges = [
    { from: -network.capacityDownWh[child]!, to: 0, shift: -network.feeDownTicks[child]! },
    { from: 0, to: network.capacityUpWh[child]!, shift: network.feeUpTicks[child]! },
  ]
  let net = -demand
  return curve.flatMap((step) => {
    const start = net
    net += step.energy
    return ranges.flatMap(({ from, to, shift }) => {
      const energy = Math.min(net, to) - Math.max(start, from)
      return energy > 0 ? [{ ...step, price: step.price + shift, energy, from: { child } }] : []
    })
  })
}

/** How much of each step is on when `level` energy is switched on in all, ties shared claimant by claimant. */
function switchedOn(curve: readonly Step[], level: number): number[] {
  const on = curve.map(() => 0)
  let left = level
  for (let first = 0; first < curve.length;) {
    const group = curve.flatMap((step, index) =>
      step.price === curve[first]!.price && step.kind === curve[first]!.kind ? [index] : [],
    )
    const total = group.reduce((sum, index) => sum + curve[index]!.energy, 0)
    shareGroup(curve, group, total, Math.min(left, total), on)
    left -= Math.min(left, total)
    first += group.length
  }
  return on
}

function shareGroup(
  curve: readonly Step[],
  group: readonly number[],
  total: number,
  onInGroup: number,
  on: number[],
): void {
  const keys = [...new Set(group.map((index) => claimantOf(curve[index]!)))]
  const parts = keys.map((key) => group.filter((index) => claimantOf(curve[index]!) === key))
  const weights = parts.map((part) => part.reduce((sum, index) => sum + curve[index]!.energy, 0))
  const ranks = parts.map((part) => Math.min(...part.map((index) => curve[index]!.sequence)))
  const selling = curve[group[0]!]!.kind === 0
  const shares = largestRemainder(selling ? onInGroup : total - onInGroup, weights, ranks)
  parts.forEach((part, claim) => {
    let left = selling ? shares[claim]! : weights[claim]! - shares[claim]!
    for (const index of part) {
      on[index] = Math.min(left, curve[index]!.energy)
      left -= on[index]!
    }
  })
}

function claimantOf(step: Step): string {
  return 'child' in step.from ? `child ${step.from.child}` : `order ${step.from.order}`
}

function largestRemainder(available: number, weights: readonly number[], ranks: readonly number[]): number[] {
  const total = BigInt(weights.reduce((sum, weight) => sum + weight, 0))
  const exact = weights.map((weight) => BigInt(available) * BigInt(weight))
  const shares = exact.map((product) => Number(product / total))
  const missing = available - shares.reduce((sum, share) => sum + share, 0)
  const order = weights.map((_, claim) => claim)
  order.sort((a, b) => Number((exact[b]! % total) - (exact[a]! % total)) || ranks[a]! - ranks[b]!)
  for (const claim of order.slice(0, missing)) shares[claim]!++
  return shares
}

/** The prices at which the curve contains the settled flow, within what the parent's range allows. */
function bound(
  network: Network,
  bus: number,
  curve: readonly Step[],
  level: number,
  flow: number,
  low: number[],
  high: number[],
): void {
  const prices = [...new Set(curve.map((step) => step.price))]
  const upTo = (limit: number) =>
    curve.filter((step) => step.price <= limit).reduce((sum, step) => sum + step.energy, 0)
  low[bus] = level === 0 ? -Infinity : prices.find((price) => upTo(price) >= level)!
  high[bus] = prices.find((price) => upTo(price) > level) ?? Infinity
  if (bus === 0) return
  const above = network.parent[bus]!
  const [up, down] = [network.feeUpTicks[bus]!, network.feeDownTicks[bus]!]
  if (flow < 0) low[bus] = Math.max(low[bus]!, low[above]! + down)
  else if (flow < network.capacityUpWh[bus]!) low[bus] = Math.max(low[bus]!, low[above]! - up)
  if (flow > 0) high[bus] = Math.min(high[bus]!, high[above]! - up)
  else if (flow > -network.capacityDownWh[bus]!) high[bus] = Math.min(high[bus]!, high[above]! + down)
}
