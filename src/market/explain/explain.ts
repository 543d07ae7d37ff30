/** From a cleared book to why it cleared so: every bus and order, or those that were asked for. */
import { formatScaled } from '../../base/decimal.ts'
import type { ClearedBook } from '../clear-read.ts'
import { rentOf } from './arc-rent.ts'
import { explainBus, explainSteps } from './bus-explanation.ts'
import { Counterparts } from './counterparts.ts'
import type { Explanation, ProofShares, StepExplanation } from './explanation.ts'
import { mergedCurves } from './merged-curves.ts'
import { explainOrder, gainAt } from './order-explanation.ts'

/** Rows of the network and of the book. */
export interface Selection {
  readonly buses: readonly number[]
  readonly orders: readonly number[]
}

export function everything({ book, listedRows }: ClearedBook['read']): Selection {
  return { buses: listedRows, orders: Array.from({ length: book.count }, (_, row) => row) }
}

export function explain(cleared: ClearedBook, selection = everything(cleared.read)): Explanation {
  const { network, book, rule } = cleared.read
  const wanted = new Uint8Array(network.busCount)
  for (const bus of selection.buses) wanted[bus] = 1
  for (const row of selection.orders) wanted[book.bus[row]!] = 1
  const curves = mergedCurves(network, book, wanted)
  const stepsOf = new Map<number, readonly StepExplanation[]>()
  const buses = selection.buses.map((bus) => explainBus(cleared, bus, curves[bus]!))
  selection.buses.forEach((bus, at) => stepsOf.set(bus, buses[at]!.steps))
  const stepOf = (row: number) => {
    const bus = book.bus[row]!
    const steps = stepsOf.get(bus) ?? explainSteps(cleared, bus, curves[bus]!)
    stepsOf.set(bus, steps)
    const at = curves[bus]!.steps.findIndex(
      ({ priceTicks, side }) => priceTicks === book.limitTicks[row] && side === book.side[row],
    )
    return steps[at]!
  }
  const counterparts = new Counterparts(cleared)
  const orders = selection.orders.map((row) => explainOrder(cleared, row, counterparts, stepOf))
  return { rule, proof: proofShares(cleared), buses, orders }
}

/** Summed anew from orders and arcs, apart from the certificate. */
function proofShares(cleared: ClearedBook): ProofShares {
  const { network, book } = cleared.read
  let ordersTickWh = 0n
  for (let row = 0; row < book.count; row++) {
    const gainTicks = gainAt(cleared, row)
    if (gainTicks > 0) ordersTickWh += BigInt(gainTicks) * BigInt(book.quantityWh[row]!)
  }
  let arcsTickWh = 0n
  for (let bus = 1; bus < network.busCount; bus++) arcsTickWh += rentOf(network, cleared.busTicks, bus)
  const cny = (tickWh: bigint) => formatScaled(tickWh, 7)
  return { welfareCny: cny(cleared.proof.welfare), ordersCny: cny(ordersTickWh), arcsCny: cny(arcsTickWh) }
}
