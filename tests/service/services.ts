/** The whole service on a market of its own, called without a network. */
import type { FastifyInstance, InjectOptions } from 'fastify'
import pino from 'pino'
import { OverwallClient } from '../../src/contract/client.ts'
import { buildApp } from '../../src/service/app.ts'
import { makeKeyFor, officeOf } from '../../src/service/market/enter-members.ts'
import type { Limits } from '../../src/service/plugins/guard.ts'
import { makeMetrics } from '../../src/service/plugins/metrics.ts'
import { RunDesk } from '../../src/service/runs/run-desk.ts'
import { WorkThreads } from '../../src/service/runs/work-threads.ts'
import { readFileSync } from 'node:fs'
import { readSeeds } from '../../src/cli/files.ts'
import { minimal } from '../simulation/zones.ts'
import { openTestMarket, quiet, type MarketSetup, type TestMarket } from './markets.ts'

export interface TestService extends TestMarket {
  readonly app: FastifyInstance
  readonly keys: { readonly operator: string; readonly observer: string }
  /** a fresh key of a participant */
  readonly keyOf: (id: string) => Promise<string>
  readonly client: (key: string) => OverwallClient
  /** lines of the log so far */
  readonly log: string[]
}

export interface ServiceSetup extends MarketSetup {
  readonly limits?: Limits
}

export const zone = 'minimal'
const generous: Limits = { perKey: 1e6, perAddress: 1e6, wrongKeys: 1e6, delayMs: 0, waitingOrders: 1e6 }

export async function openTestService(setup: ServiceSetup = {}): Promise<TestService> {
  const opened = await openTestMarket(setup)
  const { market, operatorKey } = opened
  const log: string[] = []
  const logger = pino({ base: null }, { write: (line: string) => log.push(line) })
  const threads = new WorkThreads({ waitingBooks: 8, runs: 1 })
  const onUnproved = setup.onUnproved ?? (() => {})
  const runs = new RunDesk({
    market,
    threads,
    scenario: { file: minimal, text: readFileSync(minimal, 'utf8'), seeds: readSeeds(), data: new Map() },
    version: '0.0.0',
    worker: { name: 'test', isGone: (name) => name === 'test' },
    runsAtOnce: 1,
    log: quiet,
    onUnproved,
  })
  const app = await buildApp({
    market,
    runs,
    threads,
    metrics: makeMetrics(),
    log: logger,
    version: '0.0.0',
    limits: setup.limits ?? generous,
    streamsMax: 10,
    onUnproved,
  })
  runs.start()
  const observer = await market.store.access.add(officeOf('observer'), { atMs: market.clock.now() })
  const keyOf = async (id: string) => {
    const holder = { id: market.members.byId(id)!.participant }
    const key = await makeKeyFor(market.store.access, holder, 'test', { atMs: market.clock.now() })
    await market.directory.refresh()
    return key
  }
  const observerKey = observer
    ? await makeKeyFor(market.store.access, observer, 'test', { atMs: market.clock.now() })
    : ''
  await market.directory.refresh()
  return {
    ...opened,
    app,
    log,
    keyOf,
    keys: { operator: operatorKey ?? '', observer: observerKey },
    client: (key) => new OverwallClient({ url: '', key, fetch: injected(app) }),
    close: async () => {
      await app.close()
      await runs.stop()
      await threads.close()
      await opened.close()
    },
  }
}

/** `fetch` that goes straight into the service. */
function injected(app: FastifyInstance): (url: string, init: RequestInit) => Promise<Response> {
  return async (url, { method, headers, body }) => {
    const answer = await app.inject({
      url,
      method: method as NonNullable<InjectOptions['method']>,
      headers: headers as Record<string, string>,
      ...(body === undefined || body === null ? {} : { payload: body as string }),
    })
    const isEmpty = answer.statusCode === 204 || answer.statusCode === 304
    return new Response(isEmpty ? null : new Uint8Array(answer.rawPayload), {
      status: answer.statusCode,
      headers: answer.headers as Record<string, string>,
    })
  }
}
