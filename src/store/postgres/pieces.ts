/**
 * Large values go to the server in pieces. The client copies a statement with all its values and hands it to the socket in
 * one go, so that the record of a gate of 200,000 orders would hold up everybody else for as long as some megabytes take. Pieces
 * are put aside in a temporary table, between two of which others have their turn, and the server puts them together.
 */
import type { Database, Query, Value } from '../sql/query.ts'

export const pieceBytes = 1024 * 1024

const right = "select has_database_privilege(current_database(), 'TEMP') as granted"
/** Of the connection, or of the transaction where that is undone. */
const table =
  'create temporary table if not exists piece (value integer, start integer, bytes bytea) on commit delete rows;' +
  // They are there for a moment: to try and compress them would take longer than all else.
  'alter table piece alter column bytes set storage external'

/** Of a transaction that is open: what is put aside goes with it. */
export class PieceByPiece implements Database {
  readonly #db: Database
  /** whether the database lets us have temporary tables, once it was asked */
  #mayStage: boolean | undefined
  #staged = 0

  constructor(db: Database) {
    this.#db = db
  }

  async all<Row>(query: Query): Promise<Row[]> {
    return this.#db.all(await this.#inPieces(query))
  }

  async run(query: Query): Promise<number> {
    return this.#db.run(await this.#inPieces(query))
  }

  script(text: string): Promise<void> {
    return this.#db.script(text)
  }

  async #inPieces(query: Query): Promise<Query> {
    if (!query.values.some(isLarge) || !(await this.#isAllowed())) return query
    await this.#db.script(table)
    const parts = query.text.split('?')
    let text = parts[0]!
    const values: Value[] = []
    for (const [at, value] of query.values.entries()) {
      text += isLarge(value) ? joined(await this.#stage(value)) : '?'
      text += parts[at + 1]!
      if (!isLarge(value)) values.push(value)
    }
    return { text, values }
  }

  async #isAllowed(): Promise<boolean> {
    if (this.#mayStage === undefined) {
      const [row] = await this.#db.all<{ granted: boolean }>({ text: right, values: [] })
      this.#mayStage = row!.granted
    }
    return this.#mayStage
  }

  /** @returns the number the value is put aside under */
  async #stage(value: Uint8Array): Promise<number> {
    const number = this.#staged++
    for (let from = 0; from < value.length; from += pieceBytes) {
      const bytes = value.subarray(from, from + pieceBytes)
      await this.#db.run({ text: 'insert into piece values (?, ?, ?)', values: [number, from, bytes] })
    }
    return number
  }
}

function isLarge(value: Value): value is Uint8Array {
  return value instanceof Uint8Array && value.length > pieceBytes
}

function joined(number: number): string {
  return `(select string_agg(bytes, ''::bytea order by start) from piece where value = ${number})`
}
