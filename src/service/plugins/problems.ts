/** Whatever goes wrong is answered as a problem, and nothing of what is inside gets out with it. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Socket } from 'node:net'
import { problemKinds, problemMedia, type ProblemCode } from '../../contract/problems.ts'
import { StoreFault } from '../../store/fault.ts'
import type { PulseLog } from '../market/pulse.ts'
import { problemOf, Refusal, refusalOfFault } from '../refusal.ts'
import { dataHeaders } from './headers.ts'

/** @param countStranger refuses who asks too often for what is not there */
export function addProblems(
  app: FastifyInstance,
  log: PulseLog,
  countStranger: (request: FastifyRequest) => void,
): void {
  app.setErrorHandler((error, request, reply) => {
    const refusal = refusalOf(error, request)
    if (problemKinds[refusal.code].status >= 500) tell(log, { refusal, instance: request.id }, error)
    return refuse(reply, refusal, request.id)
  })
  app.setNotFoundHandler((request, reply) => {
    countStranger(request)
    return refuse(
      reply,
      new Refusal('route-unknown', { came: `${request.method} ${request.url.slice(0, 200)}` }),
      request.id,
    )
  })
}

/** An address that cannot be decoded leads nowhere. */
export function answerUnreadableAddress(_: Error, request: FastifyRequest, reply: FastifyReply): void {
  refuse(
    reply,
    new Refusal('route-unknown', { came: `${request.method}, and an address that is none` }),
    request.id,
  )
}

/** What the service was not able to do is a warning; what it did wrong is an error with all there is to say. */
function tell(
  log: PulseLog,
  { refusal, instance }: { refusal: Refusal; instance: string },
  error: unknown,
): void {
  if (refusal.code === 'our-mistake' || refusal.code === 'clearing-not-proved')
    log.error({ err: error, instance }, refusal.code)
  else log.warn({ code: refusal.code, came: refusal.detail.came, instance }, 'refused')
}

export function refuse(reply: FastifyReply, refusal: Refusal, instance: string): FastifyReply {
  const problem = problemOf(refusal, instance)
  if (refusal.detail.retryAfterS !== undefined)
    reply.header('retry-after', String(refusal.detail.retryAfterS))
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer')
  return reply
    .code(problem.status)
    .headers(dataHeaders)
    .header('content-type', problemMedia)
    .header('cache-control', 'no-store')
    .send(JSON.stringify(problem))
}

function refusalOf(error: unknown, request: FastifyRequest): Refusal {
  if (error instanceof Refusal) return error
  if (error instanceof StoreFault) return refusalOfFault(error) ?? new Refusal('our-mistake')
  const code = (error as { code?: unknown }).code
  const known = typeof code === 'string' ? frameworkCodes[code] : undefined
  if (known) return new Refusal(known, { came: cameOf(code as string, error as Error, request) })
  // Whatever else a reader of bodies finds wrong is said with a status of its own.
  const status = (error as { statusCode?: unknown }).statusCode
  return new Refusal(status === 400 ? 'invalid-json' : status === 413 ? 'body-too-large' : 'our-mistake')
}

const frameworkCodes: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: 'invalid-json',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'invalid-json',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'invalid-json',
  FST_ERR_CTP_BODY_TOO_LARGE: 'body-too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'media-type',
  FST_UNDER_PRESSURE: 'overloaded',
}

function cameOf(code: string, { message }: Error, { headers }: FastifyRequest): string {
  if (code === 'FST_ERR_CTP_EMPTY_JSON_BODY') return 'nothing'
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
    return headers['content-type']?.slice(0, 100) ?? 'a body of no type'
  return message.slice(0, 200)
}

/** Requests that never became one: the socket gets a whole answer and is closed. */
export function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') return
  const code = rawCodes[error.code ?? ''] ?? 'invalid-request'
  const body = JSON.stringify(problemOf(new Refusal(code), 'none'))
  const { status } = problemKinds[code]
  socket.end(
    `HTTP/1.1 ${status} ${problemKinds[code].title}\r\ncontent-type: ${problemMedia}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  )
}

const rawCodes: Readonly<Record<string, ProblemCode>> = {
  HPE_HEADER_OVERFLOW: 'headers-too-large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
}
