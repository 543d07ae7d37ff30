/** All routes in one table. The service answers each, the client calls each, the tests try each. */
import type { z } from 'zod'
import type { Params, Route } from './route.ts'
import { clearingRoutes } from './routes/clearings.ts'
import { meterRoutes } from './routes/meters.ts'
import { operatorRoutes } from './routes/operator.ts'
import { orderRoutes } from './routes/orders.ts'
import { participantRoutes } from './routes/participants.ts'
import { runRoutes } from './routes/runs.ts'
import { serviceRoutes } from './routes/service.ts'
import { zoneRoutes } from './routes/zones.ts'

export const api = {
  ...zoneRoutes,
  ...orderRoutes,
  ...clearingRoutes,
  ...participantRoutes,
  ...meterRoutes,
  ...runRoutes,
  ...operatorRoutes,
  ...serviceRoutes,
} as const satisfies Record<string, Route>

export type RouteName = keyof typeof api
export const routeNames = Object.keys(api) as RouteName[]

type Part<R, Key extends string> = R extends Record<Key, infer Schema extends z.ZodType> ? Schema : undefined
type InputOf<Schema> = Schema extends z.ZodType ? z.input<Schema> : undefined
type OutputOf<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined

/** What a caller hands over for a route. */
export interface Call<Name extends RouteName> {
  readonly params: Params<(typeof api)[Name]>
  readonly query: InputOf<Part<(typeof api)[Name], 'query'>>
  readonly headers: InputOf<Part<(typeof api)[Name], 'headers'>>
  readonly body: InputOf<Part<(typeof api)[Name], 'body'>>
}

/** What a handler of a route is handed, after validation. */
export interface Asked<Name extends RouteName> {
  readonly params: Params<(typeof api)[Name]>
  readonly query: OutputOf<Part<(typeof api)[Name], 'query'>>
  readonly headers: OutputOf<Part<(typeof api)[Name], 'headers'>>
  readonly body: OutputOf<Part<(typeof api)[Name], 'body'>>
}

/** The body of a route's answer. */
export type AnswerOf<Name extends RouteName> = OutputOf<Part<(typeof api)[Name]['answer'], 'schema'>>

/** What every route may refuse, beside its own problems. */
export const problemsOfAll = ['invalid-request', 'too-many-requests', 'our-mistake', 'overloaded'] as const
/** What every route that wants a key may refuse. */
export const problemsOfKeys = ['key-missing', 'key-unknown', 'role-not-allowed'] as const
/** What every route that takes a body may refuse. */
export const problemsOfBodies = ['invalid-json', 'body-too-large', 'media-type'] as const
