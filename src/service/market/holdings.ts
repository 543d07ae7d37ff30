/**
 * What each member has in each open book: what the store keeps of it, and what is on its way there, so that two requests at
 * once cannot both take what is left of a connection.
 */
import type { Held, OrderDesk } from '../../store/port.ts'

export class Holdings {
  readonly #desk: Pick<OrderDesk, 'held'>
  /** on its way to the store, by {@link keyOf} */
  readonly #underway = new Map<number, Held>()

  constructor(desk: Pick<OrderDesk, 'held'>) {
    this.#desk = desk
  }

  of(participant: number, interval: number): Held {
    const kept = this.#desk.held(participant, interval)
    const underway = this.#underway.get(keyOf(participant, interval))
    return underway ? sumOf(kept, underway) : kept
  }

  /** @param change added when it sets out, taken away when the store has it or refused it */
  add(participant: number, interval: number, change: Held): void {
    const key = keyOf(participant, interval)
    const before = this.#underway.get(key)
    const after = before ? sumOf(before, change) : change
    if (after.placed === 0 && after.standingWh[0] === 0 && after.standingWh[1] === 0)
      this.#underway.delete(key)
    else this.#underway.set(key, after)
  }
}

function sumOf(a: Held, b: Held): Held {
  return {
    standingWh: [a.standingWh[0] + b.standingWh[0], a.standingWh[1] + b.standingWh[1]],
    placed: a.placed + b.placed,
  }
}

/** Intervals have numbers below 2^32, participants below 2^21. */
function keyOf(participant: number, interval: number): number {
  return participant * 2 ** 32 + interval
}
