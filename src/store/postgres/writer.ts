/**
 * The writing connection of a PostgreSQL market. The market's lock is an advisory one, held to the end of each
 * transaction: processes write one after another, as threads on a SQLite file do, and read each other's journal in
 * order. A row of nothing but orders is appended in a single trip to the server, under the lock's shared form: of two
 * rows with one number the table's key lets one in, and the other is decided anew.
 */
import type pg from 'pg'
import { StoreFault } from '../fault.ts'
import type { JournalRow } from '../journal/events.ts'
import type { Database } from '../sql/query.ts'
import type { Writer } from '../sql/writer.ts'
import { clientConfig, connect, type ConnectOptions, marketLock } from './client.ts'
import { PostgresDatabase } from './database.ts'
import { postgresFault } from './faults.ts'
import { PieceByPiece } from './pieces.ts'

const uniqueViolation = '23505'

export class PostgresWriter implements Writer {
  readonly db: Database
  readonly #config: pg.ClientConfig
  readonly #tell: string
  #client: pg.Client | undefined
  #open = false

  /** @param token names this process in what it tells others */
  constructor(options: ConnectOptions, token: string) {
    this.#config = clientConfig(options)
    this.#tell = `notify overwall, '${token}'; `
    this.db = new PieceByPiece(new PostgresDatabase(() => this.#connected()))
  }

  async begin(afterSeq?: number): Promise<JournalRow[]> {
    const client = await this.#connect()
    this.#open = true
    const lock = `begin isolation level read committed; select pg_advisory_xact_lock(${marketLock})`
    if (afterSeq === undefined) {
      await client.query(lock)
      return []
    }
    const news = `select seq, at_ms as "atMs", bytes, keys from journal where seq > ${afterSeq} order by seq`
    const results = (await client.query(`${lock}; ${news}`)) as unknown as pg.QueryResult<JournalRow>[]
    return results[2]!.rows
  }

  async putJournal({ seq, atMs, bytes, keys }: JournalRow): Promise<void> {
    await this.#connected().query('insert into journal (seq, at_ms, bytes, keys) values ($1, $2, $3, $4)', [
      seq,
      atMs,
      bytes,
      keys,
    ])
  }

  async append({ seq, atMs, bytes, keys }: JournalRow): Promise<boolean> {
    const client = await this.#connect()
    const insert = {
      name: 'append',
      text: `insert into journal (seq, at_ms, bytes, keys)
             select $1, $2, $3, $4 from pg_advisory_xact_lock_shared(${marketLock})`,
      values: [seq, atMs, bytes, keys],
    }
    try {
      await this.#keeping(client, client.query(insert))
      return true
    } catch (error) {
      if ((error as { code?: unknown }).code === uniqueViolation) return false
      throw error
    }
  }

  async commit(tell: boolean): Promise<void> {
    const client = this.#connected()
    const results = await this.#keeping(client, client.query(`${tell ? this.#tell : ''}commit`))
    const { command } = [results].flat().at(-1)!
    if (command !== 'COMMIT') throw new Error(`a transaction ended with ${command}`)
    this.#open = false
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
  async #keeping(client: pg.Client, query: Promise<pg.QueryResult>): Promise<pg.QueryResult> {
    try {
      return await query
    } catch (error) {
      if (this.#client === client) throw error
      throw new StoreFault('unsure', 'the connection was cut while a transaction was being kept', error)
    }
  }

  #connected(): pg.Client {
    if (this.#client) return this.#client
    throw new StoreFault('unreachable', 'the connection to the database was cut')
  }

  async #connect(): Promise<pg.Client> {
    this.#client ??= await connect(this.#config, () => {
      this.#client = undefined
      this.#open = false
    })
    return this.#client
  }
}
