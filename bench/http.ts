/**
 * `npm run bench -- http`: the service under load beside a bare Fastify that checks the same bodies with the same schema and
 * keeps nothing, by turns in one run. `ratio` is our requests (or orders) a second over the floor's; `cpuRatio` the same by
 * the CPU time of the two processes, which other work on the machine disturbs less.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import autocannon from 'autocannon'
import { orderRequests, startServed, usage, type Served } from './http/drive.ts'
import { digits, median } from './timing.ts'

const seconds = 4
const turns = 3
const connections = 40

export async function benchHttp(): Promise<object[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'overwall-bench-'))
  const floor = await startServed('floor.ts')
  const database = (name: string) => `sqlite:${path.join(folder, name)}`
  const manual = await startServed('served.ts', database('manual.db'), 'manual')
  try {
    const rows = [
      await compared('single-orders', manual, floor, orderRequests(manual, 1), 1),
      await compared('batches-of-100', manual, floor, orderRequests(manual, 100), 100),
      await largeGate(manual),
      await compared('cached-reads', manual, floor, readRequests(manual), 1),
    ]
    manual.child.kill('SIGKILL')
    return [...rows, await auctionRunning(floor, database('running.db'))]
  } finally {
    for (const { child } of [floor, manual]) child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A quarter-hour a second, so that every second a gate closes, clears and settles. */
async function auctionRunning(floor: Served, database: string): Promise<object> {
  const running = await startServed('served.ts', database, '900')
  try {
    return await compared('single-orders-auction-running', running, floor, orderRequests(running, 1), 1)
  } finally {
    running.child.kill('SIGKILL')
  }
}

const gateOrders = 200_000

/** A gate of many orders closes while single orders come in: how long the event loop is held, beside how long without. */
async function largeGate(served: Served): Promise<object> {
  const { url, zone, keys, nextInterval, operatorKey } = served
  const post = async (path: string, key: string, body: unknown) => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
    const answer = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) })
    if (!answer.ok) throw new Error(await answer.text())
  }
  for (let batch = 0; batch < gateOrders / 1000; batch++) {
    const orders = Array.from({ length: 1000 }, (_, at) => ({
      interval: nextInterval,
      side: 'buy',
      price: (0.2 + ((batch * 37 + at * 17) % 2500) / 10_000).toFixed(4),
      quantity: '0.001',
    }))
    await post(`/v1/zones/${zone}/orders`, keys[batch % keys.length]!, orders)
  }
  const requests = orderRequests(served, 1)
  await usage(served, 'reset')
  await measure(served, requests)
  const before = (await usage(served, 'reset')).held
  const loading = measure(served, requests)
  const start = performance.now()
  await post('/v1/clock', operatorKey, { intervals: 1 })
  const gateMs = performance.now() - start
  await loading
  const { held } = await usage(served)
  return {
    bench: 'http',
    workload: `gate-of-${gateOrders}`,
    gateMs: digits(gateMs),
    heldMaxMs: digits(held.maxMs),
    heldMaxWithoutMs: digits(before.maxMs),
    heldP99Ms: digits(held.p99Ms),
    heldP99WithoutMs: digits(before.p99Ms),
  }
}

function readRequests({ zone, keys, nextInterval }: Served): autocannon.Request[] {
  return keys.map((key) => ({
    method: 'GET',
    path: `/v1/zones/${zone}/clearings/${nextInterval}`,
    headers: { authorization: `Bearer ${key}` },
  }))
}

interface Measured {
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
  readonly cpuUs: number
  readonly refused: number
}

async function measure(served: Served, requests: autocannon.Request[]): Promise<Measured> {
  const before = await usage(served)
  const result = await autocannon({ url: served.url, connections, duration: seconds, requests })
  const after = await usage(served)
  const cpuUs = after.cpu.user + after.cpu.system - before.cpu.user - before.cpu.system
  const count = result.requests.total
  return {
    perSecond: count / result.duration,
    p50: result.latency.p50,
    p99: result.latency.p99,
    cpuUs: cpuUs / count,
    refused: result.non2xx + result.errors,
  }
}

async function compared(
  workload: string,
  served: Served,
  floor: Served,
  requests: autocannon.Request[],
  ordersEach: number,
): Promise<object> {
  const [ours, floors]: [Measured[], Measured[]] = [[], []]
  for (let turn = 0; turn <= turns; turn++) {
    const [own, bare] = [await measure(served, requests), await measure(floor, requests)]
    // The first turn warms up.
    if (turn === 0) continue
    ours.push(own)
    floors.push(bare)
  }
  const of = (list: Measured[], field: keyof Measured) => median(list.map((each) => each[field]))
  return {
    bench: 'http',
    workload,
    ratio: digits(of(ours, 'perSecond') / of(floors, 'perSecond')),
    cpuRatio: digits(of(floors, 'cpuUs') / of(ours, 'cpuUs')),
    perSecond: Math.round(of(ours, 'perSecond') * ordersEach),
    floorPerSecond: Math.round(of(floors, 'perSecond') * ordersEach),
    p99Ms: of(ours, 'p99'),
    floorP99Ms: of(floors, 'p99'),
    refused: of(ours, 'refused'),
  }
}
