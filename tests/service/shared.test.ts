/** One market, two services, PostgreSQL behind them: any takes orders, one clears, and when that one is killed the other does. */
import { readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { OverwallClient } from '../../src/contract/client.ts'
import { intervalName, intervalOf } from '../../src/service/market/timeline.ts'
import { replay } from '../../src/service/replay.ts'
import { openStore } from '../../src/store/open.ts'
import { minimal } from '../simulation/zones.ts'
import { startPostgres, type PostgresServer } from '../store/postgres-server.ts'
import { keyPrinted, overwall } from './command.ts'
import { serve, type Served } from './crash/served.ts'
import { worldOf } from './worlds.ts'

let server: PostgresServer
let address: string
let one: Served
let other: Served
let operatorKey: string

beforeAll(async () => {
  server = await startPostgres()
  address = await server.database()
  one = await serve(minimal, address, 'x900')
  other = await serve(minimal, address, 'x900')
  operatorKey = one.operatorKey!
}, 240_000)
afterAll(async () => {
  await Promise.all([one?.kill(), other?.kill()])
  await server?.stop()
}, 120_000)

const params = { zone: 'minimal' }

test('what one service takes the other reads, changes and lists at once', { timeout: 120_000 }, async () => {
  const operator = new OverwallClient({ url: one.url, key: operatorKey })
  const body = { role: 'participant', participant: 'shop' } as const
  const { key } = await operator.call('makeCredential', { body })
  const here = new OverwallClient({ url: one.url, key })
  const there = new OverwallClient({ url: other.url, key })
  await expect
    .poll(() => there.call('getMe').catch(() => null), { timeout: 20_000 })
    .toMatchObject({ id: 'shop' })
  const interval = intervalName(intervalOf((await here.call('getClock')).nextGate!)! + 60)
  const terms = { interval, side: 'buy', price: '0.42', quantity: '0.1' } as const
  const ids: string[] = []
  // Often enough that news which come by themselves, twice a second, would come too late for one of them.
  for (let turn = 0; turn < 20; turn++) {
    const { orders } = await here.call('placeOrders', { params, body: terms })
    const { id } = orders[0]!
    expect(await there.call('getOrder', { params: { ...params, order: id } })).toMatchObject({
      id,
      revision: 1,
    })
    ids.push(id)
  }
  const id = ids.at(-1)!
  const changing = { params: { ...params, order: id }, body: { price: '0.43', quantity: '0.1' } }
  const headers = { 'if-match': '"1"' }
  await there.call('changeOrder', { ...changing, headers })
  const { orders } = await here.call('listOrders', { params, query: { interval } })
  expect(orders.map((order) => order.id)).toEqual(ids)
  expect(orders.at(-1)).toMatchObject({ price: '0.4300', revision: 2 })
  await expect(here.call('changeOrder', { ...changing, headers })).rejects.toMatchObject({
    problem: { status: 412 },
  })
})

test(
  'a lost operator key is replaced on the database, and every service learns it',
  { timeout: 120_000 },
  async () => {
    const { status, stdout } = await overwall('operator-key', '--db', address)
    expect(status).toBe(0)
    const lost = operatorKey
    operatorKey = keyPrinted(stdout)
    const listed = ({ url }: Served, key: string) =>
      new OverwallClient({ url, key }).call('listCredentials').then(
        () => true,
        () => false,
      )
    for (const service of [one, other]) {
      await expect.poll(() => listed(service, operatorKey), { timeout: 20_000 }).toBe(true)
      expect(await listed(service, lost)).toBe(false)
    }
  },
)

test(
  'killing the service that clears loses no interval and no order, whichever took it',
  { timeout: 240_000 },
  async () => {
    const operator = new OverwallClient({ url: one.url, key: operatorKey })
    expect(other.operatorKey).toBeUndefined()
    const { key } = await operator.call('makeCredential', {
      body: { role: 'participant', participant: 'workshop' },
    })
    const [atOne, atOther] = [one, other].map(({ url }) => new OverwallClient({ url, key })) as [
      OverwallClient,
      OverwallClient,
    ]
    // The other service hears of the key within about a second.
    await expect
      .poll(() => atOther.call('getMe').catch(() => null), { timeout: 20_000 })
      .toMatchObject({ id: 'workshop' })
    const { nextGate } = await atOther.call('getClock')
    const later = intervalOf(nextGate!)! + 20
    const order = (at: number) => ({
      interval: intervalName(later + at),
      side: 'buy' as const,
      price: '0.42',
      quantity: '3',
    })
    const placed = [
      ...(await atOne.call('placeOrders', { params, body: [order(0), order(1)] })).orders,
      ...(await atOther.call('placeOrders', { params, body: [order(2), order(3)] })).orders,
    ]
    await one.kill()
    const cleared = async () =>
      (await atOther.call('listClearings', { params, query: { limit: 1000 } })).clearings.length
    const before = await cleared()
    await expect.poll(cleared, { timeout: 60_000 }).toBeGreaterThan(before + 3)
    for (const { id } of placed)
      expect(await atOther.call('getOrder', { params: { ...params, order: id } })).toMatchObject({
        id,
        price: '0.4200',
      })
    await other.kill()
    await setTimeout(200)
    const store = await openStore(address, { now: () => 0, readOnly: true })
    const { difference, intervals } = await replay(store, worldOf(minimal))
    expect(difference).toBe(null)
    expect(intervals).toBeGreaterThanOrEqual(before + 3)
    expect(JSON.parse(store.market.definition)).toMatchObject({ scenario: readFileSync(minimal, 'utf8') })
    await store.close()
  },
)
