/**
 * Everything the service can refuse, by code (RFC 9457). Each says what was wanted and what `came` will hold; the page
 * docs/reference/problems.md is this catalogue, and a test holds the two to each other.
 */
import { z } from 'zod'

export interface ProblemKind {
  readonly status: number
  /** the same words for every problem of the kind */
  readonly title: string
  /** what was wanted, in general; a problem says it of its own case */
  readonly wanted: string
  /** what stands in `came` */
  readonly came: string
}

const kind = (status: number, title: string, wanted: string, came: string): ProblemKind => ({
  status,
  title,
  wanted,
  came,
})

export const problemKinds = {
  'invalid-json': kind(
    400,
    'The body is no JSON',
    'one JSON value in UTF-8',
    'what the reader stumbled over',
  ),
  'invalid-request': kind(
    400,
    'The request has not the shape its route wants',
    'a request of the shape in /openapi.json',
    'the first thing that is different; `errors` lists all, up to a hundred',
  ),
  'invalid-cursor': kind(400, 'The cursor is none of this list', 'a `next` of an earlier page', 'the cursor'),
  'key-missing': kind(
    401,
    'No key came with the request',
    'a header `Authorization: Bearer KEY`',
    'nothing, or another scheme',
  ),
  'key-unknown': kind(
    401,
    'The key is not valid',
    'a key that was given out and not revoked',
    'a key that is none',
  ),
  'role-not-allowed': kind(
    403,
    'The key may not do this',
    'a key of one of the roles of the route',
    'the role of the key',
  ),
  'route-unknown': kind(404, 'There is no such route', 'a route in /openapi.json', 'method and address'),
  'zone-unknown': kind(404, 'There is no such zone', 'a zone in /v1/zones', 'the name'),
  'interval-unknown': kind(
    404,
    'The market has no such interval',
    'a quarter-hour that the market has opened, by its start: 2027-06-01T12:15',
    'the name',
  ),
  'not-cleared': kind(
    404,
    'The interval is not cleared yet',
    'an interval that is cleared or settled',
    'the interval and its state',
  ),
  'order-unknown': kind(404, 'There is no such order of yours', 'an id of an own order', 'the id'),
  'participant-unknown': kind(404, 'There is no such participant', 'a participant of the zone', 'the id'),
  'credential-unknown': kind(
    404,
    'There is no such key',
    'the id of a key, which is not the key itself',
    'the id',
  ),
  'statement-unknown': kind(404, 'There is no such statement', 'a month that is closed', 'the month'),
  'run-unknown': kind(404, 'There is no such run of yours', 'an id of an own run', 'the id'),
  'file-unknown': kind(404, 'The run has no such file', 'a file that the run lists', 'the name'),
  'gate-closed': kind(
    409,
    'The gate of the interval is closed',
    'an interval that is open',
    'the interval that is closed, and since when',
  ),
  'order-final': kind(409, 'The order is cancelled already', 'an order that stands in the book', 'its state'),
  'self-trade': kind(
    409,
    'Nobody trades with itself',
    'orders on one side only, of one owner in one interval',
    'the other side',
  ),
  'idempotency-conflict': kind(
    409,
    'The idempotency key was used for another request',
    'the same body as the first time, or a new key',
    'another body',
  ),
  'clock-not-manual': kind(
    409,
    'The clock moves by itself',
    'a service that was started with --clock manual',
    'the clock it has',
  ),
  'clock-not-forward': kind(
    409,
    'The clock only goes forward',
    'an instant after the present one',
    'the instant',
  ),
  'no-strategy': kind(
    409,
    'Nothing bids for this participant',
    'a participant whose strategy in the scenario is not external',
    'external',
  ),
  'month-closed': kind(
    409,
    'The month is closed',
    'a reading of a month whose statements are not issued',
    'the interval',
  ),
  'run-finished': kind(409, 'The run has ended', 'a run that waits or goes on', 'its state'),
  'run-unfinished': kind(409, 'The run has no result', 'a run that is done', 'its state'),
  'too-many-runs': kind(
    409,
    'Too many runs wait',
    'a run once an earlier one has ended',
    'how many wait or go on',
  ),
  'order-changed': kind(
    412,
    'The order has changed meanwhile',
    'the `If-Match` of the order as it is now',
    'an older one',
  ),
  'body-too-large': kind(
    413,
    'The body is too large',
    'a body within the limit of the route',
    'the size, or that it is beyond the limit',
  ),
  'media-type': kind(
    415,
    'The body is of another media type',
    'Content-Type: application/json, and no Content-Encoding',
    'the type or the encoding',
  ),
  'price-out-of-range': kind(
    422,
    'The price is outside floor and cap',
    'a price from the floor to the cap of the zone',
    'the price',
  ),
  'other-bus': kind(422, 'The bus is not yours', 'the bus of the own connection, or no bus', 'the bus'),
  'other-side': kind(422, 'This side is not yours', 'a side that the participant trades on', 'the side'),
  'beyond-connection': kind(
    422,
    'More than the connection carries',
    'energy within what the connection carries in a quarter-hour, over all own orders of a side',
    'the energy',
  ),
  'too-many-orders': kind(
    422,
    'Too many orders in one interval',
    'at most 10,000 orders of one participant in one interval',
    'how many there would be',
  ),
  'meter-too-early': kind(
    422,
    'The interval is not over',
    'a reading of an interval that has ended',
    'the interval',
  ),
  'faulty-book': kind(
    422,
    'The book has faults',
    'a book as docs/guides/clear.md has it',
    'the first fault; `errors` lists all, up to a hundred',
  ),
  'faulty-scenario': kind(
    422,
    'The scenario has faults',
    'a scenario as scenarios/schema.json has it',
    'the first fault; `errors` lists all, up to a hundred',
  ),
  'if-match-missing': kind(
    428,
    'The change does not say what it changes',
    'a header `If-Match` with the ETag of the order',
    'nothing',
  ),
  'too-many-requests': kind(
    429,
    'Too many requests',
    'no more requests in a minute than `came` says',
    'one more; `Retry-After` says when to come back',
  ),
  'headers-too-large': kind(431, 'The headers are too large', 'headers of at most 16 KiB', 'more'),
  'request-timeout': kind(408, 'The request came too slowly', 'a whole request within 30 s', 'a part of one'),
  'our-mistake': kind(
    500,
    'Something here is wrong',
    'nothing; this is a mistake of the service',
    'nothing; the log has it under the request id in `instance`',
  ),
  'clearing-not-proved': kind(
    500,
    'A clearing is not proved',
    'nothing; this is a mistake of the service',
    'nothing; the book is saved for the bug report',
  ),
  overloaded: kind(
    503,
    'The service is at its capacity',
    'the same request later, see `Retry-After`',
    'more than can be answered in time',
  ),
  'not-ready': kind(
    503,
    'The service takes no orders now',
    'the same request later, see `Retry-After`',
    'why: starting, catching up, or stopping',
  ),
  'clock-behind': kind(
    503,
    'The clock has gone back',
    'a clock that is not behind what the market has recorded',
    'the clock and the last recorded instant',
  ),
  'store-refuses': kind(
    503,
    'Nothing can be written',
    'a store with room that may be written',
    'what the store said, without its place',
  ),
} as const satisfies Record<string, ProblemKind>

export type ProblemCode = keyof typeof problemKinds
export const problemCodes = Object.keys(problemKinds) as [ProblemCode, ...ProblemCode[]]

/** One thing that is wrong among several, with the place in the request where it stands. */
export const problemPart = z
  .strictObject({
    code: z.string(),
    path: z.string().meta({ description: 'dotted, as body.0.price' }),
    wanted: z.string(),
    came: z.string(),
  })
  .meta({ id: 'ProblemPart' })
export type ProblemPart = z.infer<typeof problemPart>

export const problem = z
  .strictObject({
    type: z.string().meta({ description: 'address of the kind in the documentation' }),
    title: z.string(),
    status: z.int(),
    code: z.enum(problemCodes),
    detail: z.string(),
    wanted: z.string(),
    came: z.string(),
    path: z.string().optional(),
    interval: z.string().optional().meta({ description: 'the closed interval, of gate-closed' }),
    instance: z.string().meta({ description: 'id of the request, as it stands in the log' }),
    errors: z.array(problemPart).max(100).optional(),
  })
  .meta({ id: 'Problem', description: 'application/problem+json (RFC 9457)' })
export type Problem = z.infer<typeof problem>
export const problemMedia = 'application/problem+json'
