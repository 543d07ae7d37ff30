/**
 * How much each member has standing in each open book, so that an order is checked without looking at all the others. The
 * numbers come from the store, are kept up with what passes through this process, and are read again after a while, since
 * other processes take orders too.
 */
import type { OrderDesk, StoredOrder } from '../../store/port.ts'

export interface Holding {
  /** live orders by side, buys first [Wh] */
  readonly standingWh: [number, number]
  /** placed so far, cancelled ones too */
  placed: number
}

interface Kept extends Holding {
  readAtMs: number
}

const staleAfterMs = 10_000

export class Holdings {
  readonly #desk: Pick<OrderDesk, 'ofParticipant'>
  readonly #now: () => number
  /** by interval, then by participant */
  readonly #kept = new Map<number, Map<number, Kept>>()
  #forgotten = 0

  /** @param now the wall clock [ms] */
  constructor(desk: Pick<OrderDesk, 'ofParticipant'>, now: () => number) {
    this.#desk = desk
    this.#now = now
  }

  of(participant: number, interval: number): Holding {
    const ofInterval = this.#kept.get(interval) ?? new Map<number, Kept>()
    this.#kept.set(interval, ofInterval)
    const kept = ofInterval.get(participant)
    const nowMs = this.#now()
    if (kept && nowMs - kept.readAtMs < staleAfterMs) return kept
    const fresh = { ...holdingOf(this.#desk.ofParticipant(participant, interval)), readAtMs: nowMs }
    ofInterval.set(participant, fresh)
    return fresh
  }

  /** Intervals before this one take no orders any more. */
  forget(before: number): void {
    if (before === this.#forgotten) return
    this.#forgotten = before
    for (const interval of this.#kept.keys()) if (interval < before) this.#kept.delete(interval)
  }
}

/** Strategies' orders are no holding of their member: they give way to its own. */
function holdingOf(orders: readonly StoredOrder[]): Holding {
  const standingWh: [number, number] = [0, 0]
  const own = orders.filter(({ origin }) => origin === 0)
  for (const { side, quantityWh, state } of own) if (state === 'live') standingWh[side] += quantityWh
  return { standingWh, placed: own.length }
}
