/** What a Prometheus server may ask, counted in a registry of the app's own. */
import type { FastifyInstance, onSendHookHandler } from 'fastify'
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from '@prometheus-io/client'
import type { LiveMarket } from '../market/live-market.ts'
import { firstOnRequest } from './route-hooks.ts'

export interface Metrics {
  readonly registry: Registry
  /** orders that were acknowledged */
  readonly orders: Counter
  /** requests for addresses that no route has */
  readonly strangers: Counter
  /** clearings that were not proved: always our mistake */
  readonly unproved: Counter
}

export function makeMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  return {
    registry,
    orders: new Counter({
      name: 'overwall_orders_total',
      help: 'orders acknowledged',
      registers: [registry],
    }),
    strangers: new Counter({
      name: 'overwall_unknown_addresses_total',
      help: 'requests for addresses that no route has',
      registers: [registry],
    }),
    unproved: new Counter({
      name: 'overwall_unproved_clearings_total',
      help: 'clearings that were not proved optimal',
      registers: [registry],
    }),
  }
}

declare module 'fastify' {
  interface FastifyRequest {
    /** by the clock of the process [ms] */
    arrivedMs: number
  }
}

/** Measures every request of the routes added afterwards, by route and status, and the market at the moment it is asked. */
export function addMetrics(app: FastifyInstance, { registry }: Metrics, market: LiveMarket): void {
  const seconds = new Histogram({
    name: 'overwall_request_seconds',
    help: 'time to answer a request',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3],
    registers: [registry],
  })
  // Until the answer is handed over: to be told that it is sent would cost a request more than anything else done for it.
  app.decorateRequest('arrivedMs', 0)
  app.addHook('onRoute', (options) => {
    const { url: route } = options
    firstOnRequest(options, (request, _, done) => {
      request.arrivedMs = performance.now()
      done()
    })
    const measure: onSendHookHandler = (request, reply, _, done) => {
      const labels = { method: request.method, route, status: reply.statusCode }
      seconds.observe(labels, (performance.now() - request.arrivedMs) / 1000)
      done()
    }
    options.onSend = [...[options.onSend ?? []].flat(), measure]
  })
  addGauge(registry, 'overwall_leads', 'whether this process keeps the market', () =>
    Number(market.pulse.leads),
  )
  addGauge(
    registry,
    'overwall_open_from',
    'first interval that takes orders, quarters since 1970',
    () => market.store.orders.openFrom,
  )
  addGauge(registry, 'overwall_uncleared', 'intervals that are closed and wait for their clearing', () => {
    const { openFrom, clearFrom } = market.store.orders
    return openFrom - clearFrom
  })
}

function addGauge(registry: Registry, name: string, help: string, read: () => number): void {
  const gauge = new Gauge({
    name,
    help,
    collect() {
      this.set(read())
    },
    registers: [],
  })
  registry.registerMetric(gauge)
}
