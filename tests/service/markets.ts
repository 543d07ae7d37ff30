/** Markets on a SQLite file of their own, with a clock that tests move. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { clockToleranceMs, ManualClock, type ClockChoice, type WallClock } from '../../src/service/clock.ts'
import type { UnprovedClearing } from '../../src/service/market/hold-auction.ts'
import { openLiveMarket, type LiveMarket, type OpenedMarket } from '../../src/service/market/live-market.ts'
import { quarterStartMs } from '../../src/base/quarter.ts'
import { openStore } from '../../src/store/open.ts'
import type { MarketStore } from '../../src/store/port.ts'
import { Timeline } from '../../src/service/market/timeline.ts'
import { minimal } from '../simulation/zones.ts'
import { worldOf } from './worlds.ts'

export const wall: WallClock = {
  now: () => Date.now(),
  sleep: (ms, signal) => setTimeout(ms, undefined, { signal }).catch(() => {}),
}

/** A wall clock that stands until tests set it; waiting by it takes the time it takes. */
export function settable(nowMs: number): WallClock & { nowMs: number } {
  return {
    ...wall,
    nowMs,
    now() {
      return this.nowMs
    },
  }
}

export const quiet = { info: () => {}, warn: () => {}, error: () => {} }

export function newFile(): string {
  return path.join(mkdtempSync(path.join(tmpdir(), 'overwall-market-')), 'market.db')
}

export interface MarketSetup {
  readonly file?: string
  readonly scenario?: Parameters<typeof worldOf>
  readonly clock?: ClockChoice
  readonly wall?: WallClock
  readonly onUnproved?: (unproved: UnprovedClearing) => void
  readonly log?: typeof quiet
  /** what the store keeps of how the market was made */
  readonly definition?: string
  /** the file grows no larger */
  readonly bytesMax?: number
}

export interface TestMarket extends OpenedMarket {
  readonly store: MarketStore
  readonly file: string
  /** moves the manual clock and waits until all is done */
  readonly moveTo: (interval: number) => Promise<void>
  /** as a process does that ends in order */
  readonly close: () => Promise<void>
}

export async function openTestMarket(setup: MarketSetup = {}): Promise<TestMarket> {
  const { file = newFile(), scenario = [minimal], clock = { kind: 'manual' }, onUnproved = () => {} } = setup
  const world = worldOf(...scenario)
  const { first } = new Timeline(world.zone.calendar)
  let market: LiveMarket | undefined
  const store = await openStore(`sqlite:${file}`, {
    now: () => market?.clock.now() ?? quarterStartMs(first),
    clockToleranceMs: clockToleranceMs(clock),
    create: {
      name: world.zone.scenario,
      definition: setup.definition ?? JSON.stringify(scenario),
      firstInterval: first,
    },
    ...(setup.bytesMax === undefined ? {} : { bytesMax: setup.bytesMax }),
  })
  const opened = await openLiveMarket({
    store,
    world,
    clock,
    wall: setup.wall ?? wall,
    log: setup.log ?? quiet,
    onUnproved,
  })
  market = opened.market
  market.start()
  const { pulse } = market
  return {
    ...opened,
    store,
    file,
    moveTo: async (interval) => {
      const ms = quarterStartMs(interval)
      await (opened.market.clock as ManualClock).moveTo(ms)
      pulse.wake()
      while (!pulse.leads) await setTimeout(1)
      await pulse.doneUntil(ms)
    },
    close: async () => {
      await opened.market.stop()
      await store.close()
    },
  }
}
