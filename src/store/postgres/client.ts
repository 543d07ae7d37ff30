/** Connections to a market's PostgreSQL database: its schema is `overwall`, whole numbers are checked to be exact. */
import pg from 'pg'
import { assert } from '../../base/errors.ts'

export const schema = 'overwall'
const int8 = 20
const bytea = 17

/** Both advisory locks of a market; the first number is our name, as in the header of a SQLite file. */
export const marketLock = '1870033527, 1'
export const leaderLock = '1870033527, 2'

const connectMs = 5_000
/** A process that stops in the middle of a transaction lets go of the market's lock after this. */
const idleInTransactionMs = 10_000

export interface ConnectOptions {
  readonly address: string
  readonly readOnly: boolean
  /** for another process that writes [ms] */
  readonly waitMs: number
}

export function clientConfig({ address, readOnly, waitMs }: ConnectOptions): pg.ClientConfig {
  const settings = [
    `search_path=${schema}`,
    `lock_timeout=${waitMs}`,
    `idle_in_transaction_session_timeout=${idleInTransactionMs}`,
    'synchronous_commit=on',
    ...(readOnly ? ['default_transaction_read_only=on'] : []),
  ]
  return {
    connectionString: address,
    application_name: 'overwall',
    connectionTimeoutMillis: connectMs,
    keepAlive: true,
    options: settings.map((setting) => `-c ${setting}`).join(' '),
    types: { getTypeParser: parserOf },
  }
}

/**
 * A connection of its own, which may fail at any time.
 * @param failed called once when it does
 */
export async function connect(config: pg.ClientConfig, failed: () => void): Promise<pg.Client> {
  const client = new pg.Client(config)
  client.once('end', failed)
  // Without a listener an error between queries would end the process; `end` follows it.
  client.on('error', () => {})
  try {
    await client.connect()
  } catch (error) {
    client.removeListener('end', failed)
    throw error
  }
  return client
}

const parserOf: typeof pg.types.getTypeParser = (oid: number, format?: 'text' | 'binary') => {
  if (oid === int8) return exactNumber
  const parse = pg.types.getTypeParser(oid, format as 'text')
  return oid === bytea ? (text: string) => plainBytes(parse(text) as Buffer) : parse
}

/** The same bytes as SQLite gives them. */
function plainBytes({ buffer, byteOffset, length }: Buffer): Uint8Array {
  return new Uint8Array(buffer, byteOffset, length)
}

function exactNumber(text: string): number {
  const value = Number(text)
  assert(Number.isSafeInteger(value), () => `the database gave ${text}, which is no exact number here`)
  return value
}
