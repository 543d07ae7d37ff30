/** Work beside the market: one book cleared without leaving a trace, and whole years simulated. */
import { z } from 'zod'
import { kwh, money, price } from '../decimals.ts'
import { day, id, instant, roles } from '../names.ts'
import { defineRoutes } from '../route.ts'

const number = z.union([z.string(), z.number()])
const bookId = z.union([z.string(), z.number()])

/** The book of docs/guides/clear.md, as far as a caller has to know it; the reader of books lists every fault. */
export const book = z
  .looseObject({
    id: bookId.optional(),
    network: z.looseObject({
      buses: z.array(
        z.looseObject({
          id: bookId,
          parent: bookId.nullable(),
          feeUp: number.optional(),
          feeDown: number.optional(),
          capacityUp: number.nullable().optional(),
          capacityDown: number.nullable().optional(),
        }),
      ),
    }),
    orders: z.array(
      z.looseObject({
        id: bookId,
        bus: bookId,
        side: z.enum(['buy', 'sell']),
        price: number,
        quantity: number,
        owner: bookId.optional(),
      }),
    ),
    pricing: z.looseObject({ rule: z.string(), k: number.optional() }).optional(),
    selfTrade: z.enum(['refuse', 'net']).optional(),
    priceFloor: number.optional(),
    priceCap: number.optional(),
  })
  .meta({ id: 'Book' })

export const clearedBook = z
  .looseObject({
    id: bookId.nullable(),
    welfare: money,
    dualBound: money,
    volume: kwh,
    wheelingFees: money,
    congestionRent: money,
    buses: z.array(
      z.strictObject({
        id: z.string(),
        price,
        priceLow: price,
        priceHigh: price,
        flowUp: kwh,
        traded: z.boolean(),
      }),
    ),
    orders: z.array(
      z.strictObject({ id: z.string(), accepted: kwh, price: z.string().nullable(), netted: kwh.optional() }),
    ),
    trades: z.array(
      z.strictObject({
        sellOrder: z.string(),
        buyOrder: z.string(),
        quantity: kwh,
        price,
        wheelingFee: money,
      }),
    ),
  })
  .meta({ id: 'ClearedBook' })

export const runStates = ['waiting', 'running', 'done', 'failed', 'cancelled'] as const
export const run = z
  .strictObject({
    id: z.string(),
    state: z.enum(runStates),
    progress: z.number().min(0).max(1),
    scenario: z.string(),
    made: instant,
    ended: instant.nullable(),
    problem: z.string().nullable().meta({ description: 'why it failed' }),
    resultHash: z.string().nullable(),
  })
  .meta({ id: 'Run' })
export type RunAnswer = z.infer<typeof run>

export const newRun = z
  .strictObject({
    scenario: z
      .string()
      .min(1)
      .max(1_000_000)
      .optional()
      .meta({ description: "a scenario's YAML; the zone's own if left out" }),
    from: day.optional(),
    to: day.optional(),
    seed: z.int().min(0).optional(),
    set: z
      .array(z.string().max(1000))
      .max(100)
      .optional()
      .meta({ description: '`path=value`, as `--set` has it' }),
    trades: z.boolean().optional().meta({ description: 'keep every trade in trades.csv' }),
  })
  .meta({ id: 'NewRun' })
export type NewRun = z.infer<typeof newRun>

const files = z.strictObject({ files: z.array(z.strictObject({ name: z.string(), bytes: z.int() })) })

export const runRoutes = defineRoutes({
  clearBook: {
    method: 'POST',
    path: '/v1/clear',
    roles,
    tag: 'runs',
    summary: 'Clear a book; nothing of it is kept',
    description: 'The answer is that of `overwall clear`.',
    body: book,
    bodyLimit: 32 * 1024 * 1024,
    answer: { status: 200, schema: clearedBook },
    problems: ['faulty-book', 'clearing-not-proved', 'overloaded'],
  },
  startRun: {
    method: 'POST',
    path: '/v1/runs',
    roles,
    tag: 'runs',
    summary: 'Simulate a scenario',
    body: newRun,
    bodyLimit: 2 * 1024 * 1024,
    answer: { status: 202, schema: run },
    problems: ['faulty-scenario', 'too-many-runs'],
  },
  listRuns: {
    method: 'GET',
    path: '/v1/runs',
    roles,
    tag: 'runs',
    summary: 'Own runs, newest first',
    answer: { status: 200, schema: z.strictObject({ runs: z.array(run) }) },
    problems: [],
  },
  getRun: {
    method: 'GET',
    path: '/v1/runs/{run}',
    roles,
    tag: 'runs',
    summary: 'How far a run is',
    answer: { status: 200, schema: run },
    problems: ['run-unknown'],
  },
  cancelRun: {
    method: 'DELETE',
    path: '/v1/runs/{run}',
    roles,
    tag: 'runs',
    summary: 'Cancel a run',
    answer: { status: 200, schema: run },
    problems: ['run-unknown', 'run-finished'],
  },
  followRun: {
    method: 'GET',
    path: '/v1/runs/{run}/events',
    roles,
    tag: 'runs',
    summary: 'Progress as it is made (server-sent events)',
    headers: z.object({ 'last-event-id': id.optional() }),
    answer: { status: 200, media: 'text/event-stream' },
    problems: ['run-unknown'],
  },
  getRunResult: {
    method: 'GET',
    path: '/v1/runs/{run}/result',
    roles,
    tag: 'runs',
    summary: 'summary.json of a run',
    answer: { status: 200, schema: z.looseObject({ resultHash: z.string() }), cached: true },
    problems: ['run-unknown', 'run-unfinished'],
  },
  listRunFiles: {
    method: 'GET',
    path: '/v1/runs/{run}/files',
    roles,
    tag: 'runs',
    summary: 'The files of a run',
    answer: { status: 200, schema: files },
    problems: ['run-unknown', 'run-unfinished'],
  },
  getRunFile: {
    method: 'GET',
    path: '/v1/runs/{run}/files/{file}',
    roles,
    tag: 'runs',
    summary: 'One file of a run',
    answer: { status: 200, media: '*/*', cached: true },
    problems: ['run-unknown', 'run-unfinished', 'file-unknown'],
  },
})
