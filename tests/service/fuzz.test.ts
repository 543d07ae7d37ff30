/**
 * Every route from its own schema: valid requests, broken ones, and bytes that are none. None is answered with 500, with a
 * stack trace, with a body of another shape, or with much work.
 */
import { Buffer } from 'node:buffer'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { api, routeNames, type RouteName } from '../../src/contract/api.ts'
import { problem } from '../../src/contract/problems.ts'
import { paramNames, type Route } from '../../src/contract/route.ts'
import { nastyText, valuesFor } from './arbitraries.ts'
import { openTestService, zone, type TestService } from './services.ts'

let service: TestService
let keys: Record<'operator' | 'observer' | 'participant', string>
let ids: Record<string, readonly string[]>

beforeAll(async () => {
  service = await openTestService()
  const { first } = service.market.model.timeline
  keys = { ...service.keys, participant: await service.keyOf('workshop') }
  const client = service.client(keys.participant)
  const order = { interval: '2027-05-10T20:00', side: 'buy', price: '0.4', quantity: '1' } as const
  const { orders } = await client.call('placeOrders', { params: { zone }, body: order })
  await service.moveTo(first + 55)
  ids = {
    zone: [zone],
    interval: ['2027-05-10T12:00', '2027-05-10T20:00'],
    order: [orders[0]!.id],
    participant: ['workshop', 'plant'],
    credential: [keys.observer.split('_')[1]!],
    month: ['2027-05'],
    run: ['none'],
    file: ['summary.json'],
  }
}, 120_000)
afterAll(() => service.close(), 120_000)

/** A stream that is let in stays open; how it refuses is tried with the roles. */
const tried = routeNames.filter((name) => name !== 'followZone' && name !== 'followRun')

/** CPU time that one request may cost the thread which answers them all; moving the clock is work by itself. [µs] */
const mostCpuUs = 500_000

interface Sent {
  readonly method: Route['method']
  readonly url: string
  readonly headers: Record<string, string>
  readonly payload?: string | Buffer
}

async function sendAndCheck(name: RouteName, { payload, ...sent }: Sent): Promise<void> {
  const before = process.threadCpuUsage()
  const answer = await service.app.inject({ ...sent, ...(payload === undefined ? {} : { payload }) })
  const { user, system } = process.threadCpuUsage(before)
  const where = `${name} ${sent.url.slice(0, 200)} ${String(payload).slice(0, 300)} → ${answer.statusCode} ${answer.body.slice(0, 300)}`
  expect(answer.statusCode, where).toBeLessThan(500)
  expect(answer.body, where).not.toMatch(/\bat \S+ \(|node_modules|\/src\/|\.ts:\d/)
  if (name !== 'moveClock') expect(user + system, where).toBeLessThan(mostCpuUs)
  const route: Route = api[name]
  const schema =
    answer.statusCode >= 400 ? problem : answer.statusCode === 304 ? undefined : route.answer.schema
  if (schema) expect(schema.safeParse(answer.json()).success, where).toBe(true)
}

const keyOf = (route: Route) => (route.roles?.includes('participant') ? keys.participant : keys.operator)

/** Requests of a route: mostly with ids that lead somewhere, queries and headers from their schemas. */
function requests(name: RouteName): fc.Arbitrary<Sent> {
  const route: Route = api[name]
  const params = fc.record(
    Object.fromEntries(
      paramNames(route.path).map((param) => [
        param,
        fc.oneof(
          { weight: 5, arbitrary: fc.constantFrom(...ids[param]!) },
          { weight: 1, arbitrary: nastyText },
        ),
      ]),
    ),
  )
  const parts = (schema: z.ZodObject | undefined) =>
    fc.record(
      Object.fromEntries(
        Object.entries(schema?.shape ?? {}).map(([part, each]) => [
          part,
          valuesFor(jsonSchema(each as z.ZodType)),
        ]),
      ),
      { requiredKeys: [] },
    )
  const body = route.body
    ? fc.option(valuesFor(jsonSchema(route.body)), { nil: undefined, freq: 20 })
    : fc.constant(undefined)
  return fc
    .record({ params, query: parts(route.query), headers: parts(route.headers), body })
    .map((asked) => ({
      method: route.method,
      url: addressOf(route, asked.params, asked.query),
      headers: {
        authorization: `Bearer ${keyOf(route)}`,
        ...Object.fromEntries(
          Object.entries(asked.headers).map(([header, value]) => [header, headerText(value)]),
        ),
        ...(asked.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(asked.body === undefined ? {} : { payload: JSON.stringify(asked.body) }),
    }))
}

function jsonSchema(schema: z.ZodType): object {
  return z.toJSONSchema(schema, { io: 'input' })
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))

function addressOf({ path }: Route, params: Record<string, unknown>, query: Record<string, unknown>): string {
  const text = (value: unknown) => encodeURIComponent(textOf(value).toWellFormed())
  const address = path.replace(/\{(\w+)\}/g, (_, param: string) => text(params[param]))
  const search = Object.entries(query).map(([key, value]) => `${key}=${text(value)}`)
  return search.length === 0 ? address : `${address}?${search.join('&')}`
}

/** A header can hold only so much; what it cannot is another's problem. */
function headerText(value: unknown): string {
  return textOf(value)
    .replace(/[^\x20-\x7e]/g, '?')
    .slice(0, 500)
}

test.each(tried)('%s answers whatever it is asked', async (name) => {
  await fc.assert(
    fc.asyncProperty(requests(name), (sent) => sendAndCheck(name, sent)),
    { numRuns: 40 },
  )
})

const order = '{"interval":"2027-05-10T20:00","side":"buy","price":"0.4","quantity":"1"}'
const deep = (depth: number, open: string, close: string) => open.repeat(depth) + close.repeat(depth)

/** Bodies that no value of a schema looks like. */
const bodies: Record<string, string | Buffer> = {
  nothing: '',
  'white space': ' \n',
  'half a value': order.slice(0, -5),
  'two values': order + order,
  'a comment': `/* */${order}`,
  'a byte order mark': Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(order)]),
  'UTF-16': Buffer.from(order, 'utf16le'),
  'bytes that are no UTF-8': Buffer.concat([
    Buffer.from('{"interval":"'),
    Buffer.from([0xff, 0xfe, 0xc0]),
    Buffer.from('"}'),
  ]),
  'zero bytes': Buffer.alloc(1000),
  'a key twice': order.replace('"side":"buy"', '"side":"buy","side":"sell"'),
  'a key with the prototype': `{"__proto__":{"side":"sell"},${order.slice(1)}`,
  'arrays in arrays': deep(20_000, '[', ']'),
  'objects in objects': `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`,
  'a million empty orders': `[${'{},'.repeat(15_000)}{}]`,
  'a thousand and one orders': `[${`${order},`.repeat(1000)}${order}]`,
  'a number beyond all': order.replace('"0.4"', '1e999'),
  'a price of ten thousand digits': order.replace('0.4', '4'.repeat(10_000)),
  'lone surrogates': order.replace('buy', '\\ud800'),
}

const withBodies = tried.filter((name) => 'body' in api[name])

test.each(Object.entries(bodies))('no route that takes a body is upset by %s', async (_, payload) => {
  for (const name of withBodies) {
    const route: Route = api[name]
    const url = addressOf(
      route,
      Object.fromEntries(paramNames(route.path).map((param) => [param, ids[param]![0]])),
      {},
    )
    const headers = {
      authorization: `Bearer ${keyOf(route)}`,
      'content-type': 'application/json',
      'if-match': '"1"',
    }
    await sendAndCheck(name, { method: route.method, url, headers, payload })
  }
})

test('a body that is too large or of another type is refused as such', async () => {
  const url = `/v1/zones/${zone}/orders`
  const headers = { authorization: `Bearer ${keys.participant}` }
  const ask = (payload: string, type: string) =>
    service.app.inject({ method: 'POST', url, headers: { ...headers, 'content-type': type }, payload })
  expect((await ask(`[${'1,'.repeat(300_000)}1]`, 'application/json')).json()).toMatchObject({
    status: 413,
    code: 'body-too-large',
  })
  for (const type of [
    'text/plain',
    'application/xml',
    'multipart/form-data; boundary=x',
    'application/x-www-form-urlencoded',
  ])
    expect((await ask(order, type)).json()).toMatchObject({ status: 415, code: 'media-type', came: type })
  const packed = { ...headers, 'content-type': 'application/json', 'content-encoding': 'gzip' }
  const answer = await service.app.inject({ method: 'POST', url, headers: packed, payload: gzipSync(order) })
  expect(answer.json()).toMatchObject({ status: 415, code: 'media-type', came: 'Content-Encoding: gzip' })
})

test('a request without a body may say that it is JSON where none is wanted, and nowhere else', async () => {
  const headers = { authorization: `Bearer ${keys.operator}`, 'content-type': 'application/json' }
  const ask = (url: string) => service.app.inject({ method: 'POST', url, headers })
  const publish = `/v1/zones/${zone}/clearings/2027-05-10T12:00/publications`
  expect((await ask(publish)).statusCode).toBe(201)
  expect((await ask('/v1/keys')).json()).toMatchObject({ status: 400, code: 'invalid-json', came: 'nothing' })
})

test('addresses that no route has are unknown, however they are written', async () => {
  for (const url of [
    '/v2',
    '/v1/zones/',
    '/v1/zones/minimal/orders/a/b',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/v1/%ff',
    `/v1/zones/${'z'.repeat(3000)}`,
    '//',
    '/docs/../../v3',
  ]) {
    const answer = await service.app.inject({
      method: 'GET',
      url,
      headers: { authorization: `Bearer ${keys.operator}` },
    })
    expect([400, 404], `${url}: ${answer.body.slice(0, 100)}`).toContain(answer.statusCode)
    expect(problem.safeParse(answer.json()).success, answer.body).toBe(true)
  }
  const headers = { 'content-type': 'application/json' }
  for (const payload of ['', '{', order]) {
    const answer = await service.app.inject({ method: 'POST', url: '/v1/order', headers, payload })
    expect(answer.json()).toMatchObject({ status: 404, code: 'route-unknown', came: 'POST /v1/order' })
  }
})

test('who opens the service in a browser is led to its description', async () => {
  const led = await service.app.inject({ method: 'GET', url: '/' })
  expect([led.statusCode, led.headers.location]).toEqual([302, '/docs'])
  const page = await service.app.inject({ method: 'GET', url: '/docs' })
  expect([page.statusCode, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
})
