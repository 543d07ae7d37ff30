/** Several processes of one market go by one time, whatever their clocks would say by themselves. */
import { afterEach, expect, test, vi } from 'vitest'
import type { ClockChoice, WallClock } from '../../src/service/clock.ts'
import { intervalName } from '../../src/service/market/timeline.ts'
import { newFile, settable, wall } from './markets.ts'
import { openTestService, zone, type TestService } from './services.ts'

/** Of a machine that has much else to do. */
const patience = { timeout: 60_000 }

const opened: TestService[] = []
afterEach(() => Promise.all(opened.splice(0).map((service) => service.close())), 60_000)

/** Two services on one market: the first leads. */
async function openTwo(clock: ClockChoice, at: WallClock): Promise<[TestService, TestService]> {
  const file = newFile()
  const open = async () => {
    const service = await openTestService({ file, clock, wall: at })
    opened.push(service)
    return service
  }
  const one = await open()
  await expect.poll(() => one.market.pulse.leads, patience).toBe(true)
  return [one, await open()]
}

function buy(service: TestService, key: string, interval: number) {
  const body = { interval: intervalName(interval), side: 'buy', price: '0.4', quantity: '1' } as const
  return service.client(key).call('placeOrders', { params: { zone }, body })
}

test('a fast clock that joined late takes an order after one that another process took', async () => {
  const hand = settable(1_800_000_000_000)
  const clock = { kind: 'scaled', speed: 900 } as const
  const one = await openTestService({ clock, wall: hand })
  opened.push(one)
  const key = await one.keyOf('workshop')
  await one.market.pulse.stop()
  // Four minutes of the market, which the store does not hear of.
  hand.nowMs += 267
  const late = await openTestService({ file: one.file, clock, wall: hand })
  opened.push(late)
  expect(late.market.clock.now()).toBeLessThan(one.market.clock.now())
  const { first } = one.market.model.timeline
  await buy(one, key, first + 50)
  await buy(late, key, first + 51)
  expect(late.store.orders.totals(first + 51).live).toBe(1)
})

test('a process that does not lead follows the time of the one that does', async () => {
  const hand = settable(1_800_000_000_000)
  const [one, other] = await openTwo({ kind: 'scaled', speed: 900 }, hand)
  hand.nowMs += 10_000
  const late = await openTestService({ file: one.file, clock: { kind: 'scaled', speed: 900 }, wall: hand })
  opened.push(late)
  one.market.pulse.wake()
  for (const { market } of [late, other])
    await expect.poll(() => one.market.clock.now() - market.clock.now(), patience).toBe(0)
})

test('a manual clock moved at one process moves at all, whichever leads', async () => {
  const [one, other] = await openTwo({ kind: 'manual' }, wall)
  expect(one.market.pulse.leads).toBe(true)
  await other.client(other.keys.operator || one.keys.operator).call('moveClock', { body: { intervals: 40 } })
  expect(one.market.clock.now()).toBe(other.market.clock.now())
  expect(other.store.orders.clearFrom).toBe(other.market.model.timeline.first + 41)
  await one.client(one.keys.operator).call('moveClock', { body: { intervals: 1 } })
  const key = await one.keyOf('workshop')
  await other.market.directory.refresh()
  const at = one.store.orders.openFrom + 5
  await buy(one, key, at)
  await buy(other, key, at)
  await one.close()
  opened.splice(opened.indexOf(one), 1)
  await expect.poll(() => other.market.pulse.leads, patience).toBe(true)
  await other.client(key).call('getClock')
  expect(other.market.pulse.trouble).toBe(null)
})

/** Notes every sleep of a beat that was slept to its end; who waits for the market to catch up sleeps less. */
function sleeper(): { readonly sleep: WallClock['sleep']; slept: number } {
  return {
    slept: 0,
    async sleep(ms, signal) {
      await wall.sleep(ms, signal)
      if (ms >= 100 && !signal.aborted) this.slept++
    },
  }
}

test.each([{ kind: 'real' }, { kind: 'scaled', speed: 1 }] as const)(
  'a market by a clock that is $kind rests until something is due',
  async (clock) => {
    const sleeps = sleeper()
    const behindMs = Date.now() - Date.UTC(2027, 4, 10, 4)
    const at = { now: () => Date.now() - behindMs, sleep: sleeps.sleep.bind(sleeps) }
    const service = await openTestService({ clock, wall: at })
    opened.push(service)
    await service.market.caughtUp(service.market.clock.now())
    // However long they take: between two beats lies a whole sleep, but for what woke the market just now.
    const beats = vi.spyOn(service.store.clock, 'advance')
    const { slept } = sleeps
    await expect.poll(() => sleeps.slept - slept, patience).toBeGreaterThanOrEqual(2)
    expect(beats.mock.calls.length).toBeGreaterThan(0)
    expect(beats.mock.calls.length).toBeLessThanOrEqual(sleeps.slept - slept + 2)
  },
)
