import pg from 'pg'
import { afterAll, expect, test } from 'vitest'
import { StoreFault } from '../../src/store/fault.ts'
import { marketLock } from '../../src/store/postgres/client.ts'
import { openAccess } from '../../src/store/open.ts'
import { PostgresDatabase } from '../../src/store/postgres/database.ts'
import { PieceByPiece, pieceBytes } from '../../src/store/postgres/pieces.ts'
import { sql } from '../../src/store/sql/query.ts'
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

test.each([
  ['in pieces', 'grant'],
  ['at once where temporary tables are not allowed', 'revoke'],
])(
  'PostgreSQL: values of some megabytes are written %s, also after a transaction that was undone',
  async (_, how) => {
    const address = await server.database()
    const name = new URL(address).pathname.slice(1)
    await administer(
      address,
      `${how} temporary on database ${name} ${how === 'grant' ? 'to' : 'from'} public`,
    )
    const client = new pg.Client({ connectionString: address })
    await client.connect()
    // An administrator may have any table.
    const nobody = `${how}_${process.pid}`
    await client.query(`create role ${nobody}; set role ${nobody}`)
    const db = new PieceByPiece(new PostgresDatabase(() => client))
    const large = [3 * pieceBytes + 17, pieceBytes + 1].map((length, at) =>
      Uint8Array.from({ length }, (__, index) => (index * 7 + at) % 251),
    )
    const query = sql`select ${large[0]!}::bytea as a, ${'small'}::text as b, ${large[1]!}::bytea as c`
    for (const end of ['rollback', 'commit', 'commit']) {
      await client.query('begin')
      const [row] = await db.all<{ a: Buffer; b: string; c: Buffer }>(query)
      expect(row!.b).toBe('small')
      expect([row!.a, row!.c].map((bytes, at) => bytes.equals(large[at]!))).toEqual([true, true])
      await client.query(end)
    }
    const tables = await client.query(
      "select 1 from pg_class where relname = 'piece' and relpersistence = 't'",
    )
    expect(tables.rowCount).toBe(how === 'grant' ? 1 : 0)
    await client.end()
  },
)

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
