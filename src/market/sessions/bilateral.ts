/**
 * Bilateral contracts (双边协商): energy at a negotiated price between two buses, registered before anything is matched.
 * Contracts have the arcs first: each is checked against the room that is left and deducted from it. A contract of b Wh
 * upward leaves capacityUp − b upward and adds no room downward, so it can be cancelled without breaking another one.
 *
 * The seller receives the contract's price, the buyer pays the fees of the path on top (过网费, 发改能源〔2017〕1901号). The
 * price is between the two: unless a range is given, it is bounded by what the arithmetic takes.
 */
import type { Fault } from '../../base/errors.ts'
import type { ArcRoom } from './arc-room.ts'
import { Rising } from './rising.ts'
import { arcFault, ownCounterpartFault, priceFault, quantityFault, unknownId } from './session-faults.ts'
import { widestRange, type SessionRange, type SessionTrade } from './session-order.ts'

export interface ContractRequest {
  /** position in the one row of all events, rising; the contract's id from now on */
  readonly sequence: number
  /** rows of the participants */
  readonly seller: number
  readonly buyer: number
  /** rows of the buses */
  readonly sellBus: number
  readonly buyBus: number
  /** whole, above 0 [Wh] */
  readonly quantityWh: number
  /** what the seller receives [0.0001 CNY/kWh] */
  readonly priceTicks: number
}

/** A registered contract; `sellId` and `buyId` are both its id. */
export interface Contract extends SessionTrade {
  readonly id: number
  readonly sellBus: number
  readonly buyBus: number
}

export type ContractAnswer = { readonly contract: Contract } | { readonly fault: Fault }

export class BilateralContracts {
  readonly #room: ArcRoom
  readonly #range: SessionRange
  readonly #contracts = new Map<number, Contract>()
  readonly #events = new Rising()

  constructor(room: ArcRoom, range: SessionRange = widestRange) {
    this.#room = room
    this.#range = range
  }

  /**
   * Registers a contract and takes its room, or refuses it: first for its quantity, then its price, then one participant
   * on both sides, then an arc with too little room ({@link ArcFault}, which names the arc, what was wanted and what is
   * left).
   */
  register(request: ContractRequest): ContractAnswer {
    this.#events.next(request.sequence)
    const fault = this.#fault(request)
    if (fault) return { fault }
    const { sequence: id, sellBus, buyBus, quantityWh, priceTicks } = request
    this.#room.take(sellBus, buyBus, quantityWh)
    const contract: Contract = {
      id,
      sellId: id,
      buyId: id,
      sellOwner: request.seller,
      buyOwner: request.buyer,
      sellBus,
      buyBus,
      quantityWh,
      sellerTicks: priceTicks,
      pathFeeTicks: this.#room.paths.feeTicks(sellBus, buyBus),
    }
    this.#contracts.set(id, contract)
    return { contract }
  }

  /** Ends a contract and returns its room; a rolling book on that room then has to match anew. */
  cancel(id: number): ContractAnswer {
    const contract = this.#contracts.get(id)
    if (!contract) return { fault: unknownId('contract', id) }
    this.#contracts.delete(id)
    this.#room.giveBack(contract.sellBus, contract.buyBus, contract.quantityWh)
    return { contract }
  }

  /** What stands, in the sequence in which it was registered. */
  contracts(): Contract[] {
    return [...this.#contracts.values()]
  }

  #fault({ seller, buyer, sellBus, buyBus, quantityWh, priceTicks }: ContractRequest): Fault | null {
    const wrong = quantityFault(quantityWh) ?? priceFault(priceTicks, this.#range, 'priceTicks')
    if (wrong) return wrong
    if (seller === buyer) return ownCounterpartFault(seller)
    const arc = this.#room.narrowest(sellBus, buyBus, quantityWh)
    return arc && arcFault(arc, this.#room.nameOf(arc.bus))
  }
}
