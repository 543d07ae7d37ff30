/** Columns that grow as rows are added. Rows are written into `columns` by hand, so that no object travels. */
import type { ColumnsOf, Types } from './columns.ts'

type Growing<Of extends Types> = { -readonly [Name in keyof Of]: InstanceType<Of[Name]> }

export class ColumnBuffer<Of extends Types> {
  readonly columns: Growing<Of>
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

  #made(length: number): Growing<Of> {
    const columns = Object.entries(this.#types).map(([name, type]) => {
      const memory = new this.#Memory(length * type.BYTES_PER_ELEMENT)
      return [name, new type(memory as ArrayBuffer, 0, length)]
    })
    return Object.fromEntries(columns) as Growing<Of>
  }

  #grow(): void {
    this.#capacity *= 2
    const longer = this.#made(this.#capacity)
    for (const name of Object.keys(this.#types) as (keyof Of)[]) {
      const column = longer[name] as unknown as { set(from: unknown): void }
      column.set(this.columns[name])
      this.columns[name] = longer[name]
    }
  }
}
