/** Collecting the orders of an interval: every source places its own in the rows, one source after the other. */
import type { Moment } from './moment.ts'
import { clearRows, makeOrderRows, type OrderRows, type Seats } from './order-rows.ts'

/** Somebody who places orders: the zone's own participants by their strategies, or a market's members from outside. */
export interface OrderSource {
  /** most rows it opens in one interval */
  readonly rowsMax: number
  /** Called at the first interval of each day, before orders are placed. */
  startDay?(moment: Moment): void
  /**
   * Opens its rows; those of earlier sources can be read, as a published book.
   *
   * @param seats its part of the sequence numbers, {@link OrderSource.rowsMax} of them
   */
  place(rows: OrderRows, moment: Moment, seats: Seats): void
}

export class OrderIntake {
  readonly rowsMax: number
  readonly #rows: OrderRows
  readonly #sources: readonly OrderSource[]
  readonly #seats: readonly Seats[]

  constructor(sources: readonly OrderSource[]) {
    const all = rowsOf(sources)
    this.rowsMax = all
    this.#rows = makeOrderRows(all)
    this.#sources = sources
    this.#seats = sources.map((_, index) => ({ first: rowsOf(sources.slice(0, index)), all }))
  }

  startDay(moment: Moment): void {
    for (const source of this.#sources) source.startDay?.(moment)
  }

  /** The rows are the intake's own and filled anew at the next call. */
  collect(moment: Moment): OrderRows {
    const rows = this.#rows
    clearRows(rows)
    for (let index = 0; index < this.#sources.length; index++)
      this.#sources[index]!.place(rows, moment, this.#seats[index]!)
    return rows
  }
}

/** Most rows that sources open together. */
export function rowsOf(sources: readonly OrderSource[]): number {
  return sources.reduce((sum, source) => sum + source.rowsMax, 0)
}
