/**
 * The writing connection of a PostgreSQL market. The market's lock is an advisory one, held to the end of each
 * transaction: processes write one after another, as threads on a SQLite file do, and read each other's journal in
 * order. Opening a group takes one round trip to the server, keeping it another one.
 */
import type pg from 'pg'
import type { JournalRow } from '../journal/events.ts'
import { StoreFault } from '../fault.ts'
import type { NewKeys, TakenKey, Writer } from '../sql/writer.ts'
import { clientConfig, connect, type ConnectOptions, marketLock } from './client.ts'
import { PostgresDatabase } from './database.ts'
import { postgresFault } from './faults.ts'

export class PostgresWriter implements Writer {
  readonly db: PostgresDatabase
  readonly #config: pg.ClientConfig
  readonly #tell: string
  #client: pg.Client | undefined
  #open = false
  /** statements on their way, in order */
  #sent: Promise<void> = Promise.resolve()

  /** @param token names this process in what it tells others */
  constructor(options: ConnectOptions, token: string) {
    this.#config = { ...clientConfig(options), pipeline: true }
    this.#tell = `notify overwall, '${token}'; `
    this.db = new PostgresDatabase(
      () => this.#client!,
      () => this.#sent,
    )
  }

  async begin(afterSeq?: number): Promise<JournalRow[]> {
    const client = (this.#client ??= await this.#connect())
    this.#open = true
    this.#sent = Promise.resolve()
    const news = `; select seq, at_ms as "atMs", bytes from journal where seq > ${afterSeq} order by seq`
    const results = (await client.query(
      `begin; select pg_advisory_xact_lock(${marketLock})${afterSeq === undefined ? '' : news}`,
    )) as unknown as pg.QueryResult<JournalRow>[]
    return afterSeq === undefined ? [] : results[2]!.rows
  }

  async putJournal({ seq, atMs, bytes }: JournalRow): Promise<void> {
    this.#send('insert into journal (seq, at_ms, bytes) values ($1, $2, $3)', [seq, atMs, bytes])
  }

  async putKeys(keys: NewKeys, { seq, atMs }: { seq: number; atMs: number }): Promise<TakenKey[]> {
    const columns = [keys.participant, keys.keyHash, keys.bodyHash, keys.first, keys.count]
    const { rows } = await this.#client!.query<Omit<TakenKey, 'row'> & JournalRow>(
      `select participant, key_hash as "keyHash", old.body_hash as "bodyHash", old.first, old.count,
              journal.seq, journal.at_ms as "atMs", journal.bytes
         from unnest($1::bigint[], $2::text[]) as asked (participant, key_hash)
         join idempotency as old using (participant, key_hash)
         join journal using (seq)`,
      columns.slice(0, 2),
    )
    if (rows.length > 0)
      return rows.map(({ seq, atMs, bytes, ...key }) => ({ ...key, row: { seq, atMs, bytes } }))
    this.#send(
      `insert into idempotency (participant, key_hash, body_hash, first, count, seq, at_ms)
       select *, $6::bigint, $7::bigint from unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[], $5::bigint[])`,
      [...columns, seq, atMs],
    )
    return []
  }

  async commit(tell: boolean): Promise<void> {
    const committing = this.#client!.query(`${tell ? this.#tell : ''}commit`)
    const results = await this.#sent.then(
      () => this.#committed(committing),
      async (error: unknown) => {
        await committing.catch(() => {})
        throw error
      },
    )
    this.#open = false
    const last = [results].flat().at(-1)!
    if (last.command !== 'COMMIT') throw new Error(`a transaction ended with ${last.command}`)
  }

  async rollback(): Promise<void> {
    if (!this.#open) return
    this.#open = false
    await this.#client?.query('rollback')
  }

  fault(error: unknown): unknown {
    return postgresFault(error)
  }

  async close(): Promise<void> {
    await this.#client?.end()
  }

  /** A connection that is cut now leaves open whether the transaction was kept. */
  async #committed(committing: Promise<pg.QueryResult>): Promise<pg.QueryResult> {
    try {
      return await committing
    } catch (error) {
      if (this.#client) throw error
      throw new StoreFault('unsure', 'the connection was cut while a transaction was being kept', error)
    }
  }

  #send(text: string, values: unknown[]): void {
    const sent = this.#client!.query(text, values)
    this.#sent = Promise.all([this.#sent, sent]).then(() => {})
    this.#sent.catch(() => {})
  }

  async #connect(): Promise<pg.Client> {
    return connect(this.#config, () => {
      this.#client = undefined
      this.#open = false
    })
  }
}
