/** Two processes trade on one market, one after the other is killed, and everything they were told is looked for. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { setTimeout as wait } from 'node:timers/promises'
import { expect } from 'vitest'
import { randomStream } from '../../../src/base/random.ts'
import { orderId, parseOrderId } from '../../../src/store/order-id.ts'
import type { MarketStore, OrderKey, OrderTerms } from '../../../src/store/port.ts'
import type { BookedOrders } from '../../../src/store/records.ts'
import { first, open, until } from '../markets.ts'
import type { Fact } from './facts.ts'
import { type KeptOrder, keptOrders } from './journal.ts'

export interface RoundResult {
  readonly facts: number
  readonly intervals: number
}

/** Kills traders at moments drawn from the seed and checks the market that is left. */
export async function crashRound(address: string, round: number): Promise<RoundResult> {
  const { uniform } = randomStream(round, 'crash')
  await using one = startTrader(address, round * 2 + 1)
  await until(() => one.facts.some(({ told }) => told === 'cleared'), 60_000)
  await using two = startTrader(address, round * 2 + 2)
  await until(() => two.facts.length > 0, 60_000)
  await wait(uniform() * 300)
  await one.kill()
  // The other takes the leader's place and goes on where the first was stopped.
  await until(() => two.facts.some(({ told }) => told === 'cleared'), 60_000)
  await wait(uniform() * 300)
  await two.kill()
  const facts = [...one.facts, ...two.facts]
  await using store = await open(address)
  await checkMarket(store, address, facts)
  return { facts: facts.length, intervals: store.orders.clearFrom - first }
}

interface Trader extends AsyncDisposable {
  readonly facts: Fact[]
  kill(): Promise<void>
}

function startTrader(address: string, seed: number): Trader {
  const script = fileURLToPath(new URL('./trader.ts', import.meta.url))
  const child = spawn(process.execPath, [script, address, String(seed)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const facts: Fact[] = []
  let rest = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop()!
    for (const line of lines) facts.push(JSON.parse(line) as Fact)
  })
  const gone = once(child, 'close')
  const end = async () => {
    child.kill('SIGKILL')
    await gone
  }
  return {
    facts,
    kill: async () => {
      expect(child.exitCode, 'the trader ended by itself').toBe(null)
      await end()
    },
    [Symbol.asyncDispose]: end,
  }
}

async function checkMarket(store: MarketStore, address: string, facts: readonly Fact[]): Promise<void> {
  const kept = await keptOrders(address)
  for (const [id, told] of lastTold(facts)) checkOrder(id, told, kept.orders.get(id))
  // Each order says in place of its bus how many its request had.
  for (const [id, { terms }] of kept.orders)
    expect(kept.placed.get(parseOrderId(id)!.request), `the request of ${id} is kept in part`).toBe(terms.bus)
  await checkGates(store, facts)
  await checkKeys(store, facts)
}

interface Told {
  readonly version: number
  readonly cancelled: boolean
  readonly terms?: OrderTerms
}

/** The newest thing that was told about each order. */
function lastTold(facts: readonly Fact[]): Map<string, Told> {
  const last = new Map<string, Told>()
  const learn = (key: OrderKey, told: Told) => {
    const before = last.get(orderId(key))
    if (!before || before.version < told.version) last.set(orderId(key), told)
  }
  for (const fact of facts) {
    if (fact.told === 'placed')
      for (const [index, { interval, ...terms }] of fact.orders.entries())
        learn({ interval, request: fact.request, index }, { terms, version: 1, cancelled: false })
    if (fact.told === 'replaced')
      learn(fact.key, { terms: fact.terms, version: fact.version, cancelled: false })
    if (fact.told === 'cancelled') learn(fact.key, { version: fact.version, cancelled: true })
  }
  return last
}

/** What was told is kept; a change whose answer never came may have been kept on top of it. */
function checkOrder(id: string, told: Told, kept: KeptOrder | undefined): void {
  expect(kept, `${id} is lost`).toBeDefined()
  if (kept!.version === told.version) {
    expect(kept!.cancelled, id).toBe(told.cancelled)
    if (told.terms) expect(kept!.terms, id).toEqual(told.terms)
  } else {
    expect(told.cancelled, id).toBe(false)
    expect(kept!.version, id).toBe(told.version + 1)
  }
}

async function checkGates(store: MarketStore, facts: readonly Fact[]): Promise<void> {
  const { openFrom, clearFrom } = store.orders
  for (const fact of facts) {
    if (fact.told === 'closed') expect(fact.interval).toBeLessThan(openFrom)
    if (fact.told === 'cleared') expect((await store.intervals.result(fact.interval))?.hash).toBe(fact.hash)
  }
  const journaled = new Map<number, BookedOrders>()
  for await (const { interval, orders } of store.intervals.journaled()) journaled.set(interval, orders)
  for (let interval = first; interval < clearFrom; interval++) {
    const record = await store.intervals.record(interval)
    expect(record?.orders).toEqual(journaled.get(interval))
    expect(record?.outcomes.count).toBe(record?.orders.count)
  }
  const events = await store.events.after(0, 100_000)
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, at) => at + 1))
  const of = (kind: string) => events.filter((event) => event.kind === kind).map(({ interval }) => interval)
  const upTo = (end: number) => Array.from({ length: end - first }, (_, later) => first + later)
  expect(of('closed')).toEqual(upTo(openFrom))
  expect(of('cleared')).toEqual(upTo(clearFrom))
  const audit = await store.audit.after(0, 100_000)
  expect(audit.filter(({ action }) => action === 'clear').length).toBe(clearFrom - first)
}

/** A client that asks again with its key gets the answer it had. */
async function checkKeys(store: MarketStore, facts: readonly Fact[]): Promise<void> {
  for (const fact of facts.slice(-200)) {
    if (fact.told !== 'placed' || fact.key === undefined) continue
    const { participant, request, orders, key } = fact
    const asking = { participant, origin: 0 as const, orders, idempotency: { key, body: 'x' } }
    expect(await store.orders.place(asking)).toMatchObject({ outcome: 'placed', request, repeated: true })
  }
}
