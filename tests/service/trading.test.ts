/** A day at the market as its members live it, through the typed client. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ProblemError, type OverwallClient } from '../../src/contract/client.ts'
import type { ProblemCode } from '../../src/contract/problems.ts'
import { intervalName } from '../../src/service/market/timeline.ts'
import { newFile } from './markets.ts'
import { openTestService, zone, type TestService } from './services.ts'

let service: TestService
let operator: OverwallClient
let workshop: OverwallClient
let shop: OverwallClient
let plant: OverwallClient
/** noon of the first day */
let noon: number

beforeAll(async () => {
  service = await openTestService()
  operator = service.client(service.keys.operator)
  workshop = service.client(await service.keyOf('workshop'))
  shop = service.client(await service.keyOf('shop'))
  plant = service.client(await service.keyOf('plant'))
  noon = service.market.model.timeline.first + 48
}, 120_000)
afterAll(() => service.close(), 120_000)

const params = { zone }
const buy = (interval: number, more: object = {}) => ({
  interval: intervalName(interval),
  side: 'buy' as const,
  price: '0.45',
  quantity: '100',
  ...more,
})

/** The problem that a call is refused with. */
async function refused(call: Promise<unknown>): Promise<ProblemError['problem']> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(ProblemError)
  return (error as ProblemError).problem
}

async function codeOf(call: Promise<unknown>): Promise<ProblemCode> {
  return (await refused(call)).code
}

test('an order is placed, read, changed against its revision, cancelled once', async () => {
  const placed = await workshop.call('placeOrders', { params, body: buy(noon) })
  const { id } = placed.orders[0]!
  const ask = { params: { zone, order: id } }
  const order = await workshop.call('getOrder', ask)
  expect(order).toMatchObject({
    id,
    price: '0.4500',
    quantity: '100.000',
    state: 'open',
    revision: 1,
    outcome: null,
  })
  const changed = await workshop.call('changeOrder', {
    ...ask,
    headers: { 'if-match': '"1"' },
    body: { price: '0.40', quantity: '80' },
  })
  expect(changed).toMatchObject({ price: '0.4000', quantity: '80.000', revision: 2 })
  expect(await codeOf(workshop.call('changeOrder', { ...ask, body: { price: '0.4', quantity: '1' } }))).toBe(
    'if-match-missing',
  )
  const cancelled = await workshop.call('cancelOrder', ask)
  expect(cancelled).toMatchObject({
    state: 'cancelled',
    outcome: { outcome: 'cancelled', reason: 'cancelled-by-owner' },
  })
  expect(await codeOf(workshop.call('cancelOrder', ask))).toBe('order-final')
})

test('of two changes at once one wins and the other is told so', async () => {
  const { orders } = await workshop.call('placeOrders', { params, body: buy(noon + 1) })
  const change = (price: string) =>
    workshop
      .call('changeOrder', {
        params: { zone, order: orders[0]!.id },
        headers: { 'if-match': '"1"' },
        body: { price, quantity: '50' },
      })
      .then(
        (order) => order.price,
        (error: unknown) => (error as ProblemError).problem.code,
      )
  const answers = await Promise.all([change('0.41'), change('0.42'), change('0.43')])
  expect(answers.filter((answer) => answer === 'order-changed')).toHaveLength(2)
  const [winner] = answers.filter((answer) => answer !== 'order-changed')
  const kept = await workshop.call('getOrder', { params: { zone, order: orders[0]!.id } })
  expect(kept).toMatchObject({ price: winner, revision: 2 })
})

test('a batch is placed whole or not at all, and everything wrong with it is told', async () => {
  const body = [
    buy(noon + 2),
    buy(noon + 2, { price: '2.5' }),
    buy(noon + 2, { bus: 'busbar', quantity: '999999' }),
  ]
  const problem = await refused(workshop.call('placeOrders', { params, body }))
  expect(problem.status).toBe(422)
  expect(problem.errors?.map(({ code, path }) => [code, path])).toEqual([
    ['price-out-of-range', 'body.1.price'],
    ['other-bus', 'body.2.bus'],
    ['beyond-connection', 'body.2.quantity'],
  ])
  const { orders } = await workshop.call('listOrders', {
    params,
    query: { interval: intervalName(noon + 2) },
  })
  expect(orders).toEqual([])
})

test('what is wrong is told with its place, in a single order, in a batch and in a change', async () => {
  const single = await refused(
    workshop.call('placeOrders', { params, body: buy(noon + 2, { price: '2.5' }) }),
  )
  expect([single.code, single.path]).toEqual(['price-out-of-range', 'body.price'])
  const late = await refused(workshop.call('placeOrders', { params, body: buy(noon - 48) }))
  expect([late.code, late.path]).toEqual(['gate-closed', 'body.interval'])
  for (const price of ['0,4', 0.4 as never]) {
    const shape = await refused(workshop.call('placeOrders', { params, body: buy(noon + 2, { price }) }))
    expect([shape.wanted, shape.path]).toEqual(['a price as "0.4213", up to 4 places', 'body.price'])
  }
  const many = await refused(
    workshop.call('placeOrders', { params, body: Array(1001).fill(buy(noon + 2, { quantity: '0.001' })) }),
  )
  expect([many.wanted, many.path]).toEqual(['array <=1000 items', 'body'])
  const { orders } = await workshop.call('placeOrders', { params, body: buy(noon + 2) })
  const ask = { params: { zone, order: orders[0]!.id } }
  const change = { ...ask, headers: { 'if-match': '*' } }
  const changed = await refused(
    workshop.call('changeOrder', { ...change, body: { price: '2.5', quantity: '1' } }),
  )
  expect([changed.code, changed.path]).toEqual(['price-out-of-range', 'body.price'])
  expect(
    await workshop.call('changeOrder', { ...change, body: { price: '0.4', quantity: '1' } }),
  ).toMatchObject({ revision: 2 })
  await workshop.call('cancelOrder', ask)
})

test('requests at once take no more than a connection carries together, and what is given back can be taken again', async () => {
  const { mostPerInterval } = await workshop.call('getMe')
  const most = Number(mostPerInterval)
  const sixTenths = (most * 0.6).toFixed(3)
  const interval = noon + 6
  const place = () => workshop.call('placeOrders', { params, body: buy(interval, { quantity: sixTenths }) })
  const [first, ...others] = await Promise.allSettled([place(), place(), place()])
  expect([first!.status, ...others.map(({ status }) => status)]).toEqual([
    'fulfilled',
    'rejected',
    'rejected',
  ])
  const { orders } = (first as PromiseFulfilledResult<Awaited<ReturnType<typeof place>>>).value
  const small = await workshop.call('placeOrders', { params, body: buy(interval, { quantity: '0.001' }) })
  const grow = (order: string, quantity: number) =>
    workshop.call('changeOrder', {
      params: { zone, order },
      headers: { 'if-match': '*' },
      body: { price: '0.4', quantity: quantity.toFixed(3) },
    })
  // Each alone would fit.
  const grown = await Promise.allSettled([
    grow(orders[0]!.id, most * 0.8),
    grow(small.orders[0]!.id, most * 0.3),
  ])
  expect(grown.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
  await workshop.call('cancelOrder', { params: { zone, order: orders[0]!.id } })
  expect(await place()).toMatchObject({ orders: [{}] })
})

test('nobody buys what only sells, sells what only buys, or takes more than its connection carries in many orders', async () => {
  expect(await codeOf(plant.call('placeOrders', { params, body: buy(noon + 3) }))).toBe('other-side')
  expect(await codeOf(workshop.call('placeOrders', { params, body: buy(noon + 3, { side: 'sell' }) }))).toBe(
    'other-side',
  )
  const { mostPerInterval } = await workshop.call('getMe')
  await workshop.call('placeOrders', { params, body: buy(noon + 3, { quantity: mostPerInterval }) })
  expect(
    await codeOf(workshop.call('placeOrders', { params, body: buy(noon + 3, { quantity: '0.001' }) })),
  ).toBe('beyond-connection')
})

test('the same request again under one idempotency key is answered again and placed once, also after the gate', async () => {
  const ask = { params, headers: { 'idempotency-key': 'k-1' }, body: buy(noon - 40, { quantity: '40' }) }
  const first = await shop.call('placeOrders', ask)
  expect(await shop.call('placeOrders', ask)).toEqual(first)
  expect(await codeOf(shop.call('placeOrders', { ...ask, body: buy(noon - 40, { price: '0.3' }) }))).toBe(
    'idempotency-conflict',
  )
  const { orders } = await shop.call('listOrders', { params, query: { interval: intervalName(noon - 40) } })
  expect(orders).toHaveLength(1)
  await service.moveTo(noon - 40)
  expect(await shop.call('placeOrders', ask)).toEqual(first)
})

test('a request that fills the connection is answered again too: at once, after a restart, beside another process', async () => {
  const file = newFile()
  const first = await openTestService({ file })
  const interval = first.market.model.timeline.first + 30
  const ask = { params, headers: { 'idempotency-key': 'k-2' }, body: buy(interval, { quantity: '625' }) }
  const key = await first.keyOf('workshop')
  const placing = [1, 2, 3].map(() => first.client(key).call('placeOrders', ask))
  const [answer, ...again] = await Promise.all(placing)
  expect(again).toEqual([answer, answer])
  const second = await openTestService({ file })
  expect(await second.client(key).call('placeOrders', ask)).toEqual(answer)
  const other = { ...ask, body: buy(interval, { quantity: '600' }) }
  expect(await codeOf(second.client(key).call('placeOrders', other))).toBe('idempotency-conflict')
  await first.close()
  await second.close()
})

test('a late order is refused with the closed interval named, and so are late changes', async () => {
  const { orders } = await shop.call('placeOrders', { params, body: buy(noon - 30, { quantity: '10' }) })
  await service.moveTo(noon - 30)
  const name = intervalName(noon - 30)
  const late = await refused(
    shop.call('placeOrders', { params, body: [buy(noon + 4, { quantity: '10' }), buy(noon - 30)] }),
  )
  expect(late).toMatchObject({ status: 409, code: 'gate-closed', interval: name, path: 'body.1.interval' })
  expect(late.came).toContain(name)
  const order = { zone, order: orders[0]!.id }
  const change = shop.call('changeOrder', {
    params: order,
    headers: { 'if-match': '"1"' },
    body: { price: '0.4', quantity: '1' },
  })
  expect(await refused(change)).toMatchObject({ code: 'gate-closed', interval: name })
  expect(await codeOf(shop.call('cancelOrder', { params: order }))).toBe('gate-closed')
})

test('an own order takes the place of the strategy, is cleared, settled, billed, and told with its reason', async () => {
  const interval = noon + 10
  const { orders } = await workshop.call('placeOrders', {
    params,
    body: [
      buy(interval, { price: '1.9', quantity: '20' }),
      buy(interval, { price: '0.0001', quantity: '20' }),
    ],
  })
  await service.moveTo(interval + 1)
  const name = intervalName(interval)
  const own = await workshop.call('listOrders', { params, query: { interval: name } })
  expect(own.orders.map(({ id, outcome }) => [id, outcome?.outcome, outcome?.reason])).toEqual([
    [orders[0]!.id, 'accepted', 'within-price'],
    [orders[1]!.id, 'not-accepted', 'outside-price'],
  ])
  const clearing = await shop.call('getClearing', { params: { zone, interval: name } })
  expect(clearing.certificate.welfare).toBe(clearing.certificate.dualBound)
  expect(Number(clearing.volume)).toBeGreaterThan(20)
  const { trades } = await workshop.call('getTrades', { params: { zone, interval: name } })
  expect(trades.length).toBeGreaterThan(0)
  expect(
    trades.every(
      ({ buyer, seller, sellOrder }) => buyer === 'workshop' && seller === null && sellOrder === null,
    ),
  ).toBe(true)
  expect(trades.reduce((sum, { quantity }) => sum + Number(quantity), 0)).toBe(20)
  expect(trades.every(({ settled }) => settled !== null)).toBe(true)
  const all = await operator.call('getTrades', { params: { zone, interval: name } })
  expect(all.trades.every(({ buyer, seller }) => buyer !== null && seller !== null)).toBe(true)
  const curve = await shop.call('getCurve', { params: { zone, interval: name } })
  expect(curve.buy.map(({ price }) => Number(price)).toSorted((a, b) => b - a)).toEqual(
    curve.buy.map(({ price }) => Number(price)),
  )
  expect(JSON.stringify(curve)).not.toMatch(/workshop|plant/)
})

test('ranges of clearings and trades come page by page, each once', async () => {
  const read: string[] = []
  let cursor: string | undefined
  do {
    const page = await operator.call('listClearings', {
      params,
      query: { limit: 7, ...(cursor ? { cursor } : {}) },
    })
    read.push(...page.clearings.map(({ interval }) => interval))
    cursor = page.next ?? undefined
  } while (cursor)
  const { first } = service.market.model.timeline
  const { clearFrom } = service.store.orders
  expect(read).toEqual(Array.from({ length: clearFrom - first }, (_, at) => intervalName(first + at)))
  const ids: string[] = []
  do {
    const page = await operator.call('listTrades', {
      params,
      query: { limit: 5, ...(cursor ? { cursor } : {}) },
    })
    ids.push(...page.trades.map(({ id }) => id))
    cursor = page.next ?? undefined
  } while (cursor)
  expect(new Set(ids).size).toBe(ids.length)
  const whole = await operator.call('listTrades', { params, query: { limit: 1000 } })
  expect(ids).toEqual(whole.trades.map(({ id }) => id))
})

test('a clearing that is known is not sent again', async () => {
  const url = `/v1/zones/${zone}/clearings/${intervalName(noon)}`
  const headers = { authorization: `Bearer ${service.keys.observer}` }
  const first = await service.app.inject({ url, headers })
  expect(first.headers['cache-control']).toContain('immutable')
  const again = await service.app.inject({
    url,
    headers: { ...headers, 'if-none-match': first.headers.etag as string },
  })
  expect([again.statusCode, again.body]).toEqual([304, ''])
})

test('an order that is known is sent again once its gate and its clearing have made something of it', async () => {
  const interval = noon + 12
  const key = await service.keyOf('workshop')
  const { orders } = await workshop.call('placeOrders', { params, body: buy(interval) })
  const get = (tag: string) =>
    service.app.inject({
      url: `/v1/zones/${zone}/orders/${orders[0]!.id}`,
      headers: { authorization: `Bearer ${key}`, 'if-none-match': tag },
    })
  const open = await get('"0"')
  expect(open.headers.etag).toBe('"1"')
  expect((await get('"1"')).statusCode).toBe(304)
  await service.moveTo(interval)
  const cleared = await get('"1"')
  expect(cleared.json()).toMatchObject({ state: 'cleared', outcome: { accepted: expect.any(String) } })
  expect((await get(cleared.headers.etag as string)).statusCode).toBe(304)
})

test('without a first interval the list of intervals begins with the gate that closes next', async () => {
  const { nextGate } = await shop.call('getClock')
  const { intervals } = await shop.call('listIntervals', { params, query: { limit: 2 } })
  expect(intervals[0]).toMatchObject({ interval: nextGate, state: 'open', prices: null })
})

test('a character 0, which not every database keeps, is refused in names and labels', async () => {
  const headers = { authorization: `Bearer ${service.keys.operator}` }
  for (const url of ['/v1/runs/%00', '/v1/runs/a%00/files/b', '/v1/participants/%00']) {
    const answer = await service.app.inject({ url, headers })
    expect([answer.statusCode, answer.json().code], url).toEqual([404, 'route-unknown'])
  }
  const label = operator.call('makeCredential', { body: { role: 'observer', label: 'a\0' } })
  expect(await refused(label)).toMatchObject({ wanted: 'text without a character 0', path: 'body.label' })
  const day = operator.call('moveClock', { body: { to: '2027-06-01' } })
  expect((await refused(day)).wanted).toBe(
    'an instant with its offset from UTC, as "2027-06-01T12:10:00+08:00"',
  )
})

test('what is wrong with one of many readings is told with its place', async () => {
  const good = { participant: 'shop', interval: intervalName(noon - 48), energy: '1' }
  const names = [
    [{ participant: 'nobody' }, 'participant-unknown', 'body.1.participant'],
    [{ interval: '2027-02-30T00:00' }, 'interval-unknown', 'body.1.interval'],
  ] as const
  for (const [wrong, code, path] of names) {
    const body = [good, { ...good, ...wrong }]
    expect(await refused(operator.call('sendReadings', { body }))).toMatchObject({ code, path })
  }
})

test('a corrected reading keeps its history, settles once more, and changes what is billed', async () => {
  const interval = noon + 12
  await service.moveTo(interval + 1)
  const name = intervalName(interval)
  const before = await workshop.call('getSavings')
  for (const [member, sign] of [
    [shop, 1],
    [workshop, 1],
    [plant, -1],
  ] as const)
    for (const { withMarket, withoutMarket, saved } of (await member.call('getSavings')).months)
      expect((sign * (Number(withoutMarket) - Number(withMarket))).toFixed(2)).toBe(saved)
  const { readings } = await operator.call('sendReadings', {
    body: { participant: 'workshop', interval: name, energy: '1.000' },
  })
  expect(readings).toMatchObject([{ participant: 'workshop', energy: '1.000', version: 2, source: 'sent' }])
  await service.market.caughtUp(service.market.clock.now())
  const settled = async () => (await service.store.intervals.record(interval))!.settlements
  while ((await settled()).length < 2) await new Promise((resolve) => setTimeout(resolve, 5))
  const [first, second] = await settled()
  expect(second!.postings.count).toBeGreaterThan(0)
  expect(second!.postings.amountE11.reduce((sum, amount) => sum + amount, 0n)).toBe(0n)
  expect(first!.postings).not.toEqual(second!.postings)
  const history = await workshop.call('listReadings', { query: { interval: name } })
  expect(history.readings.map(({ version, source }) => [version, source])).toEqual([
    [1, 'simulated'],
    [2, 'sent'],
  ])
  const after = await workshop.call('getSavings')
  expect(after.months[0]!.withoutMarket).not.toBe(before.months[0]!.withoutMarket)
  expect(
    await codeOf(
      operator.call('sendReadings', {
        body: { participant: 'workshop', interval: intervalName(interval + 5), energy: '1' },
      }),
    ),
  ).toBe('meter-too-early')
})

test('trades of many days come page by page, each once, however far a page reaches', async () => {
  await service.moveTo(service.market.model.timeline.end)
  const read = async (limit: number) => {
    const ids: string[] = []
    let cursor: string | undefined
    do {
      const query = { limit, ...(cursor ? { cursor } : {}) }
      const page = await operator.call('listTrades', { params, query })
      ids.push(...page.trades.map(({ id }) => id))
      cursor = page.next ?? undefined
    } while (cursor)
    return ids
  }
  const ids = await read(1000)
  expect(ids.length).toBeGreaterThan(100)
  expect(new Set(ids).size).toBe(ids.length)
  expect(await read(7)).toEqual(ids)
})

test('a month is closed when its statements are due, and its bill is what the ledger says', async () => {
  await service.moveTo(service.market.model.timeline.end)
  expect(await codeOf(workshop.call('getStatement', { params: { month: '2027-05' } }))).toBe(
    'statement-unknown',
  )
  await operator.call('moveClock', { body: { to: '2027-06-20T00:00:00+08:00' } })
  const { months } = await workshop.call('listStatements')
  expect(months).toEqual(['2027-05'])
  const statement = await workshop.call('getStatement', { params: { month: '2027-05' } })
  const sum = statement.lines.reduce((total, { amount }) => total + Math.round(Number(amount) * 100), 0)
  expect((sum / 100).toFixed(2)).toBe(statement.total)
  const { months: saved } = await workshop.call('getSavings')
  expect(saved).toMatchObject([
    { month: '2027-05', closed: true, withMarket: statement.total, withoutMarket: statement.withoutMarket },
  ])
  const late = operator.call('sendReadings', {
    body: { participant: 'shop', interval: intervalName(noon), energy: '1' },
  })
  expect(await codeOf(late)).toBe('month-closed')
})

test('a reading that statements overtake is refused, though the clock would still take it', async () => {
  const service = await openTestService()
  const interval = service.market.model.timeline.first
  await service.moveTo(interval + 4)
  const range = { from: interval, to: interval + 96 }
  await service.store.statements.issue('2027-05', range, [{ participant: 1, body: Uint8Array.of(1) }], {
    atMs: 0,
  })
  const body = { participant: 'shop', interval: intervalName(interval), energy: '1' }
  expect(await codeOf(service.client(service.keys.operator).call('sendReadings', { body }))).toBe(
    'month-closed',
  )
  await service.close()
})
