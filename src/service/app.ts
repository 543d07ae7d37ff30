/** Builds the service around a market. It listens nowhere yet: `server.ts` does that, and tests need not. */
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { api, routeNames, type RouteName } from '../contract/api.ts'
import { openApi } from '../contract/openapi.ts'
import type { Route } from '../contract/route.ts'
import { Sent, send, Streamed, type Asking, type Handler, type PlainBodies } from './answer.ts'
import { Streams } from './event-stream.ts'
import type { UnprovedClearing } from './market/hold-auction.ts'
import type { LiveMarket } from './market/live-market.ts'
import type { PulseLog } from './market/pulse.ts'
import { readPlainOrders } from './market/plain-orders.ts'
import { addDocs } from './plugins/docs.ts'
import { Guard, type Limits } from './plugins/guard.ts'
import { addJson, type BodyKind, type PlainReader } from './plugins/json.ts'
import { addMetrics, type Metrics } from './plugins/metrics.ts'
import { addPressure } from './plugins/pressure.ts'
import { addProblems, answerBrokenRequest, answerUnreadableAddress } from './plugins/problems.ts'
import { readRequest } from './read-request.ts'
import { ClearingCache } from './routes/clearings/cache.ts'
import { clearingRoutes } from './routes/clearings/index.ts'
import { makeLookups } from './routes/lookups.ts'
import { meterRoutes } from './routes/meters/index.ts'
import { operatorRoutes } from './routes/operator/index.ts'
import { orderRoutes } from './routes/orders/index.ts'
import { participantRoutes } from './routes/participants/index.ts'
import { runRoutes } from './routes/runs/index.ts'
import { serviceRoutes } from './routes/service/index.ts'
import { zoneRoutes } from './routes/zones/index.ts'
import type { RunDesk } from './runs/run-desk.ts'
import type { WorkThreads } from './runs/work-threads.ts'

export interface AppOptions {
  readonly market: LiveMarket
  readonly runs: RunDesk
  readonly threads: WorkThreads
  readonly metrics: Metrics
  readonly log: PulseLog
  readonly version: string
  readonly limits: Limits
  /** open event streams */
  readonly streamsMax: number
  readonly onUnproved: (unproved: UnprovedClearing) => void
}

const defaultBodyLimit = 64 * 1024

type AllHandlers = { readonly [Name in RouteName]: Handler<Name> }

export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const { market, log, metrics, version } = options
  const app = makeFastify()
  const streams = new Streams(options.streamsMax)
  market.directory.onRead = () => streams.closeUnless((caller) => market.directory.stands(caller))
  const document = openApi(version)
  const clearings = new ClearingCache(market.store.intervals)
  market.onCleared = (interval, book) => clearings.keepBook(interval, book)
  const lookups = makeLookups(market, clearings)
  const guard = new Guard(market.directory, lookups, options.limits, () => market.wall.now())
  addProblems(app, log, (request) => {
    metrics.strangers.inc()
    guard.countStranger(request)
  })
  addJson(app)
  await addPressure(app, options.limits.delayMs)
  addMetrics(app, metrics, market)
  await addDocs(app, document)
  const handlers: AllHandlers = {
    ...zoneRoutes(market, { clearings, streams, log }),
    ...orderRoutes(market, { clearings, metrics }),
    ...clearingRoutes(market, clearings),
    ...participantRoutes(market),
    ...meterRoutes(market),
    ...operatorRoutes(market),
    ...runRoutes(market, {
      log,
      desk: options.runs,
      threads: options.threads,
      streams,
      onUnproved: options.onUnproved,
    }),
    ...serviceRoutes(market, { metrics, document }),
  }
  for (const name of routeNames) addRoute(app, name, handlers[name] as Handler<RouteName>, guard)
  app.addHook('preClose', (done) => {
    streams.closeUnless(() => false)
    done()
  })
  return app
}

/** Without a logger: one for each request would cost more than most requests. What is logged of one names it itself. */
function makeFastify(): FastifyInstance {
  const app = Fastify({
    exposeHeadRoutes: false,
    // TLS is a proxy's work; one on this machine is believed whom it speaks for, so that limits are by client.
    trustProxy: 'loopback',
    bodyLimit: defaultBodyLimit,
    requestTimeout: 30_000,
    keepAliveTimeout: 72_000,
    // Whatever name an address has, it is looked for and not found.
    routerOptions: { maxParamLength: 16 * 1024 },
    frameworkErrors: answerUnreadableAddress,
    http: { maxHeaderSize: 16 * 1024, headersTimeout: 15_000 },
    clientErrorHandler: answerBrokenRequest,
    genReqId: makeRequestIds(),
    return503OnClosing: true,
  })
  app.decorateRequest('caller')
  return app
}

/** Numbers under a name of this start, so that an id stands once in a log that several processes write. */
function makeRequestIds(): () => string {
  const start = crypto.randomUUID().slice(0, 8)
  let count = 0
  return () => `${start}-${(++count).toString(36)}`
}

const plainReaders: {
  readonly [Name in keyof PlainBodies]: (bytes: Uint8Array) => PlainBodies[Name] | undefined
} = { placeOrders: readPlainOrders }

/** Books are read in a thread. */
const rawRoutes: ReadonlySet<RouteName> = new Set<RouteName>(['clearBook'])

function bodyKindOf(name: RouteName, route: Route): BodyKind {
  if (rawRoutes.has(name)) return 'raw'
  return (plainReaders as Partial<Record<RouteName, PlainReader>>)[name] ?? (route.body ? 'json' : 'none')
}

function addRoute(app: FastifyInstance, name: RouteName, handler: Handler<RouteName>, guard: Guard): void {
  const route: Route = api[name]
  const body = bodyKindOf(name, route)
  app.route({
    method: route.method,
    url: route.path.replace(/\{(\w+)\}/g, ':$1'),
    bodyLimit: route.bodyLimit ?? defaultBodyLimit,
    config: { body },
    onRequest: guard.of(route),
    handler: async (request, reply) => {
      const asked = readRequest(route, request, body === 'raw' ? undefined : route.body)
      const asking = { ...asked, caller: request.caller, request, reply }
      return answer(route, await handler(asking as unknown as Asking<RouteName>), request, reply)
    },
  })
}

function answer(
  { answer: { status } }: Route,
  found: Awaited<ReturnType<Handler<RouteName>>>,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  if (found instanceof Streamed) return reply
  const sent = found instanceof Sent ? found : new Sent(JSON.stringify(found))
  return send(reply, sent, status, request.headers['if-none-match'])
}
