/** What goes wrong around a market, and what it answers then: clearly, and without writing down anything half done. */
import { chmodSync, readFileSync } from 'node:fs'
import { afterEach, expect, test } from 'vitest'
import { readSeeds } from '../../src/cli/files.ts'
import { clearJson } from '../../src/market/book-json.ts'
import { ClearingEngine } from '../../src/market/clear.ts'
import { quarterStartMs } from '../../src/base/quarter.ts'
import { worldOf } from '../../src/service/server.ts'
import type { UnprovedClearing } from '../../src/service/market/hold-auction.ts'
import { intervalName } from '../../src/service/market/timeline.ts'
import { WorkThreads } from '../../src/service/runs/work-threads.ts'
import { openStore } from '../../src/store/open.ts'
import { settable } from './markets.ts'
import { openTestService, zone, type ServiceSetup, type TestService } from './services.ts'

const opened: TestService[] = []
const right = Object.getOwnPropertyDescriptor(ClearingEngine.prototype, 'clear')!
  .value as ClearingEngine['clear']

afterEach(async () => {
  ClearingEngine.prototype.clear = right
  await Promise.all(opened.splice(0).map((service) => service.close()))
}, 120_000)

async function open(setup: ServiceSetup = {}): Promise<TestService> {
  const service = await openTestService(setup)
  opened.push(service)
  return service
}

async function ask(service: TestService, key: string, method: 'GET' | 'POST', url: string, body?: unknown) {
  const answer = await service.app.inject({
    method,
    url,
    headers: {
      authorization: `Bearer ${key}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
  })
  return {
    status: answer.statusCode,
    headers: answer.headers,
    text: answer.body,
    json: () => answer.json<Record<string, unknown>>(),
  }
}

const orders = `/v1/zones/${zone}/orders`
const orderFor = (interval: number) => ({
  interval: intervalName(interval),
  side: 'buy',
  price: '0.4',
  quantity: '1',
})

test('a clearing that is not proved is a 500, counted, its book saved and nothing recorded; once it is proved all goes on', async () => {
  const unproved: UnprovedClearing[] = []
  const service = await open({ onUnproved: (each) => unproved.push(each) })
  const { first } = service.market.model.timeline
  await service.moveTo(first + 40)
  ClearingEngine.prototype.clear = function spoiled(book) {
    const clearing = right.call(this, book)
    const at = clearing.acceptedWh.findIndex((acceptedWh, row) => row < book.count && acceptedWh > 0)
    if (at >= 0) clearing.acceptedWh[at] = 0
    return clearing
  }
  const moved = await ask(service, service.keys.operator, 'POST', '/v1/clock', { intervals: 10 })
  expect([moved.status, moved.json()['code']]).toEqual([500, 'clearing-not-proved'])
  expect(unproved.length).toBeGreaterThan(0)
  const { clearFrom, openFrom } = service.store.orders
  expect(openFrom).toBe(clearFrom + 1)
  expect(await service.store.intervals.record(clearFrom)).toBeUndefined()
  expect((await ask(service, '', 'GET', '/health/ready')).json()['came']).toContain('not-proved')
  ClearingEngine.prototype.clear = right
  expect(clearJson(unproved[0]!.bookJson)).toHaveProperty('welfare')
  service.market.pulse.wake()
  await expect.poll(() => service.market.pulse.trouble, { timeout: 20_000 }).toBe(null)
  expect(service.store.orders.clearFrom).toBe(first + 51)
  expect((await ask(service, '', 'GET', '/health/ready')).status).toBe(200)
})

test('a book cleared over HTTP is what the command line finds, and a wrong one names what is wrong', async () => {
  const service = await open()
  const book = {
    id: 'noon',
    network: {
      buses: [
        { id: 'busbar', parent: null },
        { id: 'feeder', parent: 'busbar', feeUp: '0.01', capacityUp: '6' },
      ],
    },
    orders: [
      { id: 'pv', bus: 'feeder', side: 'sell', price: '0.39', quantity: '10' },
      { id: 'shop', bus: 'busbar', side: 'buy', price: '0.5', quantity: '5' },
    ],
  }
  const cleared = await ask(service, service.keys.observer, 'POST', '/v1/clear', book)
  expect(cleared.json()).toEqual(clearJson(book))
  const wrong = {
    ...book,
    orders: [
      { ...book.orders[0], bus: 'moon', price: '9' },
      { ...book.orders[1], id: 'pv' },
    ],
  }
  const refused = await ask(service, service.keys.observer, 'POST', '/v1/clear', wrong)
  expect(refused.status).toBe(422)
  expect(refused.json()['errors']).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ code: 'unknown-bus', path: 'body.orders.0.bus' }),
      expect.objectContaining({ code: 'price-out-of-range', path: 'body.orders.0.price' }),
      expect.objectContaining({ code: 'duplicate-id', path: 'body.orders.1.id' }),
    ]),
  )
})

test('a clock that jumps back is refused until it is where it was', async () => {
  const startMs = quarterStartMs(2_010_976 + 10) + 1000
  const clock = settable(startMs)
  const service = await open({ clock: { kind: 'real' }, wall: clock })
  const key = await service.keyOf('workshop')
  await service.market.caughtUp(startMs)
  const interval = service.store.orders.openFrom + 2
  expect((await ask(service, key, 'POST', orders, orderFor(interval))).status).toBe(201)
  clock.nowMs -= 3_600_000
  service.market.pulse.wake()
  await expect.poll(() => service.market.pulse.trouble).toBe('clock-behind')
  const refused = await ask(service, key, 'POST', orders, orderFor(interval))
  expect([refused.status, refused.json()['code']]).toEqual([503, 'clock-behind'])
  expect(refused.headers['retry-after']).toBeDefined()
  expect((await ask(service, key, 'GET', `${orders}?interval=${intervalName(interval)}`)).status).toBe(200)
  clock.nowMs += 3_700_000
  service.market.pulse.wake()
  await expect.poll(() => service.market.pulse.trouble).toBe(null)
  expect((await ask(service, key, 'POST', orders, orderFor(interval + 3))).status).toBe(201)
})

test('requests beyond the limit of their key or address are sent away with the time to come back', async () => {
  const service = await open({
    limits: { perKey: 5, perAddress: 100, wrongKeys: 3, delayMs: 0, waitingOrders: 1e6 },
  })
  const statuses: number[] = []
  for (let at = 0; at < 7; at++)
    statuses.push((await ask(service, service.keys.observer, 'GET', '/v1/zones')).status)
  expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429])
  const refused = await ask(service, service.keys.observer, 'GET', '/v1/zones')
  expect(refused.json()['code']).toBe('too-many-requests')
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
  expect((await ask(service, service.keys.operator, 'GET', '/v1/zones')).status).toBe(200)
  const guesses: number[] = []
  for (let at = 0; at < 5; at++) guesses.push((await ask(service, 'ow_guess', 'GET', '/v1/zones')).status)
  expect(guesses).toEqual([401, 401, 401, 429, 429])
})

test('a proxy on this machine says whose request it hands on; nobody else is believed', async () => {
  const service = await open({
    limits: { perKey: 1e6, perAddress: 2, wrongKeys: 1e6, delayMs: 60_000, waitingOrders: 1e6 },
  })
  const from = async (remoteAddress: string, forwarded: string) => {
    const headers = { authorization: `Bearer ${service.keys.observer}`, 'x-forwarded-for': forwarded }
    const answer = await service.app.inject({ method: 'GET', url: '/v1/zones', headers, remoteAddress })
    return answer.statusCode
  }
  const statuses: number[] = []
  for (const client of ['198.51.100.1', '198.51.100.1', '198.51.100.1', '198.51.100.2'])
    statuses.push(await from('127.0.0.1', client))
  for (const client of ['198.51.100.3', '198.51.100.4', '198.51.100.5'])
    statuses.push(await from('203.0.113.9', client))
  expect(statuses).toEqual([200, 200, 429, 200, 200, 200, 429])
})

test('a database that may not be written is refused before it is served, and health says so', async () => {
  const first = await open()
  const { file } = first
  await Promise.all(opened.splice(0).map((service) => service.close()))
  const store = await openStore(`sqlite:${file}`, { now: () => 0, readOnly: true })
  await expect(store.check()).rejects.toMatchObject({ code: 'read-only' })
  await store.close()
  chmodSync(file, 0o644)
})

test('a database that is full refuses orders with 503 and loses none that were taken', async () => {
  const service = await open({ bytesMax: 400_000 })
  const key = await service.keyOf('workshop')
  const { first } = service.market.model.timeline
  const batch = Array.from({ length: 1000 }, () => ({ ...orderFor(first + 100), quantity: '0.001' }))
  let taken = 0
  let refused
  for (let at = 0; at < 200 && !refused; at++) {
    const interval = first + 50 + at
    const answer = await ask(
      service,
      key,
      'POST',
      orders,
      batch.map((order) => ({ ...order, interval: intervalName(interval) })),
    )
    if (answer.status === 201) taken += 1000
    else refused = answer
  }
  expect([refused?.status, refused?.json()['code'], refused?.json()['came']]).toEqual([
    503,
    'store-refuses',
    'full',
  ])
  expect(taken).toBeGreaterThan(0)
  const { file } = service
  await Promise.all(opened.splice(0).map((each) => each.close()))
  const store = await openStore(`sqlite:${file}`, { now: () => quarterStartMs(first) })
  const live = Array.from({ length: 250 }, (_, at) => store.orders.totals(first + at).live)
  expect(live.reduce((sum, count) => sum + count, 0)).toBe(taken)
  await store.close()
})

test('more books and scenarios than may wait are sent away with the time to come back', async () => {
  const threads = new WorkThreads({ waitingBooks: 1, runs: 1 })
  const source = {
    file: 'scenario.yaml',
    text: 'zone: 1',
    seeds: new Map(),
    data: new Map(),
    overrides: {},
    version: '0',
  }
  const asked = [
    ...Array.from({ length: 4 }, () => threads.check(source)),
    ...Array.from({ length: 4 }, () => threads.clear(Buffer.from('{'))),
  ]
  const answers = await Promise.allSettled(asked)
  const refused = answers.filter(({ status }) => status === 'rejected')
  expect(refused.length).toBeGreaterThan(0)
  expect(refused.length).toBeLessThan(8)
  for (const answer of refused)
    expect((answer as PromiseRejectedResult).reason).toMatchObject({ name: 'Refusal', code: 'overloaded' })
  await threads.close()
})

test('a scenario that trades a day ahead is refused: the market by the clock does not', () => {
  const file = 'scenarios/two-auctions.yaml'
  const scenario = { file, text: readFileSync(file, 'utf8'), seeds: readSeeds(), readData: () => undefined }
  expect(() => worldOf(scenario, {})).toThrow(/market\.auctions.*intraday alone.*day_ahead/)
})

test('metrics count what happens, in a registry of the app', async () => {
  const [one, other] = [await open(), await open()]
  const key = await one.keyOf('workshop')
  await ask(one, key, 'POST', orders, orderFor(one.market.model.timeline.first + 50))
  await ask(one, 'nobody', 'POST', orders)
  await ask(one, key, 'GET', '/nowhere')
  const text = (await ask(one, one.keys.operator, 'GET', '/metrics')).text
  expect(text).toContain('overwall_orders_total 1')
  expect(text).toMatch(
    /overwall_request_seconds_count\{method="POST",route="\/v1\/zones\/:zone\/orders",status="201"\} 1/,
  )
  expect(text).toMatch(
    /overwall_request_seconds_count\{method="POST",route="\/v1\/zones\/:zone\/orders",status="401"\} 1/,
  )
  expect(text).toContain('overwall_unknown_addresses_total 1')
  expect((await ask(other, other.keys.operator, 'GET', '/metrics')).text).toContain('overwall_orders_total 0')
})
