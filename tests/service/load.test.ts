/**
 * The service under more load than it takes: whatever is too much is sent away with the time to come back, health and metrics are
 * answered all the while, and what was acknowledged, no more and no less, is kept.
 */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { OverwallClient, ProblemError } from '../../src/contract/client.ts'
import { kwhText } from '../../src/contract/decimals.ts'
import { problem, problemMedia } from '../../src/contract/problems.ts'
import type { Limits } from '../../src/service/plugins/guard.ts'
import { intervalName, intervalOf } from '../../src/service/market/timeline.ts'
import { openStore } from '../../src/store/open.ts'
import { orderId, parseOrderId } from '../../src/store/order-id.ts'
import { newFile } from './markets.ts'
import { zone } from './services.ts'

const endless = { perKey: 1e12, perAddress: 1e12, wrongKeys: 1e12 }
/** Either limit so low that any machine reaches it. */
const narrow: readonly (readonly [string, Limits])[] = [
  ['how far behind it may be', { ...endless, delayMs: 5, waitingOrders: 1e9 }],
  ['how many orders may wait for the disk', { ...endless, delayMs: 0, waitingOrders: 2_500 }],
]

const started: ChildProcess[] = []
afterEach(async () => {
  await Promise.all(started.splice(0).map(end))
}, 60_000)

async function end(child: ChildProcess): Promise<void> {
  expect(child.exitCode).toBe(null)
  child.kill('SIGKILL')
  await once(child, 'exit')
}

async function serve(file: string, limits: Limits): Promise<{ url: string; operatorKey: string }> {
  const child = fork('tests/service/load/served.ts', [`sqlite:${file}`, JSON.stringify(limits)])
  started.push(child)
  const [told] = await once(child, 'message')
  return told as { url: string; operatorKey: string }
}

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

/** One request on a connection of the agent; rejects for whatever is no answer. */
function ask(
  agent: Agent,
  url: string,
  { key, body }: { key?: string; body?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = {
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined
        ? {}
        : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
    }
    const asked = request(url, { agent, method: body === undefined ? 'GET' : 'POST', headers }, (answer) => {
      const parts: Buffer[] = []
      answer.on('data', (part: Buffer) => parts.push(part))
      answer.on('end', () =>
        resolve({
          status: answer.statusCode!,
          headers: answer.headers,
          body: Buffer.concat(parts).toString(),
        }),
      )
      answer.on('error', reject)
    })
    asked.on('error', reject)
    asked.end(body)
  })
}

/** More connections than any are tried with, until enough is refused. */
const connectionsMax = 1_024
const refusalsWanted = 50

/** What came of a load. */
interface Tally {
  /** ids of orders, and the key that each was placed with */
  readonly acknowledged: Map<string, string>
  refused: number
  /** answers of health and metrics while orders were refused */
  watched: number
}

class Load {
  readonly #agent = new Agent({ keepAlive: true })
  readonly #url: string
  readonly #body: () => string
  /** key that reads metrics */
  readonly #watcher: string
  readonly tally: Tally = { acknowledged: new Map(), refused: 0, watched: 0 }

  constructor(url: string, watcher: string, body: () => string) {
    this.#url = url
    this.#watcher = watcher
    this.#body = body
  }

  /** Every connection sends a batch as soon as the one before is answered; more and more connections, until it is too much. */
  async untilTooMuch(keys: readonly string[]): Promise<void> {
    const connections: Promise<void>[] = []
    while (this.tally.refused < refusalsWanted) {
      const more = Math.min(connectionsMax - connections.length, Math.max(32, connections.length))
      for (let at = 0; at < more; at++) connections.push(this.#send(keys[at % keys.length]!))
      await Promise.race([setTimeout(1_500), ...connections])
    }
    await Promise.all(connections)
    this.#agent.destroy()
  }

  async #send(key: string): Promise<void> {
    while (this.tally.refused < refusalsWanted) {
      const answer = await ask(this.#agent, `${this.#url}/v1/zones/${zone}/orders`, {
        key,
        body: this.#body(),
      })
      if (answer.status === 201) this.#keep(answer, key)
      else await this.#checkRefused(answer)
    }
  }

  #keep({ body }: Answer, key: string): void {
    const { orders } = JSON.parse(body) as { orders: { id: string }[] }
    for (const { id } of orders) this.tally.acknowledged.set(id, key)
  }

  async #checkRefused({ status, headers, body }: Answer): Promise<void> {
    expect(status, body).toBe(503)
    expect(headers['content-type']).toContain(problemMedia)
    expect(problem.parse(JSON.parse(body))).toMatchObject({ code: 'overloaded', status: 503 })
    expect(Number(headers['retry-after'])).toBeGreaterThan(0)
    this.tally.refused++
    const live = await ask(this.#agent, `${this.#url}/health/live`)
    expect([live.status, live.body]).toEqual([200, '{"status":"ok"}'])
    const seen = await ask(this.#agent, `${this.#url}/metrics`, { key: this.#watcher })
    expect([seen.status, seen.body]).toEqual([200, expect.stringContaining('overwall_')])
    this.tally.watched++
  }
}

/** What is answered as soon as the service has caught its breath, whenever it says to come back. */
async function whenTaken<Value>(ask: () => Promise<Value>): Promise<Value> {
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (!(error instanceof ProblemError) || error.problem.code !== 'overloaded') throw error
      await setTimeout(500)
    }
  }
}

test.each(narrow)(
  'past %s the service answers 503, stays up, and keeps what it acknowledged and nothing else',
  { timeout: 120_000 },
  async (_what, limits) => {
    const file = newFile()
    const { url, operatorKey } = await serve(file, limits)
    const operator = new OverwallClient({ url, key: operatorKey })
    const keys: string[] = []
    for (const participant of ['workshop', 'shop'])
      keys.push((await operator.call('makeCredential', { body: { role: 'participant', participant } })).key)
    const first = intervalOf((await operator.call('getClock')).nextGate!)! + 10
    let batches = 0
    const batch = () => {
      const from = batches++ * 7
      return JSON.stringify(
        Array.from({ length: 1_000 }, (__, at) => ({
          interval: intervalName(first + ((from + at) % 200)),
          side: 'buy',
          price: '0.4',
          quantity: '0.001',
        })),
      )
    }
    const load = new Load(url, operatorKey, batch)
    await load.untilTooMuch(keys)
    const { acknowledged, refused, watched } = load.tally
    expect(watched).toBe(refused)
    expect(acknowledged.size).toBeGreaterThan(0)

    // It goes on without a restart, and what was refused holds nothing of the member's connection.
    const member = new OverwallClient({ url, key: keys[0]! })
    const place = async (quantityWh: number) => {
      const order = {
        interval: intervalName(first),
        side: 'buy',
        price: '0.4',
        quantity: kwhText(quantityWh),
      } as const
      return (await member.call('placeOrders', { params: { zone }, body: order })).orders[0]!.id
    }
    const { mostPerInterval } = await whenTaken(() => member.call('getMe'))
    const isOwn = ([id, key]: [string, string]) => key === keys[0] && parseOrderId(id)!.interval === first
    const leftWh = Number(mostPerInterval) * 1000 - [...acknowledged].filter(isOwn).length
    const beyond = whenTaken(() => place(leftWh + 1))
    await expect(beyond).rejects.toMatchObject({ problem: { code: 'beyond-connection' } })
    acknowledged.set(await whenTaken(() => place(leftWh)), keys[0]!)

    await Promise.all(started.splice(0).map(end))
    await using store = await openStore(`sqlite:${file}`, { now: () => 0, readOnly: true })
    const kept = Array.from({ length: 200 }, (_, at) => store.orders.booked(first + at)).flatMap(
      ({ count, request, index }, at) =>
        Array.from({ length: count }, (__, row) =>
          orderId({ interval: first + at, request: request[row]!, index: index[row]! }),
        ),
    )
    expect(kept).toHaveLength(acknowledged.size)
    expect(kept.filter((id) => !acknowledged.has(id))).toEqual([])
  },
)
