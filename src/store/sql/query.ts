/**
 * SQL as it is written, with its values beside it. One text serves both databases: what differs is the sign for a value,
 * which the engine puts in.
 */
import type { Tables } from './tables.ts'

export type Value = number | string | Uint8Array | null

export interface Query {
  /** a `?` stands for each value */
  readonly text: string
  readonly values: readonly Value[]
}

/** What runs queries: a connection of either database. */
export interface Database {
  all<Row>(query: Query): Promise<Row[]>
  /** @returns how many rows were changed */
  run(query: Query): Promise<number>
  /** Statements without values. */
  script(text: string): Promise<void>
}

/** `sql\`… where seq > ${seq}\``; a list becomes `(?, ?, …)`, another query is put in as it is. */
export function sql(
  parts: TemplateStringsArray,
  ...put: readonly (Value | readonly Value[] | Query)[]
): Query {
  let text = parts[0]!
  const values: Value[] = []
  for (const [at, value] of put.entries()) {
    const query = isQuery(value) ? value : valueQuery(value)
    text += query.text + parts[at + 1]!
    values.push(...query.values)
  }
  return { text, values }
}

/** `insert into TABLE (…) values (…)`, every column of the table. */
export function insert<Name extends keyof Tables>(table: Name, row: Tables[Name]): Query {
  return insertAll(table, [row])
}

/** One statement for several rows. */
export function insertAll<Name extends keyof Tables>(table: Name, rows: readonly Tables[Name][]): Query {
  const columns = Object.keys(rows[0]!)
  const values = rows.flatMap((row) => Object.values(row) as Value[])
  const lists = rows.map(() => signs(columns.length)).join(', ')
  return { text: `insert into ${table} (${columns.join(', ')}) values ${lists}`, values }
}

export async function first<Row>(db: Database, query: Query): Promise<Row | undefined> {
  const [row] = await db.all<Row>(query)
  return row
}

function isQuery(value: Value | readonly Value[] | Query): value is Query {
  return typeof value === 'object' && value !== null && 'text' in value
}

function valueQuery(value: Value | readonly Value[]): Query {
  if (Array.isArray(value)) return { text: signs(value.length), values: value as readonly Value[] }
  return { text: '?', values: [value as Value] }
}

function signs(count: number): string {
  return `(${Array.from({ length: count }, () => '?').join(', ')})`
}
