/** Queries on a PostgreSQL connection, or on a pool of them. */
import type pg from 'pg'
import type { Database, Query } from '../sql/query.ts'

export class PostgresDatabase implements Database {
  readonly #client: () => Pick<pg.Client, 'query'>

  /** @param client the connection to ask at the moment */
  constructor(client: () => Pick<pg.Client, 'query'>) {
    this.#client = client
  }

  async all<Row>(query: Query): Promise<Row[]> {
    return (await this.#ask(query)).rows as Row[]
  }

  async run(query: Query): Promise<number> {
    return (await this.#ask(query)).rowCount ?? 0
  }

  async script(text: string): Promise<void> {
    await this.#client().query(text)
  }

  #ask({ text, values }: Query): Promise<pg.QueryResult> {
    return this.#client().query(numbered(text), [...values])
  }
}

const known = new Map<string, string>()
const knownMax = 500

/** `$1`, `$2`, … for the signs of the values; no text of ours has a question mark elsewhere. */
function numbered(text: string): string {
  let made = known.get(text)
  if (made === undefined) {
    let value = 0
    made = text.replace(/\?/g, () => `$${++value}`)
    if (known.size < knownMax) known.set(text, made)
  }
  return made
}
