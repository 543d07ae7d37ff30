/** Columns that grow as rows are added. Rows are written into `columns` by hand, so that no object travels. */
import { columnsIn, rowBytes, type ColumnsOf, type Named, type Types } from './columns.ts'

/** Memory that is not touched costs little, and what was outgrown is copied and given back. */
const growth = 4

export class ColumnBuffer<Of extends Types> {
  columns: Named<Of>
  count = 0
  readonly #types: Of
  readonly #Memory: ArrayBufferConstructor | SharedArrayBufferConstructor
  #capacity: number

  /** @param Memory `SharedArrayBuffer` where other threads shall read the rows */
  constructor(
    types: Of,
    capacity = 64,
    Memory: ArrayBufferConstructor | SharedArrayBufferConstructor = ArrayBuffer,
  ) {
    this.#types = types
    this.#Memory = Memory
    this.#capacity = capacity
    this.columns = this.#made(capacity)
  }

  /** Opens the next row and gives its number; its columns hold whatever stood there before. */
  add(): number {
    if (this.count === this.#capacity) this.#grow()
    return this.count++
  }

  /** The rows so far, as views: they last until the next row. */
  rows(): ColumnsOf<Of> {
    return { count: this.count, ...this.columns }
  }

  /** Columns of one piece of memory: every piece costs far more than its bytes. */
  #made(length: number): Named<Of> {
    const layout = { types: this.#types }
    const memory = new this.#Memory(length * rowBytes(layout))
    return columnsIn(layout, memory, 0, length)
  }

  #grow(): void {
    this.#capacity *= growth
    const longer = this.#made(this.#capacity)
    for (const name of Object.keys(this.#types) as (keyof Of)[]) {
      const column = longer[name] as unknown as { set(from: unknown): void }
      column.set(this.columns[name])
    }
    this.columns = longer
  }
}
