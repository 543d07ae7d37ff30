/** What handlers are asked and how they answer. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { AnswerOf, Asked, RouteName } from '../contract/api.ts'
import type { Caller } from './access/directory.ts'
import type { AskedOrders } from './market/asked-orders.ts'
import { dataHeaders } from './plugins/headers.ts'

/** Bodies that a reader of their plain form may have read before any schema saw them. */
export interface PlainBodies {
  readonly placeOrders: AskedOrders
}
type PlainBody<Name> = Name extends keyof PlainBodies ? PlainBodies[Name] : never

export interface Asking<Name extends RouteName> extends Omit<Asked<Name>, 'body'> {
  readonly body: Asked<Name>['body'] | PlainBody<Name>
  /** whose key came with the request; of routes without a key, nobody in particular */
  readonly caller: Caller
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

export type Handler<Name extends RouteName> = (
  asking: Asking<Name>,
) => Answered<Name> | Promise<Answered<Name>>

type Answered<Name extends RouteName> = AnswerOf<Name> | Sent | Streamed

/** Handlers of some routes, to be joined with those of the others. */
export type Handlers<Names extends RouteName> = { readonly [Name in Names]: Handler<Name> }

/** The handler has taken over the connection. */
export class Streamed {
  readonly isStreamed = true
}
export const streamed = new Streamed()

/** A body that is written as it stands. */
export class Sent {
  readonly body: string | Buffer
  readonly type: string
  readonly etag: string | undefined
  /** how long caches may keep it; not at all if not said */
  readonly caching: 'never' | 'ask' | 'forever'

  constructor(
    body: string | Buffer,
    {
      type = 'application/json; charset=utf-8',
      etag,
      caching = 'never',
    }: Partial<Pick<Sent, 'type' | 'etag' | 'caching'>> = {},
  ) {
    this.body = body
    this.type = type
    this.etag = etag
    this.caching = caching
  }
}

/** Answers with a tag, so that who has it already is told just that. */
export function tagged(value: object, etag: string, caching: Sent['caching'] = 'ask'): Sent {
  return new Sent(JSON.stringify(value), { etag: `"${etag}"`, caching })
}

/** Sends what a handler found, or 304 where the asker has it. */
export function send(
  reply: FastifyReply,
  sent: Sent,
  status: number,
  ifNoneMatch: string | undefined,
): FastifyReply {
  reply.headers(dataHeaders).header('cache-control', cacheControl[sent.caching])
  if (sent.etag !== undefined) reply.header('etag', sent.etag)
  if (sent.etag !== undefined && ifNoneMatch !== undefined && tagsOf(ifNoneMatch).includes(sent.etag))
    return reply.code(304).send()
  return reply.code(status).header('content-type', sent.type).send(sent.body)
}

/** What a key opens is nobody else's, so shared caches keep nothing. */
const cacheControl = {
  never: 'no-store',
  ask: 'private, no-cache',
  forever: 'private, max-age=31536000, immutable',
} as const

function tagsOf(header: string): string[] {
  return header.split(',').map((tag) => tag.trim().replace(/^W\//, ''))
}
