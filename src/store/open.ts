/** Opens a market by the address of its database: `sqlite:FILE` or `postgres://…`. */
import { StoreFault } from './fault.ts'
import type { MarketAccess, MarketStore, StoreOptions } from './port.ts'
import type { Engine, EngineOptions } from './sql/engine.ts'
import { accessOf, openMarket } from './sql/market-store.ts'

/**
 * Brings the schema forward, makes the market where there is none and it is told what to make, and reads back the orders
 * of every interval that is not cleared.
 *
 * @throws StoreFault when the database cannot be opened, is newer or another's, or holds another market
 */
export async function openStore(address: string, options: StoreOptions): Promise<MarketStore> {
  return openWith(await openEngine(address, options), (engine) => openMarket(engine, options))
}

/**
 * Opens a market, running or not, to see to who may speak in it. Its orders stay where they are, so a large market takes no
 * longer than a small one.
 *
 * @throws StoreFault as openStore does; nothing is made where there is no market
 */
export async function openAccess(address: string): Promise<MarketAccess> {
  return openWith(await openEngine(address, {}), accessOf)
}

async function openWith<Opened>(engine: Engine, open: (engine: Engine) => Promise<Opened>): Promise<Opened> {
  try {
    return await open(engine)
  } catch (error) {
    await engine.close()
    throw error
  }
}

/** Engines are loaded when they are asked for: a program on SQLite needs no PostgreSQL driver. */
async function openEngine(address: string, options: EngineOptions): Promise<Engine> {
  if (address.startsWith('sqlite:')) {
    const { openSqlite } = await import('./sqlite/engine.ts')
    return openSqlite(address.slice('sqlite:'.length), options)
  }
  if (/^postgres(ql)?:\/\//.test(address)) {
    const { openPostgres } = await import('./postgres/engine.ts')
    return openPostgres(address, options)
  }
  throw new StoreFault(
    'unreachable',
    `a database is sqlite:FILE or postgres://…, not ${withoutSecret(address)}`,
  )
}

function withoutSecret(address: string): string {
  return address.replace(/\/\/[^@/]*@/, '//…@')
}
