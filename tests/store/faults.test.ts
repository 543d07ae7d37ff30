/** What a SQLite market says when its file, its disk or its neighbours are in trouble. */
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, expect, test } from 'vitest'
import { StoreFault } from '../../src/store/fault.ts'
import { openStore } from '../../src/store/open.ts'
import type { MarketStore, Placed, StoreOptions } from '../../src/store/port.ts'
import { migrate } from '../../src/store/sql/migrate.ts'
import { forPostgres, migrations } from '../../src/store/sql/migrations.ts'
import { first as firstRow, sql } from '../../src/store/sql/query.ts'
import { SqliteDatabase } from '../../src/store/sqlite/database.ts'
import { openFile } from '../../src/store/sqlite/file.ts'
import { temporaryFolder } from './folders.ts'
import { by, clearingOf, closeAndClear, first, HandClock, open, order, place } from './markets.ts'

const folder = temporaryFolder()
let files = 0
const fresh = () => path.join(folder, `${files++}.db`)

const opened: MarketStore[] = []
async function opening(file: string, options: Partial<StoreOptions> = {}): Promise<MarketStore> {
  const store = await open(`sqlite:${file}`, options)
  opened.push(store)
  return store
}

afterEach(async () => {
  for (const store of opened.splice(0)) await store.close()
})

const fault = (code: string) => expect.objectContaining({ name: 'StoreFault', code }) as StoreFault

test('a full disk refuses what finds no room, keeps what was acknowledged, and takes orders again when there is room', async () => {
  const file = fresh()
  let store = await opening(file, { bytesMax: 400_000 })
  const many = Array.from({ length: 200 }, () => ({}))
  let placed = 0
  const fill = async () => {
    for (;;) {
      await place(store, 1, ...many)
      placed += many.length
    }
  }
  await expect(fill()).rejects.toEqual(fault('full'))
  expect(placed).toBeGreaterThan(1_000)
  await expect(place(store, 1, ...many)).rejects.toEqual(fault('full'))
  expect(store.orders.totals(first).live).toBe(placed)
  await store.close()
  store = await opening(file)
  expect(store.orders.totals(first).live).toBe(placed)
  await place(store, 1, ...many)
})

test('a clearing that finds no room leaves no part of itself, and is done when there is room', async () => {
  const file = fresh()
  let store = await opening(file, { bytesMax: 400_000 })
  await place(store, 1, {}, {})
  await store.intervals.close(first, by)
  const record = { ...clearingOf(first, store.orders.booked(first)), result: new Uint8Array(500_000) }
  await expect(store.intervals.clear(record, by)).rejects.toEqual(fault('full'))
  const untouched = async () => {
    expect(store.orders.clearFrom).toBe(first)
    expect(store.orders.booked(first).count).toBe(2)
    expect(await store.intervals.record(first)).toBeUndefined()
    expect((await store.events.after(0, 9)).map(({ kind }) => kind)).toEqual(['closed'])
  }
  await untouched()
  await store.close()
  store = await opening(file)
  await untouched()
  expect(await store.intervals.clear(record, by)).toBe('cleared')
  expect((await store.intervals.result(first))!.result.length).toBe(500_000)
})

test('a database another process holds is busy after the time one waits, and is there again afterwards', async () => {
  const file = fresh()
  const store = await opening(file, { waitMs: 50 })
  const other = new DatabaseSync(file)
  other.exec('begin immediate')
  await expect(place(store, 1, {})).rejects.toEqual(fault('busy'))
  await expect(store.check()).rejects.toEqual(fault('busy'))
  expect(store.orders.totals(first).live).toBe(0)
  expect((await store.intervals.list({ from: first, to: first + 1 })).length).toBe(1)
  other.exec('rollback')
  other.close()
  await place(store, 1, {})
  await store.check()
})

test('files that are not a market are refused, each by what it is, and left as they were', async () => {
  const text = fresh()
  writeFileSync(text, 'these are the minutes of a meeting, and no database at all\n'.repeat(40))
  await expect(open(`sqlite:${text}`)).rejects.toEqual(fault('foreign'))
  expect(readFileSync(text, 'utf8')).toMatch(/^these are/)

  const foreign = fresh()
  const other = new DatabaseSync(foreign)
  other.exec('create table recipes (name text)')
  other.close()
  const before = readFileSync(foreign)
  await expect(open(`sqlite:${foreign}`)).rejects.toEqual(fault('foreign'))
  expect(readFileSync(foreign)).toEqual(before)

  await expect(open(`sqlite:${path.join(folder, 'nowhere', 'a.db')}`)).rejects.toEqual(fault('unreachable'))
  await expect(open(`sqlite:${fresh()}`, { readOnly: true })).rejects.toBeInstanceOf(StoreFault)
  await expect(open('mysql://user:secret@host/a')).rejects.toThrow('mysql://…@host/a')
})

test('a schema that is newer is refused and not touched', async () => {
  const file = fresh()
  await (await opening(file)).close()
  const db = new DatabaseSync(file)
  db.exec(`update schema_version set version = ${migrations.length + 1}`)
  db.close()
  await expect(open(`sqlite:${file}`)).rejects.toEqual(fault('newer-schema'))
  await expect(open(`sqlite:${file}`)).rejects.toThrow(`schema ${migrations.length + 1}`)
})

test('migrations go forward from where a database stands, all of them or none', async () => {
  const file = new DatabaseSync(':memory:')
  const db = new SqliteDatabase(file)
  const steps = ['create table a (x integer) strict;', 'alter table a add column y integer;']
  const options = { kind: 'sqlite', readOnly: false } as const
  const version = async () =>
    (await firstRow<{ version: number }>(db, sql`select version from schema_version`))!.version
  await migrate(db, { ...options, steps: steps.slice(0, 1) })
  expect(await version()).toBe(1)
  file.exec('begin')
  const broken = [...steps, 'create table b (x integer) strict;', 'this is no statement;']
  await expect(migrate(db, { ...options, steps: broken })).rejects.toThrow('syntax')
  file.exec('rollback')
  expect(await version()).toBe(1)
  await expect(migrate(db, { ...options, readOnly: true, steps })).rejects.toEqual(fault('read-only'))
  await migrate(db, { ...options, steps })
  await migrate(db, { ...options, steps })
  expect(await version()).toBe(2)
  expect(await db.all(sql`select x, y from a`)).toEqual([])
  await expect(migrate(db, { ...options, steps: steps.slice(0, 1) })).rejects.toEqual(fault('newer-schema'))
})

test('forPostgres(migration) leaves no word of SQLite', () => {
  expect(migrations.map(forPostgres).join('\n')).not.toMatch(/\b(integer|blob|real|strict|rowid)\b/)
})

test('a journal row with a flipped bit is found at the next start and named damaged', async () => {
  const file = fresh()
  const store = await opening(file)
  await place(store, 1, {})
  await store.close()
  const db = new DatabaseSync(file)
  const { bytes } = db.prepare('select bytes from journal').get() as { bytes: Uint8Array }
  bytes[30]! ^= 4
  db.prepare('update journal set bytes = ?').run(bytes)
  db.close()
  await expect(open(`sqlite:${file}`)).rejects.toEqual(fault('damaged'))
})

test('a key is remembered for its time and not longer, across a restart too', async () => {
  const file = fresh()
  const clock = new HandClock()
  const options = { now: clock.now, idempotencyMs: 1_000 }
  let store = await opening(file, options)
  const repeated = async (key: string) => {
    const asking = { participant: 1, origin: 0 as const, orders: [order()], idempotency: { key, body: '' } }
    return ((await store.orders.place(asking)) as Placed).repeated
  }
  expect(await repeated('a')).toBe(false)
  clock.ms += 600
  expect([await repeated('b'), await repeated('a')]).toEqual([false, true])
  clock.ms += 401
  await store.close()
  store = await opening(file, options)
  expect([await repeated('b'), await repeated('a'), await repeated('a')]).toEqual([true, false, true])
  clock.ms += 600
  expect([await repeated('b'), await repeated('a')]).toEqual([false, true])
})

test('a start reads the journal from the first row that is needed, not from its beginning', async () => {
  const file = fresh()
  const store = await opening(file)
  for (let round = 0; round < 5; round++) {
    const interval = store.orders.openFrom
    await place(store, 1, { interval })
    await place(store, 2, { interval: interval + 1 })
    await closeAndClear(store)
  }
  await store.close()
  const db = new DatabaseSync(file)
  const { journal_from: from } = db.prepare('select journal_from from market').get() as {
    journal_from: number
  }
  const { last } = db.prepare('select max(seq) as last from journal').get() as { last: number }
  // What is before is not looked at: it could be gone.
  db.prepare('delete from journal where seq < ?').run(from)
  db.close()
  expect([from, last]).toEqual([18, 20])
  const again = await opening(file, { now: () => by.atMs + 1, idempotencyMs: 0 })
  expect(again.orders.ofParticipant(2, first + 5).length).toBe(1)
  await place(again, 1, { interval: first + 5 })
})

test('openFile(file) waits for the disk with every commit, which no killed process would show', () => {
  using db = openFile(fresh())
  expect(db.prepare('pragma synchronous').get()).toEqual({ synchronous: 2 })
  expect(db.prepare('pragma journal_mode').get()).toEqual({ journal_mode: 'wal' })
})

test('the guide names faults as the store does', () => {
  const named = (file: string, row: RegExp) =>
    [...readFileSync(file, 'utf8').matchAll(row)].map(([, code]) => code)
  const known = named('src/store/fault.ts', /^  \| '([a-z-]+)'$/gm)
  expect(named('src/store/fault.ts', /^ \* \| `([a-z-]+)` \|/gm)).toEqual(known)
  const told = named('docs/guides/keeping-a-market.md', /^\| `([a-z-]+)` \|/gm)
  expect(told).toContain('unsure')
  expect(known).toEqual(expect.arrayContaining(told))
})

test('openStore(address) of a path with blanks and other signs opens that file', async () => {
  const file = path.join(folder, 'a market, 100 % ours?.db')
  await using store = await openStore(`sqlite:${file}`, {
    now: () => by.atMs,
    create: { name: 'a', definition: '', firstInterval: first },
  })
  expect(store.market.name).toBe('a')
  expect(readFileSync(file).subarray(0, 15).toString()).toBe('SQLite format 3')
})
