/** Makes a market from a copy that `backup` wrote, in a database that holds none. */
import { StoreFault } from './fault.ts'
import type { Market } from './port.ts'
import { copyMarket } from './sql/copy.ts'
import { migrate } from './sql/migrate.ts'
import { readMarket } from './sql/reads/market.ts'
import { SqliteDatabase } from './sqlite/database.ts'
import { copyFile, openFile } from './sqlite/file.ts'

/**
 * @param copy file that `backup` wrote
 * @param address `sqlite:FILE`, which must not exist, or `postgres://…`, which must hold no market
 * @returns what was restored
 * @throws StoreFault when the copy is none, or the target is taken
 */
export async function restoreStore(copy: string, address: string): Promise<Market> {
  const file = openFile(copy, { readOnly: true })
  try {
    const from = new SqliteDatabase(file)
    await migrate(from, { kind: 'sqlite', readOnly: true })
    const market = await readMarket(from)
    if (!market) throw new StoreFault('empty', `${copy} holds no market`)
    if (address.startsWith('sqlite:')) await copyFile(file, address.slice('sqlite:'.length))
    else await intoPostgres(from, address)
    return market
  } finally {
    file.close()
  }
}

async function intoPostgres(from: SqliteDatabase, address: string): Promise<void> {
  const { openPostgresWriter } = await import('./postgres/engine.ts')
  const writer = await openPostgresWriter({
    address,
    readOnly: false,
    waitMs: 5_000,
    token: 'restore',
    make: true,
  })
  try {
    await writer.begin()
    if (await readMarket(writer.db))
      throw new StoreFault('other-market', 'the database holds a market already')
    await copyMarket(from, writer.db)
    await writer.commit(true)
  } catch (error) {
    await writer.rollback()
    throw writer.fault(error)
  } finally {
    await writer.close()
  }
}
