/**
 * A client for the live market, typed by the contract: `overwall/client`. It needs nothing but `fetch`.
 *
 *     const client = new OverwallClient({ url: 'http://127.0.0.1:3000', key })
 *     const me = await client.call('getMe')
 *     await client.call('placeOrders', { params: { zone }, body: { interval, side: 'buy', price: '0.42', quantity: '12.5' } })
 *     for await (const event of client.follow(zone)) if (event.name === 'fill') console.log(event.data.accepted)
 */
import { api, type AnswerOf, type Call, type RouteName } from './api.ts'
import type { ZoneEvent, ZoneEventName } from './events.ts'
import { problemMedia, type Problem } from './problems.ts'
import type { Route } from './route.ts'

export type { AnswerOf, Call, RouteName } from './api.ts'
export type { ZoneEvent, ZoneEventName } from './events.ts'
export type { Problem, ProblemCode } from './problems.ts'

export interface ClientOptions {
  /** where the service is, without a path */
  readonly url: string
  readonly key?: string
  /** in the place of the global one */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>
}

type Needed<Name extends RouteName> = {
  [Part in keyof Call<Name>]: undefined extends Call<Name>[Part]
    ? never
    : object extends Call<Name>[Part]
      ? never
      : Part
}[keyof Call<Name>]

type Possible<Name extends RouteName> = {
  [Part in keyof Call<Name>]: Call<Name>[Part] extends undefined ? never : Part
}[keyof Call<Name>]

/** What a call hands over: what its route cannot do without, and what it may be given. */
export type Asking<Name extends RouteName> = Pick<Call<Name>, Needed<Name>> &
  Partial<Pick<Call<Name>, Possible<Name>>>

type AskingArguments<Name extends RouteName> = [Needed<Name>] extends [never]
  ? [asking?: Asking<Name>]
  : [asking: Asking<Name>]

/** What the service refused, as it said it. */
export class ProblemError extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.detail)
    this.name = 'ProblemError'
    this.problem = problem
  }
}

export type ClientEvent = {
  readonly [Name in ZoneEventName]: {
    readonly id: string
    readonly name: Name
    readonly data: ZoneEvent<Name>
  }
}[ZoneEventName]

export class OverwallClient {
  readonly #options: ClientOptions

  constructor(options: ClientOptions) {
    this.#options = options
  }

  /**
   * Calls a route by its name.
   *
   * @returns the answer's body; of routes that answer no JSON, its text
   * @throws ProblemError when the service refuses
   */
  async call<Name extends RouteName>(
    name: Name,
    ...[asking]: AskingArguments<Name>
  ): Promise<AnswerOf<Name>> {
    const response = await this.#ask(api[name], (asking ?? {}) as Partial<Call<Name>>)
    const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false
    return (isJson ? await response.json() : await response.text()) as AnswerOf<Name>
  }

  /**
   * A zone's events as they happen. It ends with the connection; who comes back with the id of the last event misses none.
   */
  async *follow(
    zone: string,
    { lastEventId, signal }: FollowOptions = {},
  ): AsyncGenerator<ClientEvent, void> {
    const headers = lastEventId === undefined ? {} : { 'last-event-id': lastEventId }
    const response = await this.#ask(api.followZone, { params: { zone }, headers }, signal)
    for await (const block of eventBlocks(response.body!)) {
      const { id, event, data } = fieldsOf(block)
      if (id !== undefined && event !== undefined && data !== undefined)
        yield { id, name: event, data: JSON.parse(data) as unknown } as ClientEvent
    }
  }

  async #ask(route: Route, asking: AskedParts, signal?: AbortSignal): Promise<Response> {
    const { url, key, fetch = globalThis.fetch } = this.#options
    const response = await fetch(url + addressOf(route, asking), {
      method: route.method,
      headers: {
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...(asking.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...asking.headers,
      },
      ...(asking.body === undefined ? {} : { body: JSON.stringify(asking.body) }),
      ...(signal ? { signal } : {}),
    })
    if (response.ok) return response
    throw await errorOf(response)
  }
}

export interface FollowOptions {
  readonly lastEventId?: string
  readonly signal?: AbortSignal
}

interface AskedParts {
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, unknown>> | undefined
  readonly headers?: Readonly<Record<string, unknown>> | undefined
  readonly body?: unknown
}

function addressOf({ path }: Route, { params = {}, query = {} }: AskedParts): string {
  const address = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''))
  const entries = Object.entries(query).filter(([, value]) => value !== undefined)
  const search = new URLSearchParams(entries.map(([name, value]) => [name, String(value)]))
  return entries.length === 0 ? address : `${address}?${search.toString()}`
}

async function errorOf(response: Response): Promise<Error> {
  const text = await response.text()
  if (response.headers.get('content-type')?.startsWith(problemMedia))
    return new ProblemError(JSON.parse(text) as Problem)
  return new Error(`the service answered ${response.status}: ${text.slice(0, 200)}`)
}

async function* eventBlocks(body: ReadableStream<Uint8Array>): AsyncGenerator<string, void> {
  let rest = ''
  for await (const chunk of body.pipeThrough(
    new TextDecoderStream() as never,
  ) as unknown as AsyncIterable<string>) {
    const blocks = (rest + chunk).split('\n\n')
    rest = blocks.pop()!
    yield* blocks
  }
}

function fieldsOf(block: string): Readonly<Record<string, string>> {
  const fields = block.split('\n').map((line): [string, string] => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon), line.slice(colon + 1).trimStart()]
  })
  return Object.fromEntries(fields)
}
