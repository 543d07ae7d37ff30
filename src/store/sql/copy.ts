/** Copies a whole market from one database into another, row by row: between kinds of databases nothing else serves. */
import { type Database, insertAll, type Query, sql, type Value } from './query.ts'
import type { Tables } from './tables.ts'

interface Copied {
  readonly key: readonly string[]
  /** rows at once: few where a row may be large */
  readonly page: number
}

const tables: Readonly<Record<keyof Tables, Copied>> = {
  market: { key: ['id'], page: 1 },
  journal: { key: ['seq'], page: 100 },
  interval: { key: ['interval'], page: 1000 },
  part: { key: ['interval', 'round', 'name'], page: 10 },
  settlement: { key: ['interval', 'round'], page: 1000 },
  carried: { key: ['name'], page: 10 },
  participant: { key: ['id'], page: 1000 },
  access_key: { key: ['id'], page: 1000 },
  reading: { key: ['interval', 'participant', 'version'], page: 1000 },
  statement: { key: ['participant', 'month', 'version'], page: 100 },
  run: { key: ['id'], page: 100 },
  run_file: { key: ['run', 'name'], page: 1 },
  event: { key: ['seq'], page: 1000 },
  audit: { key: ['seq'], page: 1000 },
}

type Row = Record<string, Value>

/** Both in a transaction: `from` sees one moment, `to` keeps all or nothing and is empty. */
export async function copyMarket(from: Database, to: Database): Promise<void> {
  for (const [table, { key, page }] of Object.entries(tables)) {
    const columns = key.join(', ')
    let after: Query = raw('')
    for (;;) {
      const rows = await from.all<Row>(
        sql`select * from ${raw(table)} ${after} order by ${raw(columns)} limit ${page}`,
      )
      if (rows.length > 0) await to.run(insertAll(table as keyof Tables, rows as never))
      if (rows.length < page) break
      const last = rows.at(-1)!
      after = sql`where (${raw(columns)}) > ${key.map((column) => last[column]!)}`
    }
  }
}

function raw(text: string): Query {
  return { text, values: [] }
}
