/**
 * What is owed the deviation pool (偏差电费) on positions of two auctions: a participant's shortfall is its accepted energy of both
 * less its meter, counted once. It stands on the pairs that were agreed last, as they were served last.
 */
import { chargedInTurn } from '../settlement/deviation.ts'
import { DeviationCharges } from './deviation-charges.ts'
import type { Moment } from './moment.ts'
import { enterpriseRow, sellerRow, storageRow } from './order-rows.ts'
import type { Outcome } from './outcome.ts'
import type { Readings } from './readings.ts'
import type { Roster } from './roster.ts'
import type { RunState } from './run-state.ts'

/** By participant: accepted, then charged, in each of the two auctions [Wh]. */
interface Turns {
  readonly earlierWh: Float64Array
  readonly laterWh: Float64Array
}

export class PositionCharges {
  readonly #charges: DeviationCharges
  readonly #freeShare: number
  /** by kind of row; batteries do what they trade and owe nothing */
  readonly #turns: readonly Turns[]

  constructor(state: RunState, roster: Roster) {
    this.#charges = new DeviationCharges(state, roster)
    this.#freeShare = state.world.zone.deviation.freeShare
    const turns: Turns[] = []
    turns[enterpriseRow] = openTurns(state.world.buyers.length)
    turns[sellerRow] = openTurns(state.sellers.length)
    turns[storageRow] = openTurns(state.world.zone.storages.length)
    this.#turns = turns
  }

  charge(ahead: Outcome, intraday: Outcome, moment: Moment, readings: Readings): void {
    this.#takePositions(ahead, 'earlierWh')
    this.#takePositions(intraday, 'laterWh')
    this.#toCharges(this.#turns[enterpriseRow]!, readings.boughtWh)
    this.#toCharges(this.#turns[sellerRow]!, readings.sentWh)
    this.#turns[storageRow]!.laterWh.fill(0)
    this.#post(ahead, 'earlierWh', moment)
    this.#post(intraday, 'laterWh', moment)
  }

  #takePositions({ rows, clearing }: Outcome, turn: keyof Turns): void {
    for (const turns of this.#turns) turns[turn].fill(0)
    for (let row = 0; row < rows.book.count; row++) {
      this.#turns[rows.kind[row]!]![turn][rows.who[row]!]! += clearing.acceptedWh[row]!
    }
  }

  /** Puts what is charged in the place of what was accepted. */
  #toCharges({ earlierWh, laterWh }: Turns, meteredWh: Int32Array): void {
    for (let who = 0; who < meteredWh.length; who++) {
      const accepted = { earlierWh: earlierWh[who]!, laterWh: laterWh[who]! }
      const charged = chargedInTurn(accepted, meteredWh[who]!, this.#freeShare)
      earlierWh[who] = charged.earlierWh
      laterWh[who] = charged.laterWh
    }
  }

  #post(outcome: Outcome, turn: keyof Turns, moment: Moment): void {
    const { rows, pairs } = outcome
    const chargedWh = (row: number) => this.#turns[rows.kind[row]!]![turn][rows.who[row]!]!
    for (let pair = 0; pair < pairs.count; pair++) {
      const sellWh = chargedWh(pairs.sell[pair]!)
      const buyWh = chargedWh(pairs.buy[pair]!)
      if (sellWh > 0 || buyWh > 0) this.#charges.post(outcome, pair, moment, sellWh, buyWh)
    }
  }
}

function openTurns(participants: number): Turns {
  return { earlierWh: new Float64Array(participants), laterWh: new Float64Array(participants) }
}
