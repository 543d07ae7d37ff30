/** The stream of a zone over a real connection: what is told, to whom, and how one goes on after a break. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { OverwallClient, type ClientEvent } from '../../src/contract/client.ts'
import { runEvents, zoneEvents } from '../../src/contract/events.ts'
import { intervalName } from '../../src/service/market/timeline.ts'
import { openTestService, zone, type TestService } from './services.ts'

let service: TestService
let url: string
let keys: { workshop: string; plant: string }
let first: number

beforeAll(async () => {
  service = await openTestService()
  url = await service.app.listen({ host: '127.0.0.1', port: 0 })
  keys = { workshop: await service.keyOf('workshop'), plant: await service.keyOf('plant') }
  ;({ first } = service.market.model.timeline)
}, 120_000)
afterAll(() => service.close(), 120_000)

/** Reads events until one is the last wanted, then hangs up. */
async function readUntil(
  key: string,
  isLast: (event: ClientEvent) => boolean,
  { lastEventId, once }: { lastEventId?: string; once?: () => Promise<unknown> } = {},
): Promise<ClientEvent[]> {
  const hangUp = new AbortController()
  const client = new OverwallClient({ url, key })
  const events: ClientEvent[] = []
  const stream = client.follow(zone, {
    signal: hangUp.signal,
    ...(lastEventId === undefined ? {} : { lastEventId }),
  })
  // The first read opens the connection; what is to be told happens after that.
  const opened = stream.next()
  const working = once?.()
  for (let next = await opened; !next.done; next = await stream.next()) {
    zoneEvents[next.value.name].parse(next.value.data)
    events.push(next.value)
    if (isLast(next.value)) break
  }
  hangUp.abort()
  await stream.return().catch(() => {})
  await working
  return events
}

const settled = (interval: number) => (event: ClientEvent) =>
  event.name === 'settled' && event.data.interval === intervalName(interval)
const names = (events: readonly ClientEvent[]) => events.map(({ name }) => name)
const eventsOf = (events: readonly ClientEvent[], interval: number) =>
  events.filter(({ data }) => data.interval === intervalName(interval))

test('a participant is told of gates, clearings and settlements, and of its own fills before each clearing', async () => {
  const noon = first + 48
  await service.moveTo(noon - 1)
  const orders = ['1.9', '0.0001'].map((price) => ({
    interval: intervalName(noon),
    side: 'buy' as const,
    price,
    quantity: '5',
  }))
  const { orders: placed } = await new OverwallClient({ url, key: keys.workshop }).call('placeOrders', {
    params: { zone },
    body: orders,
  })
  const events = await readUntil(keys.workshop, settled(noon), {
    lastEventId: String(await service.store.events.last()),
    once: () => service.moveTo(noon + 1),
  })
  const ofNoon = eventsOf(events, noon)
  expect(names(ofNoon)).toEqual(['gate-closed', 'fill', 'fill', 'cleared', 'settled'])
  expect(ofNoon.filter(({ name }) => name === 'fill').map(({ data }) => data)).toMatchObject([
    { order: placed[0]!.id, accepted: '5.000', outcome: 'accepted' },
    { order: placed[1]!.id, accepted: '0.000', outcome: 'not-accepted', price: null },
  ])
})

test('a fill at several prices, or at 0, is told at the mean that its order shows', async () => {
  const interval = first + 50
  const order = (side: 'buy' | 'sell', price: string, quantity: string) => ({
    interval: intervalName(interval),
    side,
    price,
    quantity,
  })
  const place = (key: string, body: ReturnType<typeof order>[]) =>
    new OverwallClient({ url, key }).call('placeOrders', { params: { zone }, body })
  await place(keys.workshop, [order('buy', '0.5', '10')])
  await place(keys.plant, [order('sell', '0', '4'), order('sell', '0.1', '4')])
  const lastEventId = String(await service.store.events.last())
  const once = () => service.moveTo(interval + 1)
  const isFill = ({ name }: ClientEvent) => name === 'fill'
  for (const [key, count] of [
    [keys.workshop, 1],
    [keys.plant, 2],
  ] as const) {
    const events = await readUntil(key, settled(interval), { lastEventId, once })
    const fills = eventsOf(events, interval).filter(isFill) as Extract<ClientEvent, { name: 'fill' }>[]
    expect(fills).toHaveLength(count)
    for (const { data } of fills) {
      const params = { zone, order: data.order }
      const { outcome } = await new OverwallClient({ url, key }).call('getOrder', { params })
      expect(Number(data.price)).toBe(Number(outcome!.price))
      expect([data.price === null, data.accepted]).toEqual([false, outcome!.accepted])
    }
  }
})

test("no stream tells another's fills", async () => {
  const noon = first + 48
  const all = await readUntil(keys.plant, settled(noon), { lastEventId: '0' })
  const fills = all.filter(({ name }) => name === 'fill')
  expect(fills.length).toBeGreaterThan(0)
  expect(fills.every(({ data }) => 'side' in data && data.side === 'sell')).toBe(true)
  const observed = await readUntil(service.keys.observer, settled(noon), { lastEventId: '0' })
  expect(names(observed)).not.toContain('fill')
})

test('who comes back with the id of any event goes on just after it', async () => {
  const noon = first + 48
  const all = await readUntil(keys.workshop, settled(noon), { lastEventId: '0' })
  const last = all.length - 1
  const fill = all.findIndex(({ name, data }) => name === 'fill' && data.interval === intervalName(noon))
  for (const at of [0, 1, Math.floor(last / 2), fill, fill + 1, last - 1]) {
    const rest = await readUntil(keys.workshop, settled(noon), { lastEventId: all[at]!.id })
    expect(rest).toEqual(all.slice(at + 1))
  }
})

test('a long past is told no faster than it is read, and whole', async () => {
  const last = await service.store.events.last()
  const padding = 'x'.repeat(400_000)
  const event = { kind: 'gate-closing', interval: first, atMs: 0, body: JSON.stringify({ padding }) } as const
  for (let each = 0; each < 10; each++) await service.store.events.add(event)
  const headers = { authorization: `Bearer ${keys.plant}`, 'last-event-id': String(last) }
  const response = await fetch(`${url}/v1/zones/${zone}/stream`, { headers })
  let told = ''
  for await (const piece of response.body!.pipeThrough(new TextDecoderStream())) {
    told += piece
    if (told.split('event: gate-closing\n').length === 11 && told.endsWith('\n\n')) break
  }
  expect([...told.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id) - last)).toEqual([
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
  ])
})

test('a clearing that the operator publishes again is told again', async () => {
  const noon = first + 48
  const operator = new OverwallClient({ url, key: service.keys.operator })
  const events = await readUntil(keys.plant, ({ name }) => name === 'cleared', {
    lastEventId: String(await service.store.events.last()),
    once: () => operator.call('publishAgain', { params: { zone, interval: intervalName(noon) } }),
  })
  expect(events.at(-1)!.data).toMatchObject({ interval: intervalName(noon), again: true })
})

test('an id that no event had is refused', async () => {
  const client = new OverwallClient({ url, key: keys.plant })
  for (const lastEventId of ['x', '1.2.3', '-1', '9'.repeat(40)])
    await expect(client.follow(zone, { lastEventId }).next()).rejects.toMatchObject({
      problem: { code: 'invalid-cursor' },
    })
})

test('more streams than the service keeps are sent away, and the room of those that hang up is free again', async () => {
  const hangUp = new AbortController()
  const client = new OverwallClient({ url, key: keys.plant })
  const streams = Array.from({ length: 10 }, () =>
    client.follow(zone, { lastEventId: '0', signal: hangUp.signal }),
  )
  await Promise.all(streams.map((stream) => stream.next()))
  await expect(client.follow(zone).next()).rejects.toMatchObject({ problem: { code: 'overloaded' } })
  hangUp.abort()
  await Promise.all(streams.map((stream) => stream.return().catch(() => {})))
  await expect
    .poll(() => client.follow(zone, { lastEventId: '0' }).next(), { timeout: 10_000 })
    .toMatchObject({ done: false })
})

test('a run is followed from its start to its end, and its files are what the command line writes', async () => {
  const client = new OverwallClient({ url, key: keys.plant })
  const { id } = await client.call('startRun', { body: {} })
  const response = await fetch(`${url}/v1/runs/${id}/events`, {
    headers: { authorization: `Bearer ${keys.plant}` },
  })
  const text = await response.text()
  const told = [...text.matchAll(/event: (\w+)\ndata: (.*)\n/g)].map(([, name, data]) => [
    name,
    JSON.parse(data!) as unknown,
  ])
  expect(told.length).toBeGreaterThan(1)
  for (const [name, data] of told) runEvents[name as keyof typeof runEvents].parse(data)
  expect(told.at(-1)).toEqual(['ended', { state: 'done' }])
  const run = await client.call('getRun', { params: { run: id } })
  const result = await client.call('getRunResult', { params: { run: id } })
  expect(run).toMatchObject({ state: 'done', progress: 1, resultHash: result.resultHash })
  const { files } = await client.call('listRunFiles', { params: { run: id } })
  expect(files.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['summary.json', 'report.html', 'statements.csv']),
  )
  const report = await client.call('getRunFile', { params: { run: id, file: 'report.html' } })
  expect(String(report)).toContain('<html')
})

test('a run is cancelled, and a faulty scenario is answered with its faults', async () => {
  const client = new OverwallClient({ url, key: keys.plant })
  const { id } = await client.call('startRun', { body: {} })
  const cancelled = await client.call('cancelRun', { params: { run: id } })
  expect(cancelled.state).toBe('cancelled')
  await expect(client.call('cancelRun', { params: { run: id } })).rejects.toMatchObject({
    problem: { code: 'run-finished' },
  })
  await expect(client.call('startRun', { body: { scenario: 'overwall: 1\nname: [' } })).rejects.toMatchObject(
    {
      problem: { code: 'faulty-scenario' },
    },
  )
  await expect(
    client.call('startRun', { body: { from: '2027-05-10', to: '2099-01-01' } }),
  ).rejects.toMatchObject({
    problem: { code: 'faulty-scenario' },
  })
})
