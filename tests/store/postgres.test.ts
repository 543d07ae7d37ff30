import pg from 'pg'
import { afterAll, expect, test } from 'vitest'
import { StoreFault } from '../../src/store/fault.ts'
import { marketLock } from '../../src/store/postgres/client.ts'
import { openAccess } from '../../src/store/open.ts'
import { first, open, place, until } from './markets.ts'
import { startPostgres } from './postgres-server.ts'
import { storeSuite } from './suite.ts'

const server = await startPostgres()
afterAll(() => server.stop(), 60_000)

storeSuite({ name: 'PostgreSQL', address: () => server.database() })

/** A statement as the server's administrator. */
async function administer(address: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: address })
  await client.connect()
  await client.query(text)
  await client.end()
}

const cutAll =
  "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'overwall' and datname = current_database()"

test('PostgreSQL: when the server cuts every connection the leader learns it, and the store goes on by itself', async () => {
  const address = await server.database()
  await using store = await open(address, { pollMs: 50 })
  const leading = await store.lead()
  await place(store, 1, {})
  await administer(address, cutAll)
  await until(() => leading!.lost.aborted)
  await until(() =>
    store.check().then(
      () => true,
      () => false,
    ),
  )
  await place(store, 1, {})
  expect(store.orders.totals(first).live).toBe(2)
  expect((await store.intervals.list({ from: first, to: first + 1 })).length).toBe(1)
  expect(await store.lead()).toBeDefined()
})

test('PostgreSQL: connections cut under load lose nothing that was answered, and nothing is kept in part', async () => {
  const address = await server.database()
  await using store = await open(address)
  const answered: number[] = []
  const unanswered: unknown[] = []
  const cutting = new AbortController()
  const trading = [1, 2, 3, 4].map(async (participant) => {
    while (!cutting.signal.aborted)
      await place(store, participant, {}, {}, {}).then(
        ({ request }) => answered.push(request),
        (error: unknown) => unanswered.push(error),
      )
  })
  for (let cut = 0; cut < 5; cut++) {
    await new Promise((resolve) => setTimeout(resolve, 60))
    await administer(address, cutAll)
  }
  cutting.abort()
  await Promise.all(trading)
  for (const error of unanswered) expect(error).toBeInstanceOf(StoreFault)
  await using reading = await open(address)
  const { request } = reading.orders.booked(first)
  const kept = Map.groupBy(request, (each) => each)
  for (const each of answered) expect(kept.get(each)?.length).toBe(3)
  for (const rows of kept.values()) expect(rows.length).toBe(3)
  expect(answered.length).toBeGreaterThan(5)
  expect(unanswered.length).toBeGreaterThan(0)
})

test('PostgreSQL: a process that stops while it holds the lock stops others no longer than they wait', async () => {
  const address = await server.database()
  await using store = await open(address, { waitMs: 100 })
  const other = new pg.Client({ connectionString: address })
  await other.connect()
  await other.query(`begin; select pg_advisory_xact_lock(${marketLock})`)
  await expect(place(store, 1, {})).rejects.toMatchObject({ name: 'StoreFault', code: 'busy' })
  await other.end()
  await place(store, 1, {})
})

test('PostgreSQL: a newer schema, tables of somebody else and a server that is not there are refused by name', async () => {
  const newer = await server.database()
  await (await open(newer)).close()
  await administer(newer, 'update overwall.schema_version set version = version + 1')
  await expect(open(newer)).rejects.toMatchObject({ code: 'newer-schema' })
  await expect(openAccess(newer)).rejects.toMatchObject({ code: 'newer-schema' })
  const foreign = await server.database()
  // Nothing is made where nothing is asked for, so that the schema is still to be had.
  await expect(openAccess(foreign)).rejects.toMatchObject({ code: 'empty' })
  await administer(foreign, 'create schema overwall; create table overwall.market (recipe text)')
  await expect(open(foreign)).rejects.toMatchObject({ code: 'foreign' })
  await expect(open('postgres://nobody@127.0.0.1:9/none')).rejects.toMatchObject({ code: 'unreachable' })
  const wrong = Object.assign(new URL(newer), { password: 'wrong' }).toString()
  await expect(open(wrong)).rejects.toMatchObject({ name: 'StoreFault', code: 'unreachable' })
})
