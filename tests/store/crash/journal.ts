/** The journal as it lies in the database, read without the store: what really was kept of every order. */
import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'
import { unpack } from '../../../src/store/columns.ts'
import { cancelledEvent, placedEvent, replacedEvent } from '../../../src/store/journal/events.ts'
import { journalLayout } from '../../../src/store/layouts.ts'
import { orderId } from '../../../src/store/order-id.ts'
import type { OrderTerms } from '../../../src/store/port.ts'

export interface KeptOrder {
  readonly version: number
  readonly cancelled: boolean
  readonly terms: OrderTerms
}

export interface KeptOrders {
  readonly orders: ReadonlyMap<string, KeptOrder>
  /** orders placed by each request */
  readonly placed: ReadonlyMap<number, number>
}

export async function keptOrders(address: string): Promise<KeptOrders> {
  const orders = new Map<string, KeptOrder>()
  const placed = new Map<number, number>()
  for (const bytes of await journalBytes(address)) {
    const events = unpack(journalLayout, bytes)
    for (let event = 0; event < events.count; event++) {
      const kind = events.kind[event]!
      if (![placedEvent, replacedEvent, cancelledEvent].includes(kind as 0)) continue
      const request = events.request[event]!
      const id = orderId({ interval: events.interval[event]!, request, index: events.index[event]! })
      if (kind === placedEvent) placed.set(request, (placed.get(request) ?? 0) + 1)
      const terms = {
        side: events.side[event]! as 0 | 1,
        bus: events.bus[event]!,
        limitTicks: events.limitTicks[event]!,
        quantityWh: events.quantityWh[event]!,
      }
      const cancelled = kind === cancelledEvent
      orders.set(id, {
        version: events.version[event]!,
        cancelled,
        terms: cancelled ? orders.get(id)!.terms : terms,
      })
    }
  }
  return { orders, placed }
}

async function journalBytes(address: string): Promise<Uint8Array[]> {
  const query = 'select bytes from journal order by seq'
  if (address.startsWith('sqlite:')) {
    using db = new DatabaseSync(address.slice('sqlite:'.length), { readOnly: true })
    return db
      .prepare(query)
      .all()
      .map(({ bytes }) => bytes as Uint8Array)
  }
  const client = new pg.Client({ connectionString: address, options: '-c search_path=overwall' })
  await client.connect()
  try {
    return (await client.query<{ bytes: Buffer }>(query)).rows.map(({ bytes }) => bytes)
  } finally {
    await client.end()
  }
}
