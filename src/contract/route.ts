/** What a route is, to the one who serves it, to the one who calls it, and to the document that describes it. */
import type { z } from 'zod'
import type { Role } from './names.ts'
import type { ProblemCode } from './problems.ts'

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** `/v1/zones/{zone}/orders` */
  readonly path: string
  /** roles whose keys may call it; null: no key is asked for */
  readonly roles: readonly Role[] | null
  readonly tag: 'zone' | 'orders' | 'clearings' | 'participant' | 'meters' | 'runs' | 'operator' | 'service'
  readonly summary: string
  readonly description?: string
  readonly query?: z.ZodObject
  /** request headers beside the key, in lower case */
  readonly headers?: z.ZodObject
  readonly body?: z.ZodType
  /** largest body [bytes]; 64 KiB if not said */
  readonly bodyLimit?: number
  readonly answer: Answer
  /** what it may refuse beside what every route may */
  readonly problems: readonly ProblemCode[]
}

export interface Answer {
  readonly status: 200 | 201 | 202 | 204
  /** the body; none with 204 */
  readonly schema?: z.ZodType
  /** `application/json` if not said */
  readonly media?: string
  /** the answer carries an ETag, and `If-None-Match` is heard */
  readonly cached?: boolean
}

/** Keeps the literal types of a table of routes, which the client and the service are typed by. */
export function defineRoutes<const Routes extends Record<string, Route>>(routes: Routes): Routes {
  return routes
}

type Named<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Named<Rest>
  : never

/** Values of the names in a route's path. */
export type Params<R extends Route> = { readonly [Name in Named<R['path']>]: string }

/** The names in braces, in order. */
export function paramNames(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!)
}
