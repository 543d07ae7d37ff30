/** Every route with every role and with no key; and what is another's, tried with every route that takes an id. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { api, routeNames, type RouteName } from '../../src/contract/api.ts'
import { problem, problemMedia } from '../../src/contract/problems.ts'
import { paramNames, type Route } from '../../src/contract/route.ts'
import { parseKey } from '../../src/service/access/keys.ts'
import { intervalName } from '../../src/service/market/timeline.ts'
import { openTestService, zone, type TestService } from './services.ts'

let service: TestService
let keys: Record<'operator' | 'observer' | 'workshop' | 'plant', string>
/** ids that lead somewhere, all of them the workshop's or everybody's */
let known: Record<string, string>
/** bodies that a route takes */
let bodies: Partial<Record<RouteName, object>>

beforeAll(async () => {
  service = await openTestService()
  keys = { ...service.keys, workshop: await service.keyOf('workshop'), plant: await service.keyOf('plant') }
  const { first } = service.market.model.timeline
  const workshop = service.client(keys.workshop)
  const open = intervalName(first + 90)
  const order = { interval: open, side: 'buy', price: '0.4', quantity: '1' } as const
  const { orders } = await workshop.call('placeOrders', { params: { zone }, body: order })
  await service.moveTo(first + 60)
  const run = await workshop.call('startRun', { body: { from: '2027-05-10', to: '2027-05-10' } })
  const { credential } = await service
    .client(keys.operator)
    .call('makeCredential', { body: { role: 'observer' } })
  known = {
    zone,
    interval: intervalName(first + 48),
    order: orders[0]!.id,
    participant: 'workshop',
    credential: credential.id,
    month: '2027-05',
    run: run.id,
    file: 'summary.json',
  }
  bodies = {
    placeOrders: order,
    changeOrder: { price: '0.3', quantity: '1' },
    setBidding: { bidding: 'own' },
    setParticipant: { bidding: 'own' },
    sendReadings: { participant: 'workshop', interval: intervalName(first + 48), energy: '1' },
    clearBook: { network: { buses: [{ id: 'a', parent: null }] }, orders: [] },
    startRun: { from: '2027-05-10', to: '2027-05-10' },
    makeCredential: { role: 'observer' },
    moveClock: { intervals: 1 },
  }
}, 120_000)
afterAll(() => service.close(), 120_000)

/** Streams stay open, so they are tried elsewhere. */
const streams: readonly RouteName[] = ['followZone', 'followRun']
/** What ends something for the others is tried last. */
const ending: readonly RouteName[] = [
  'cancelOrder',
  'cancelRun',
  'revokeCredential',
  'rotateCredential',
  'moveClock',
]
const tried = routeNames.filter((name) => !streams.includes(name))
const inOrder = [...tried.filter((name) => !ending.includes(name)), ...ending]

async function ask(name: RouteName, key: string | null, ids: Record<string, string> = known) {
  const route: Route = api[name]
  const url = route.path.replace(/\{(\w+)\}/g, (_, param: string) => encodeURIComponent(ids[param]!))
  const query =
    name === 'listOrders'
      ? `?interval=${known['interval']!}`
      : name === 'listReadings'
        ? '?participant=workshop'
        : ''
  const body = bodies[name]
  return service.app.inject({
    method: route.method,
    url: url + query,
    headers: {
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...(body ? { 'content-type': 'application/json' } : {}),
      ...(name === 'changeOrder' ? { 'if-match': '"1"' } : {}),
    },
    ...(body ? { payload: JSON.stringify(body) } : {}),
  })
}

type Answer = Awaited<ReturnType<typeof ask>>

function codeOf(answer: Answer): string {
  expect(answer.headers['content-type']).toContain(problemMedia)
  return problem.parse(answer.json()).code
}

test.each(tried)('%s wants a key, unless it is for everybody', async (name) => {
  const without = await ask(name, null)
  const wrong = await ask(name, `ow_${'0'.repeat(16)}_${'A'.repeat(43)}`)
  if (api[name].roles === null) expect(without.statusCode).toBe(200)
  else expect([codeOf(without), codeOf(wrong)]).toEqual(['key-missing', 'key-unknown'])
})

const roleKeys = { operator: 'operator', observer: 'observer', participant: 'workshop' } as const

test('every route lets in the roles it names and refuses the others, and its answers have the shape they should', async () => {
  for (const role of ['observer', 'operator', 'participant'] as const) {
    for (const name of inOrder) {
      const route: Route = api[name]
      const answer = await ask(name, keys[roleKeys[role]])
      const where = `${name} as ${role}: ${answer.statusCode} ${answer.body.slice(0, 300)}`
      expect(answer.statusCode, where).not.toBe(500)
      if (route.roles && !route.roles.includes(role)) {
        expect(['role-not-allowed', 'statement-unknown'], where).toContain(codeOf(answer))
      } else if (answer.statusCode >= 400) {
        expect(
          [
            'statement-unknown',
            'run-unknown',
            'run-finished',
            'run-unfinished',
            'run-finished',
            'credential-unknown',
            'too-many-runs',
          ],
          where,
        ).toContain(codeOf(answer))
      } else {
        expect(answer.statusCode, where).toBe(route.answer.status)
        if (route.answer.schema)
          expect(route.answer.schema.safeParse(answer.json()).error, where).toBeUndefined()
      }
    }
  }
})

const withIds = tried.filter((name) => paramNames(api[name].path).length > 0)

test.each(withIds)('%s does not know an unknown id, whatever the role', async (name) => {
  for (const param of paramNames(api[name].path)) {
    for (const id of ['nobody', '9999999-0000000000-0', '2031-01-01T00:00', '..%2f', '__proto__', '💡']) {
      for (const key of [keys.operator, keys.observer, keys.workshop]) {
        const answer = await ask(name, key, { ...known, [param]: id })
        expect([404, 409], `${name} ${param}=${id}: ${answer.body}`).toContain(answer.statusCode)
      }
    }
  }
})

test("another's order is unknown, and so are its trades, readings and runs", async () => {
  for (const name of ['getOrder', 'changeOrder', 'cancelOrder'] as const) {
    expect(codeOf(await ask(name, keys.plant)), name).toBe('order-unknown')
    expect(codeOf(await ask(name, keys.operator)), name).toBe('role-not-allowed')
  }
  for (const name of [
    'getRun',
    'cancelRun',
    'getRunResult',
    'listRunFiles',
    'getRunFile',
    'followRun',
  ] as const)
    expect(codeOf(await ask(name, keys.plant)), name).toBe('run-unknown')
  expect(codeOf(await ask('listReadings', keys.plant))).toBe('participant-unknown')
  const trades = (await ask('getTrades', keys.plant)).json() as {
    trades: { buyer: string | null; seller: string | null }[]
  }
  expect(trades.trades.length).toBeGreaterThan(0)
  expect(trades.trades.every(({ buyer, seller }) => buyer === null && seller === 'plant')).toBe(true)
  const orders = (await ask('listOrders', keys.plant)).json() as { orders: { side: string }[] }
  expect(orders.orders.every(({ side }) => side === 'sell')).toBe(true)
})

test('before the clearing nobody but its owner reads an order; the operator sees how much there is', async () => {
  const open = intervalName(service.market.model.timeline.first + 95)
  const order = { interval: open, side: 'buy' as const, price: '0.4321', quantity: '7.654' }
  await service.client(keys.workshop).call('placeOrders', { params: { zone }, body: order })
  const ids = { ...known, interval: open }
  const totals = (await ask('getTotals', keys.operator, ids)).json() as object
  expect(totals).toEqual({ interval: open, orders: 1, buy: '7.654', sell: '0.000' })
  for (const name of tried) {
    for (const key of [keys.plant, keys.observer, keys.operator]) {
      const { body } = await ask(name, key, ids)
      expect(body, name).not.toContain('0.4321')
      if (name !== 'getTotals') expect(body, name).not.toContain('7.654')
    }
  }
})

test('no key and no secret stands in the log', () => {
  const text = service.log.join('\n')
  for (const key of Object.values(keys)) {
    expect(text).not.toContain(key)
    expect(text).not.toContain(parseKey(key)!.secret)
  }
})

test('a rotated key takes the place of the old one at once, and a revoked one opens nothing', async () => {
  const operator = service.client(service.keys.operator)
  const made = await operator.call('makeCredential', { body: { role: 'participant', participant: 'shop' } })
  expect((await service.client(made.key).call('getMe')).id).toBe('shop')
  const params = { credential: made.credential.id }
  const rotated = await operator.call('rotateCredential', { params })
  expect((await ask('getMe', made.key)).statusCode).toBe(401)
  expect((await service.client(rotated.key).call('getMe')).id).toBe('shop')
  await operator.call('revokeCredential', { params: { credential: rotated.credential.id } })
  expect((await ask('getMe', rotated.key)).statusCode).toBe(401)
  const { keys: listed } = await operator.call('listCredentials')
  expect(JSON.stringify(listed)).not.toContain(parseKey(rotated.key)!.secret)
  const { entries } = await operator.call('listAudit', { query: { limit: 1000 } })
  expect(entries.map(({ action }) => action)).toEqual(expect.arrayContaining(['add-key', 'revoke-key']))
})
