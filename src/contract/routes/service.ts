/** What watches the service: health, metrics, and the description of all this. */
import { z } from 'zod'
import { defineRoutes } from '../route.ts'

const health = z.strictObject({
  status: z.enum(['ok', 'not-ready']),
  checks: z.record(z.string(), z.string()).meta({ description: '`ok`, or what is wrong' }),
})

export const serviceRoutes = defineRoutes({
  isLive: {
    method: 'GET',
    path: '/health/live',
    roles: null,
    tag: 'service',
    summary: 'Whether the process answers',
    answer: { status: 200, schema: z.strictObject({ status: z.literal('ok') }) },
    problems: [],
  },
  isReady: {
    method: 'GET',
    path: '/health/ready',
    roles: null,
    tag: 'service',
    summary: 'Whether orders are taken: 200, or 503 with what is wrong',
    answer: { status: 200, schema: health },
    problems: ['not-ready'],
  },
  getMetrics: {
    method: 'GET',
    path: '/metrics',
    roles: ['operator', 'observer'],
    tag: 'service',
    summary: 'Prometheus metrics',
    answer: { status: 200, media: 'text/plain' },
    problems: [],
  },
  getOpenApi: {
    method: 'GET',
    path: '/openapi.json',
    roles: null,
    tag: 'service',
    summary: 'This description',
    answer: { status: 200, schema: z.looseObject({ openapi: z.string() }), cached: true },
    problems: [],
  },
})
