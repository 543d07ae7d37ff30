/**
 * Who may come in: limits by address and by key, the key itself, the role. All of it is decided from address and headers,
 * before a body is read. An id that names nothing is unknown to everybody, so it is looked up before a role is refused.
 */
import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify'
import { paramNames, type Route } from '../../contract/route.ts'
import type { Caller, Directory } from '../access/directory.ts'
import { RequestLimit } from '../access/request-limit.ts'
import { Refusal } from '../refusal.ts'

export interface Limits {
  /** requests of one key in a minute */
  readonly perKey: number
  /** requests from one address in a minute, and of them with keys that are not valid */
  readonly perAddress: number
  readonly wrongKeys: number
  /** how far behind the service may be before it sends requests away [ms] */
  readonly delayMs: number
  /** orders that may wait for the disk before more are sent away */
  readonly waitingOrders: number
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

type Hook = (request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction) => void

export class Guard {
  readonly #directory: Directory
  readonly #lookups: Readonly<Record<string, Lookup>>
  readonly #byAddress: RequestLimit
  readonly #byKey: RequestLimit
  readonly #wrongKeys: RequestLimit

  /** @param now the wall clock [ms] */
  constructor(
    directory: Directory,
    lookups: Readonly<Record<string, Lookup>>,
    limits: Limits,
    now: () => number,
  ) {
    this.#directory = directory
    this.#lookups = lookups
    this.#byAddress = new RequestLimit(limits.perAddress, now)
    this.#byKey = new RequestLimit(limits.perKey, now)
    this.#wrongKeys = new RequestLimit(limits.wrongKeys, now)
  }

  /** Called for addresses that no route has. */
  countStranger({ ip }: FastifyRequest): void {
    limit(this.#byAddress, ip)
  }

  of(route: Route): Hook {
    const names = paramNames(route.path)
    return (request, _, done) => {
      limit(this.#byAddress, request.ip)
      request.caller = anybody
      if (!route.roles) return done()
      request.caller = this.#callerOf(request)
      limit(this.#byKey, request.caller.key)
      if (route.roles.includes(request.caller.role)) return done()
      this.#refuseRole(route, names, request).catch(done)
    }
  }

  #callerOf({ headers, ip }: FastifyRequest): Caller {
    const { authorization } = headers
    if (authorization === undefined || !/^bearer /i.test(authorization)) throw new Refusal('key-missing')
    const caller = this.#directory.callerOf(authorization.slice('bearer '.length))
    if (caller) return caller
    limit(this.#wrongKeys, ip)
    throw new Refusal('key-unknown')
  }

  async #refuseRole(
    route: Route,
    names: readonly string[],
    { params, caller }: FastifyRequest,
  ): Promise<never> {
    const named = params as Record<string, string>
    for (const name of names) await this.#lookups[name]!(named[name]!, named)
    throw new Refusal('role-not-allowed', {
      wanted: `a key of ${route.roles!.join(' or ')}`,
      came: caller.role,
    })
  }
}

/** @throws Refusal for one request too many */
function limit(limited: RequestLimit, name: string): void {
  const retryAfterS = limited.count(name)
  if (retryAfterS === undefined) return
  throw new Refusal('too-many-requests', { came: `more than ${limited.most} in a minute`, retryAfterS })
}
