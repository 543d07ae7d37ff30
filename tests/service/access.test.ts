/** Keys that end: at once, in every process that hears of it, and whatever the database does meanwhile. */
import { afterEach, expect, test, vi } from 'vitest'
import { quarterStartMs } from '../../src/base/quarter.ts'
import { OverwallClient } from '../../src/contract/client.ts'
import { Directory } from '../../src/service/access/directory.ts'
import { makeKey } from '../../src/service/access/keys.ts'
import { openLiveMarket } from '../../src/service/market/live-market.ts'
import { Timeline } from '../../src/service/market/timeline.ts'
import { replaceOperatorKeys } from '../../src/service/operator-key.ts'
import { StoreFault } from '../../src/store/fault.ts'
import { openAccess, openStore } from '../../src/store/open.ts'
import type { AccessKey, AccessRecords, Participant } from '../../src/store/port.ts'
import { minimal } from '../simulation/zones.ts'
import { newFile, quiet, wall } from './markets.ts'
import { openTestService, zone, type TestService } from './services.ts'
import { worldOf } from './worlds.ts'

const opened: TestService[] = []
afterEach(() => Promise.all(opened.splice(0).map((service) => service.close())), 60_000)

async function open(): Promise<TestService> {
  const service = await openTestService()
  opened.push(service)
  return service
}

/** Ends every key of a participant from outside, as another process does. */
async function endKeys({ file, market }: TestService, id: string): Promise<void> {
  await using store = await openAccess(`sqlite:${file}`)
  const { participant } = market.members.byId(id)!
  const { hash, id: key } = makeKey()
  await store.access.replaceKeys({ id: key, hash, participant, label: '' }, { atMs: 0 }, 'test')
}

const mayAsk = ({ client }: TestService, key: string) =>
  client(key)
    .call('getMe')
    .then(
      () => true,
      () => false,
    )

test('a key that ended elsewhere is refused, though the database could not be read when the news came', async () => {
  const service = await open()
  const key = await service.keyOf('workshop')
  const keys = vi.spyOn(service.store.access, 'keys')
  keys.mockRejectedValueOnce(new StoreFault('unreachable', 'the connection was cut'))
  await endKeys(service, 'workshop')
  await expect.poll(() => mayAsk(service, key), { timeout: 20_000 }).toBe(false)
  expect(keys.mock.calls.length).toBeGreaterThan(1)
})

test('a key that ended after its market was opened, and before it was started, is refused', async () => {
  const file = newFile()
  const world = worldOf(minimal)
  const { first } = new Timeline(world.zone.calendar)
  const create = { name: 'minimal', definition: '', firstInterval: first }
  await using store = await openStore(`sqlite:${file}`, {
    now: () => quarterStartMs(first),
    create,
    pollMs: 20,
  })
  const options = { store, world, clock: { kind: 'manual' } as const, wall, log: quiet, onUnproved: () => {} }
  const { market, operatorKey } = await openLiveMarket(options)
  const told = Promise.withResolvers<void>()
  const end = store.watch(({ access }) => access && told.resolve())
  const { key } = await replaceOperatorKeys(`sqlite:${file}`)
  await told.promise
  end()
  expect(market.directory.callerOf(operatorKey!)).toBeDefined()
  market.start()
  try {
    await expect.poll(() => market.directory.callerOf(operatorKey!), { timeout: 20_000 }).toBeUndefined()
    expect(market.directory.callerOf(key)).toMatchObject({ role: 'operator' })
  } finally {
    await market.stop()
  }
})

test('the stream of a key ends with it, and nobody else’s', async () => {
  const service = await open()
  const url = await service.app.listen({ host: '127.0.0.1', port: 0 })
  const [ended, other] = [await service.keyOf('workshop'), await service.keyOf('plant')]
  const hangUp = new AbortController()
  const follow = (key: string) =>
    fetch(`${url}/v1/zones/${zone}/stream`, {
      headers: { authorization: `Bearer ${key}` },
      signal: hangUp.signal,
    })
  const [mine, theirs] = [await follow(ended), await follow(other)]
  const rest = theirs.text().catch(() => 'hung up')
  await endKeys(service, 'workshop')
  expect(await mine.text()).toBe(': overwall\n\n')
  await service.moveTo(service.market.model.timeline.first + 1)
  hangUp.abort()
  expect(await rest).toBe('hung up')
  await expect(new OverwallClient({ url, key: ended }).call('getMe')).rejects.toMatchObject({
    problem: { code: 'key-unknown' },
  })
})

test('directory.refresh() ends with what the store said last, though an earlier reading ends later', async () => {
  const key = makeKey()
  const made: AccessKey = { id: key.id, hash: key.hash, participant: 1, label: '', createdMs: 0 }
  const holder: Participant = {
    id: 1,
    name: 'a',
    role: 'observer',
    publicJson: '{}',
    privateJson: '{}',
    createdMs: 0,
  }
  const slow = Promise.withResolvers<AccessKey[]>()
  const answers = [slow.promise, Promise.resolve([{ ...made, revokedMs: 1 }])]
  const records = { keys: () => answers.shift()!, participants: async () => [holder] }
  const directory = new Directory(records as unknown as AccessRecords)
  const readings = [directory.refresh(), directory.refresh()]
  await Promise.resolve()
  slow.resolve([made])
  await Promise.all(readings)
  expect(directory.callerOf(key.text)).toBeUndefined()
})
