/**
 * Bodies are JSON in UTF-8 and nothing else. A key "__proto__" is a key like any other here: it is no part of any schema,
 * and nothing is ever copied by the keys that came.
 */
import { isUtf8 } from 'node:buffer'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Refusal } from '../refusal.ts'
import { collectBody } from './collect-body.ts'

/** Bodies that a thread will read, so that the one which answers requests does not. */
export interface RawBody {
  readonly bytes: Buffer
}

/** A body that was read and checked in one go, so that no schema need look at it. */
export class ReadBody {
  readonly value: unknown

  constructor(value: unknown) {
    this.value = value
  }
}

/** Reads the one form that nearly all bodies of a route have; any other is read as JSON. */
export type PlainReader = (bytes: Uint8Array) => object | undefined

/** What a route makes of a body: values, the bytes as they came, or nothing. */
export type BodyKind = 'json' | 'raw' | 'none' | PlainReader

declare module 'fastify' {
  interface FastifyContextConfig {
    body?: BodyKind
  }
}

export function addJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', (request, stream, done) => {
    const told = Number(request.headers['content-length'])
    const { bodyLimit: limit, config } = request.routeOptions
    collectBody({ stream, told, limit }, (refusal, bytes) => {
      try {
        if (refusal) throw refusal
        refusePacked(request)
        done(null, readBody(config.body ?? 'raw', bytes))
      } catch (error) {
        done(error as Error)
      }
    })
  })
}

/** Many clients say that a body is JSON where they send none. */
function readBody(kind: BodyKind, bytes: Buffer): unknown {
  // The bytes are this request's for as long as they are read at once; a thread reads them later.
  if (kind === 'raw') return { bytes: Buffer.from(bytes) } satisfies RawBody
  if (typeof kind === 'function') {
    const plain = kind(bytes)
    return plain ? new ReadBody(plain) : readJson(bytes)
  }
  return kind === 'none' && bytes.length === 0 ? undefined : readJson(bytes)
}

/** @throws Refusal `media-type`: nothing here unpacks a body, whose limits are those of what comes over the wire */
function refusePacked({ headers }: FastifyRequest): void {
  const encoding = headers['content-encoding']
  if (encoding !== undefined && encoding !== 'identity')
    throw new Refusal('media-type', { came: `Content-Encoding: ${encoding.slice(0, 100)}` })
}

/** @throws Refusal `invalid-json` */
export function readJson(bytes: Buffer): unknown {
  if (bytes.length === 0) throw new Refusal('invalid-json', { came: 'nothing' })
  if (!isUtf8(bytes)) throw new Refusal('invalid-json', { came: 'bytes that are no UTF-8' })
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch (error) {
    throw new Refusal('invalid-json', { came: (error as Error).message.slice(0, 200) })
  }
}
