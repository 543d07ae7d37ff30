/**
 * The leader's place among processes on one database: an advisory lock of a connection, freed by the server when the
 * connection ends, however that happens.
 */
import type pg from 'pg'
import type { Leadership } from '../port.ts'
import { connect, leaderLock } from './client.ts'

/** A connection that died without a word is found out this often. [ms] */
const askMs = 5_000

export async function leadDatabase(config: pg.ClientConfig): Promise<Leadership | undefined> {
  const lost = new AbortController()
  const client = await connect({ ...config, query_timeout: askMs }, () => lost.abort())
  const { rows } = await client.query<{ got: boolean }>(`select pg_try_advisory_lock(${leaderLock}) as got`)
  if (!rows[0]!.got) {
    await client.end()
    return undefined
  }
  const asking = setInterval(() => {
    client.query('select 1').catch(() => lost.abort())
  }, askMs).unref()
  lost.signal.addEventListener('abort', () => clearInterval(asking), { once: true })
  const release = async () => {
    clearInterval(asking)
    client.removeAllListeners('end')
    await client.end()
  }
  return { lost: lost.signal, release }
}
