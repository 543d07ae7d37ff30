/**
 * A process that trades as fast as the store answers, and closes and clears when it leads, until it is killed:
 * `node trader.ts ADDRESS FIRST-INTERVAL SEED`. Every answer is written to the standard output, which is a pipe and takes
 * the line before the next thing happens.
 */
import { hash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { randomStream } from '../../../src/base/random.ts'
import type { MarketStore, NewOrder, OrderKey } from '../../../src/store/port.ts'
import { by, clearingOf, open } from '../markets.ts'
import type { Fact } from './facts.ts'

const [address, seed] = process.argv.slice(2) as [string, string]
const clients = 8
const gateMs = 30

const store = await open(address, { pollMs: 50 })
await Promise.all([lead(store), ...Array.from({ length: clients }, (_, client) => trade(store, client + 1))])

function tell(fact: Fact): void {
  process.stdout.write(`${JSON.stringify(fact)}\n`)
}

async function lead(store: MarketStore): Promise<void> {
  const { intervals, orders } = store
  while (!(await store.lead())) await wait(20)
  tell({ told: 'leading' })
  for (;;) {
    await wait(gateMs)
    // Whoever led before may have closed one and not cleared it.
    const interval = orders.clearFrom
    if (interval === orders.openFrom && (await intervals.close(interval, by)) === 'closed')
      tell({ told: 'closed', interval })
    const record = clearingOf(interval, orders.booked(interval))
    if ((await intervals.clear(record, by)) === 'cleared')
      tell({ told: 'cleared', interval, hash: hash('sha256', record.result) })
  }
}

async function trade({ orders }: MarketStore, client: number): Promise<void> {
  const { uniform } = randomStream(Number(seed), `trader/${client}`)
  const below = (count: number) => Math.floor(uniform() * count)
  const participant = Number(seed) * 100 + client
  const own: { key: OrderKey; version: number }[] = []
  for (let turn = 0; ; turn++) {
    if (own.length > 0 && uniform() < 0.5) await change(own[below(own.length)]!)
    else await place(turn)
  }

  async function place(turn: number): Promise<void> {
    const count = uniform() < 0.5 ? 1 : 1 + below(40)
    // The count travels with each order, so that a request kept in part would be seen.
    const placing = Array.from({ length: count }, () => ({
      ...terms(),
      bus: count,
      interval: orders.openFrom + below(4),
    }))
    const idempotency = uniform() < 0.3 && { key: `${seed}/${client}/${turn}`, body: 'x' }
    const answer = await orders.place({
      participant,
      origin: 0,
      orders: placing,
      ...(idempotency && { idempotency }),
    })
    if (answer.outcome !== 'placed') return
    const { request } = answer
    tell({
      told: 'placed',
      participant,
      request,
      orders: placing,
      ...(idempotency && { key: idempotency.key }),
    })
    own.push(...placing.map(({ interval }, index) => ({ key: { interval, request, index }, version: 1 })))
  }

  async function change(order: { key: OrderKey; version: number }): Promise<void> {
    const { key, version: expectedVersion } = order
    const asking = { participant, key, expectedVersion }
    const replacing = uniform() < 0.7 && { ...terms(), bus: orders.find(key)?.bus ?? 1 }
    const answer = await (replacing ? orders.replace({ ...asking, terms: replacing }) : orders.cancel(asking))
    own.splice(own.indexOf(order), 1)
    if (answer.outcome !== 'changed') return
    const { version } = answer
    if (replacing) {
      tell({ told: 'replaced', key, version, terms: replacing })
      own.push({ key, version })
    } else tell({ told: 'cancelled', key, version })
  }

  function terms(): Omit<NewOrder, 'interval' | 'bus'> {
    return { side: below(2) as 0 | 1, limitTicks: below(9_000), quantityWh: 1 + below(100_000) }
  }
}
