/** A request against its route's schemas: what came is checked and handed on, or everything wrong with it is refused. */
import type { FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { show, wantedBy } from '../base/errors.ts'
import type { ProblemPart } from '../contract/problems.ts'
import type { Route } from '../contract/route.ts'
import { ReadBody } from './plugins/json.ts'
import { Refusal } from './refusal.ts'

type Part = 'query' | 'headers' | 'body'

export interface ReadRequest {
  readonly params: unknown
  readonly query: unknown
  readonly headers: unknown
  readonly body: unknown
}

/**
 * @param body schema of a body that is to be looked at
 * @throws Refusal `invalid-request`
 */
export function readRequest(route: Route, request: FastifyRequest, body: z.ZodType | undefined): ReadRequest {
  refuseNul(request)
  const wrong: ProblemPart[] = []
  const read = (part: Part, schema: z.ZodType | undefined, value: unknown) => {
    if (!schema) return undefined
    const parsed = schema.safeParse(value)
    if (parsed.success) return parsed.data
    wrong.push(...partsOf(parsed.error.issues, part, value))
    return undefined
  }
  const found = {
    params: request.params,
    query: read('query', route.query, request.query),
    headers: read('headers', route.headers, request.headers),
    body: request.body instanceof ReadBody ? request.body.value : read('body', body, request.body),
  }
  const [first] = wrong
  if (!first) return found
  throw new Refusal('invalid-request', {
    wanted: first.wanted,
    came: first.came,
    path: first.path,
    errors: wrong,
  })
}

/** Nothing is called so, and not every database can be asked. */
function refuseNul({ params, method }: FastifyRequest): void {
  const names = Object.values(params as Readonly<Record<string, string>>)
  if (names.some((name) => name.includes('\0')))
    throw new Refusal('route-unknown', { came: `${method}, and an address with a character 0` })
}

function partsOf(issues: readonly z.core.$ZodIssue[], part: Part, value: unknown): ProblemPart[] {
  return issues.slice(0, 200).flatMap((issue) => {
    if (issue.code === 'invalid_union') return partsOf(nearest(issue), part, value)
    const came = issue.path.reduce<unknown>(
      (at, key) =>
        typeof at === 'object' && at !== null && Object.hasOwn(at, key)
          ? (at as Record<PropertyKey, unknown>)[key]
          : undefined,
      value,
    )
    const unknown = issue.code === 'unrecognized_keys'
    return [
      {
        code: unknown ? 'unknown-key' : 'invalid-shape',
        path: [part, ...issue.path].join('.').slice(0, 200),
        wanted: unknown ? 'no other keys' : wantedBy(issue.message),
        came: unknown ? show(issue.keys.slice(0, 5).join(', ')) : show(came),
      },
    ]
  })
}

/** Of several shapes, the one that came closest: whose faults lie deepest, and of those the fewest. */
function nearest({ errors, path }: z.core.$ZodIssueInvalidUnion): z.core.$ZodIssue[] {
  // A list that is too long is still nearer to a list than to anything that is none.
  const depth = (issues: readonly z.core.$ZodIssue[]) =>
    Math.max(0, ...issues.map(({ path: at, code }) => at.length + (code === 'invalid_type' ? 0 : 0.5)))
  const [best = []] = errors.toSorted((a, b) => depth(b) - depth(a) || a.length - b.length)
  return best.map((issue) => ({ ...issue, path: [...path, ...issue.path] }))
}
