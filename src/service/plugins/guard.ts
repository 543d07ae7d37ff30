/**
 * Who may come in: limits by address and by key, the key itself, the role. All of it is decided from address and headers,
 * before a body is read. An id that names nothing is unknown to everybody, so it is looked up before a role is refused.
 */
import type { CreateRateLimitOptions } from '@fastify/rate-limit'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { paramNames, type Route } from '../../contract/route.ts'
import type { Caller, Directory } from '../access/directory.ts'
import { Refusal } from '../refusal.ts'

export interface Limits {
  /** requests of one key in a minute */
  readonly perKey: number
  /** requests from one address in a minute, and of them with keys that are not valid */
  readonly perAddress: number
  readonly wrongKeys: number
  /** how far behind the service may be before it sends requests away [ms] */
  readonly delayMs: number
}

/** Refuses a name in an address that leads nowhere. */
export type Lookup = (value: string, params: Readonly<Record<string, string>>) => void | Promise<void>

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller
  }
}

/** Of routes that ask for no key. */
const anybody: Caller = { role: 'observer', participant: 0, key: '' }

type Check = ReturnType<FastifyInstance['createRateLimit']>

export class Guard {
  readonly #directory: Directory
  readonly #lookups: Readonly<Record<string, Lookup>>
  readonly #byAddress: Check
  readonly #byKey: Check
  readonly #wrongKeys: Check

  /** @param app has the rate-limit plugin */
  constructor(
    app: FastifyInstance,
    directory: Directory,
    lookups: Readonly<Record<string, Lookup>>,
    limits: Limits,
  ) {
    this.#directory = directory
    this.#lookups = lookups
    const check = (max: number, keyGenerator: NonNullable<CreateRateLimitOptions['keyGenerator']>) =>
      app.createRateLimit({ max, timeWindow: 60_000, keyGenerator })
    this.#byAddress = check(limits.perAddress, ({ ip }) => ip)
    this.#byKey = check(limits.perKey, ({ caller }) => caller.key)
    this.#wrongKeys = check(limits.wrongKeys, ({ ip }) => ip)
  }

  of(route: Route): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
    const names = paramNames(route.path)
    return async (request, reply) => {
      await limit(this.#byAddress, request, reply)
      request.caller = anybody
      if (!route.roles) return
      request.caller = await this.#callerOf(request, reply)
      await limit(this.#byKey, request, reply)
      if (route.roles.includes(request.caller.role)) return
      await this.#lookUp(names, request)
      throw new Refusal('role-not-allowed', {
        wanted: `a key of ${route.roles.join(' or ')}`,
        came: request.caller.role,
      })
    }
  }

  async #callerOf(request: FastifyRequest, reply: FastifyReply): Promise<Caller> {
    const { authorization } = request.headers
    const text = /^Bearer (\S{1,200})$/i.exec(authorization ?? '')?.[1]
    if (text === undefined) throw new Refusal('key-missing')
    const caller = this.#directory.callerOf(text)
    if (caller) return caller
    await limit(this.#wrongKeys, request, reply)
    throw new Refusal('key-unknown')
  }

  async #lookUp(names: readonly string[], request: FastifyRequest): Promise<void> {
    const params = request.params as Record<string, string>
    for (const name of names) await this.#lookups[name]!(params[name]!, params)
  }
}

async function limit(check: Check, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const found = await check(request)
  if (found.isAllowed || !found.isExceeded) return
  reply.header('x-ratelimit-limit', String(found.max)).header('x-ratelimit-remaining', '0')
  throw new Refusal('too-many-requests', {
    came: `more than ${found.max} in a minute`,
    retryAfterS: found.ttlInSeconds,
  })
}
