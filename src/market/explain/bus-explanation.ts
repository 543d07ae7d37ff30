/** A bus's curve, where its net export crosses it, what holds the ends of its price range, and its arc. */
import { formatScaled } from '../../base/decimal.ts'
import { assert } from '../../base/errors.ts'
import { sellSide } from '../book.ts'
import type { Clearing } from '../clear.ts'
import type { ClearedBook } from '../clear-read.ts'
import { clip } from '../prices.ts'
import type { ReadBook } from '../read-book.ts'
import { arcRent, rentOf } from './arc-rent.ts'
import type { ArcExplanation, BusExplanation, Claimant, PriceBound, StepExplanation } from './explanation.ts'
import type { Claim, Curve, CurveStep } from './merged-curves.ts'

export function explainBus(cleared: ClearedBook, bus: number, curve: Curve): BusExplanation {
  const { read, clearing, busTicks } = cleared
  const flowUpWh = clearing.flowUpWh[bus]! + 0
  return {
    bus: read.busIds[bus]!,
    priceTicks: busTicks[bus]!,
    priceLowTicks: clip(clearing.priceLowTicks[bus]!, read.range),
    priceHighTicks: clip(clearing.priceHighTicks[bus]!, read.range),
    lowBy: priceBound(cleared, bus, curve, 'low'),
    highBy: priceBound(cleared, bus, curve, 'high'),
    traded: clearing.traded[bus] === 1,
    flowUpWh,
    demandWh: curve.demandWh,
    supplyWh: curve.supplyWh,
    steps: explainSteps(cleared, bus, curve),
    arc: bus === 0 ? null : explainArc(cleared, bus, curve),
  }
}

/**
 * Steps before the crossing are on, those behind it off, and the one it lies in is on in part. A sell that is on trades,
 * and so does a buy that is off.
 */
export function explainSteps(cleared: ClearedBook, bus: number, curve: Curve): StepExplanation[] {
  const claimantsOf = new ClaimShares(cleared, curve)
  let net = -curve.demandWh
  return curve.steps.map((step) => {
    const fromWh = net + 0
    net += step.energyWh
    const onWh = Math.min(step.energyWh, Math.max(0, cleared.clearing.flowUpWh[bus]! - fromWh))
    const acceptedWh = step.side === sellSide ? onWh : step.energyWh - onWh
    const claimants = claimantsOf.share(step)
    assert(
      claimants.reduce((sum, claimant) => sum + claimant.acceptedWh, 0) === acceptedWh,
      () => `bus ${bus}: claimants of the step at ${step.priceTicks} do not make up ${acceptedWh} Wh`,
    )
    return {
      priceTicks: step.priceTicks,
      side: step.side === sellSide ? 'sell' : 'buy',
      energyWh: step.energyWh,
      fromWh,
      toWh: net + 0,
      acceptedWh,
      claimants,
    }
  })
}

/**
 * Who has how much of each step. A child's arc has on what its flow is above what it takes at the lowest price, the
 * steps of the lowest price first.
 */
class ClaimShares {
  readonly #cleared: ClearedBook
  readonly #leftOnWh = new Map<number, number>()

  constructor(cleared: ClearedBook, { takesWh }: Curve) {
    this.#cleared = cleared
    for (const [child, taken] of takesWh) this.#leftOnWh.set(child, cleared.clearing.flowUpWh[child]! + taken)
  }

  /** To be asked step by step, in the sequence of the curve. */
  share({ side, claims }: CurveStep): Claimant[] {
    return claims.map((claim) => (claim.child < 0 ? this.#own(claim) : this.#arc(claim, side)))
  }

  #own({ energyWh, rows }: Claim): Claimant {
    const { read, clearing } = this.#cleared
    const row = rows[0]!
    return { order: read.orderIds[row]!, energyWh, acceptedWh: clearing.acceptedWh[row]! }
  }

  #arc({ child, energyWh, shiftTicks, rows }: Claim, side: number): Claimant {
    const { busIds, orderIds } = this.#cleared.read
    const leftWh = this.#leftOnWh.get(child)!
    const onWh = Math.min(energyWh, leftWh)
    this.#leftOnWh.set(child, leftWh - onWh)
    return {
      arc: busIds[child]!,
      energyWh,
      acceptedWh: side === sellSide ? onWh : energyWh - onWh,
      shiftTicks,
      orders: rows.map((row) => orderIds[row]!),
    }
  }
}

/**
 * What holds an end of the range: the step of the curve next to the net export, or the parent's end shifted by the fee
 * where the arc ties the two together, and floor and cap beyond either.
 */
function priceBound({ read, clearing }: ClearedBook, bus: number, curve: Curve, end: End): PriceBound {
  const { floorTicks, capTicks } = read.range
  const sign = end === 'low' ? 1 : -1
  const own = stepAtFlow(curve, clearing.flowUpWh[bus]!, end)
  const parent = tieToParent(read, clearing, bus, end)
  const tied = parent ? parent.priceTicks + parent.feeTicks : -sign * Infinity
  const ticks = sign * Math.max(sign * own, sign * tied)
  const settled = (end === 'low' ? clearing.priceLowTicks : clearing.priceHighTicks)[bus]!
  assert(ticks === settled, () => `bus ${bus}: its curve says ${end} ${ticks}, the clearing ${settled}`)
  if (ticks < floorTicks) return { by: 'floor' }
  if (ticks > capTicks) return { by: 'cap' }
  return own === ticks ? { by: 'step', priceTicks: own } : { by: 'parent', ...parent! }
}

type End = 'low' | 'high'

/** Price of the step that ends at the flow or contains it, from below; of the one that begins there, from above. */
function stepAtFlow({ steps, demandWh }: Curve, flowUpWh: number, end: End): number {
  let net = -demandWh
  for (const { priceTicks, energyWh } of steps) {
    const fromWh = net
    net += energyWh
    const holds = end === 'low' ? fromWh < flowUpWh && flowUpWh <= net : fromWh <= flowUpWh && flowUpWh < net
    if (holds) return priceTicks
  }
  return end === 'low' ? -Infinity : Infinity
}

/** The parent's end and the fee between the two; null where the bus may be further off, its arc being full. */
function tieToParent({ network, busIds }: ReadBook, clearing: Clearing, bus: number, end: End) {
  if (bus === 0) return null
  const above = network.parent[bus]!
  const flow = clearing.flowUpWh[bus]!
  const ends = end === 'low' ? clearing.priceLowTicks : clearing.priceHighTicks
  const tie = (feeTicks: number) => ({ bus: busIds[above]!, priceTicks: ends[above]!, feeTicks })
  const down = end === 'low' ? flow < 0 : flow <= 0 && flow > -network.capacityDownWh[bus]!
  if (down) return tie(network.feeDownTicks[bus]!)
  const up = end === 'low' ? flow >= 0 && flow < network.capacityUpWh[bus]! : flow > 0
  return up ? tie(0 - network.feeUpTicks[bus]!) : null
}

function explainArc({ read, clearing, busTicks }: ClearedBook, bus: number, curve: Curve): ArcExplanation {
  const { network, busIds } = read
  const flow = clearing.flowUpWh[bus]!
  const capacityUpWh = network.capacityUpWh[bus]!
  const capacityDownWh = network.capacityDownWh[bus]!
  const rent = arcRent(network, busTicks, bus)
  return {
    parent: busIds[network.parent[bus]!]!,
    feeUpTicks: network.feeUpTicks[bus]!,
    feeDownTicks: network.feeDownTicks[bus]!,
    capacityUpWh: Number.isFinite(capacityUpWh) ? capacityUpWh : null,
    capacityDownWh: Number.isFinite(capacityDownWh) ? capacityDownWh : null,
    cutUpWh: Math.max(0, curve.supplyWh - capacityUpWh),
    cutDownWh: Math.max(0, curve.demandWh - capacityDownWh),
    fullUp: flow === capacityUpWh,
    fullDown: -flow === capacityDownWh,
    rentUpTicks: rent.upTicks,
    rentDownTicks: rent.downTicks,
    rentCny: formatScaled(rentOf(network, busTicks, bus), 7),
  }
}
