/** Small markets for tests of the store: addresses, orders, a clearing with everything in it. */
import { quarterStartMs } from '../../src/base/quarter.ts'
import { openStore } from '../../src/store/open.ts'
import type {
  ClearingRecord,
  MarketStore,
  NewOrder,
  Placed,
  SettlementRecord,
  StoreOptions,
} from '../../src/store/port.ts'
import { firstCommonAccount, type BookedOrders } from '../../src/store/records.ts'

/** 2027-01-01T00:00:00+08:00 */
export const first = 1_998_336 - 32
export const create = { name: 'test-zone', definition: '{"zone":"test"}', firstInterval: first }

/** A clock that is moved by hand. */
export class HandClock {
  ms = quarterStartMs(first)
  readonly now = (): number => this.ms
}

export function open(address: string, options: Partial<StoreOptions> = {}): Promise<MarketStore> {
  return openStore(address, { now: new HandClock().now, create, ...options })
}

export const by = { atMs: quarterStartMs(first) }

export function order(change: Partial<NewOrder> = {}): NewOrder {
  return { interval: first, side: 0, bus: 3, limitTicks: 4_000, quantityWh: 1_500, ...change }
}

export async function place(
  store: MarketStore,
  participant: number,
  ...orders: readonly Partial<NewOrder>[]
): Promise<Placed> {
  const answer = await store.orders.place({ participant, origin: 0, orders: orders.map(order) })
  if (answer.outcome !== 'placed') throw new Error(`the order was ${answer.outcome}`)
  return answer
}

/** A record of whatever is booked: every order accepted in full, first traded with last, money from one to the other. */
export function clearingOf(interval: number, orders: BookedOrders): ClearingRecord {
  const { count } = orders
  const trades = count > 1 ? 1 : 0
  return {
    interval,
    orders,
    outcomes: {
      count,
      acceptedWh: orders.quantityWh.slice(),
      priceTicks: orders.limitTicks.slice(),
      reason: new Uint8Array(count).fill(7),
    },
    trades: {
      count: trades,
      buyRow: Uint32Array.from({ length: trades }, () => 0),
      sellRow: Uint32Array.from({ length: trades }, () => count - 1),
      energyWh: Float64Array.from({ length: trades }, () => 1_234),
      buyerTicks: Int32Array.from({ length: trades }, () => 4_100),
      sellerTicks: Int32Array.from({ length: trades }, () => 3_900),
      feeTicks: Int32Array.from({ length: trades }, () => 200),
    },
    postings: {
      count: 3,
      account: Uint32Array.of(1, 2, firstCommonAccount),
      line: Uint8Array.of(0, 1, 2),
      energyWh: Float64Array.of(1_234, 1_234, 0),
      amountE11: BigInt64Array.of(-5_059_400_000_000n, 4_812_600_000_000n, 246_800_000_000n),
    },
    result: new TextEncoder().encode(`{"interval":${interval},"orders":${count}}`),
  }
}

export function settlementOf(cleared: ClearingRecord, round: number, meterSeq: number): SettlementRecord {
  const { interval, trades } = cleared
  const postings = {
    count: 2,
    account: Uint32Array.of(1, 2),
    line: Uint8Array.of(3, 3),
    energyWh: Float64Array.of(round, round),
    amountE11: BigInt64Array.of(BigInt(round), BigInt(-round)),
  }
  const result = new TextEncoder().encode(`{"round":${round}}`)
  return { interval, round, meterSeq, trades, postings, result }
}

/** Closes and clears the next interval. */
export async function closeAndClear(store: MarketStore): Promise<ClearingRecord> {
  const interval = store.orders.openFrom
  await store.intervals.close(interval, by)
  const record = clearingOf(interval, store.orders.booked(interval))
  await store.intervals.clear(record, by)
  return record
}

export async function until(condition: () => boolean | Promise<boolean>, ms = 10_000): Promise<void> {
  const end = performance.now() + ms
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`nothing came of it in ${ms} ms: ${condition.toString()}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
