/** The zone as everybody may see it: its grid, its members' public parts, its intervals, its clock. */
import { z } from 'zod'
import { kwh, price } from '../decimals.ts'
import { day, id, instant, intervalName, next, page, roles } from '../names.ts'
import { defineRoutes } from '../route.ts'

const title = z.strictObject({ en: z.string(), zh: z.string() })

export const participantKinds = ['enterprise', 'pv', 'cogeneration', 'storage'] as const
export const participantKind = z.enum(participantKinds).meta({ id: 'ParticipantKind' })
export type ParticipantKind = z.infer<typeof participantKind>

const bus = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    voltage: z.string(),
    parent: z.string().nullable(),
  })
  .meta({ id: 'Bus' })

const arc = z
  .strictObject({
    bus: z.string(),
    parent: z.string(),
    capacityUp: kwh
      .nullable()
      .meta({ description: 'room toward the parent in a quarter-hour, null: unlimited' }),
    capacityDown: kwh.nullable(),
    feeUp: price,
    feeDown: price,
  })
  .meta({
    id: 'Arc',
    description: 'from a bus to its parent; fees are those of the interval that is open next',
  })

const publicParticipant = z
  .strictObject({ id: z.string(), name: z.string(), kind: participantKind, bus: z.string() })
  .meta({ id: 'PublicParticipant' })

export const zoneBrief = z
  .strictObject({ id: z.string(), title, from: day, to: day })
  .meta({ id: 'ZoneBrief', description: 'first and last day that the market has' })

export const zone = z
  .strictObject({
    ...zoneBrief.shape,
    market: z.strictObject({
      rule: z.string(),
      k: z.string(),
      priceFloor: price,
      priceCap: price,
      gateLeadSeconds: z.int().meta({ description: 'the gate closes so long before delivery begins' }),
      openDays: z.int().meta({ description: 'so far ahead orders are taken' }),
    }),
    buses: z.array(bus),
    arcs: z.array(arc),
    participants: z.array(publicParticipant),
  })
  .meta({ id: 'Zone' })
export type ZoneAnswer = z.infer<typeof zone>

export const intervalStates = ['open', 'closed', 'cleared', 'settled'] as const
export const intervalState = z.enum(intervalStates).meta({ id: 'IntervalState' })
export type IntervalState = z.infer<typeof intervalState>

export const busPrice = z
  .strictObject({ bus: z.string(), price, traded: z.boolean() })
  .meta({ id: 'BusPrice' })

export const interval = z
  .strictObject({
    interval: intervalName,
    start: instant,
    end: instant,
    gateCloses: instant,
    state: intervalState,
    prices: z.array(busPrice).nullable().meta({ description: 'by bus, null before the clearing' }),
  })
  .meta({ id: 'MarketInterval' })
export type IntervalAnswer = z.infer<typeof interval>

export const clockKinds = ['real', 'scaled', 'manual'] as const
export const clock = z
  .strictObject({
    kind: z.enum(clockKinds),
    speed: z.number().meta({ description: 'market seconds a second; 0 for the manual clock' }),
    now: instant,
    nextGate: intervalName.nullable().meta({ description: 'the interval whose gate closes next' }),
  })
  .meta({ id: 'Clock' })
export type ClockAnswer = z.infer<typeof clock>

export const range = { from: intervalName.optional(), to: intervalName.optional() }

export const zoneRoutes = defineRoutes({
  listZones: {
    method: 'GET',
    path: '/v1/zones',
    roles,
    tag: 'zone',
    summary: 'The zones of this service',
    answer: { status: 200, schema: z.strictObject({ zones: z.array(zoneBrief) }) },
    problems: [],
  },
  getZone: {
    method: 'GET',
    path: '/v1/zones/{zone}',
    roles,
    tag: 'zone',
    summary: "A zone's rules, grid and members",
    answer: { status: 200, schema: zone, cached: true },
    problems: ['zone-unknown'],
  },
  listIntervals: {
    method: 'GET',
    path: '/v1/zones/{zone}/intervals',
    roles,
    tag: 'zone',
    summary: 'Intervals from one to another, both included',
    description: 'Without `from`, the list begins with the interval whose gate closes next.',
    query: z.strictObject({ ...range, ...page }),
    answer: { status: 200, schema: z.strictObject({ intervals: z.array(interval), next }) },
    problems: ['zone-unknown', 'invalid-cursor'],
  },
  getInterval: {
    method: 'GET',
    path: '/v1/zones/{zone}/intervals/{interval}',
    roles,
    tag: 'zone',
    summary: 'One interval: state, gate closure, prices once cleared',
    answer: { status: 200, schema: interval },
    problems: ['zone-unknown', 'interval-unknown'],
  },
  getTotals: {
    method: 'GET',
    path: '/v1/zones/{zone}/intervals/{interval}/totals',
    roles: ['operator'],
    tag: 'operator',
    summary: 'How much stands in a book, without whose and at what price',
    answer: {
      status: 200,
      schema: z.strictObject({
        interval: intervalName,
        orders: z.int(),
        buy: kwh,
        sell: kwh,
      }),
    },
    problems: ['zone-unknown', 'interval-unknown'],
  },
  getClock: {
    method: 'GET',
    path: '/v1/clock',
    roles,
    tag: 'zone',
    summary: 'The time of the market',
    answer: { status: 200, schema: clock },
    problems: [],
  },
  followZone: {
    method: 'GET',
    path: '/v1/zones/{zone}/stream',
    roles,
    tag: 'zone',
    summary: 'Events as they happen (server-sent events)',
    description:
      '`gate-closing` (interval, gateCloses), `gate-closed` (interval), `cleared` (interval, volume, prices, again), `settled` (interval, round); for a participant also `fill` (interval, order, side, accepted, price, outcome) of each of its orders. Every event has an id; who comes back with it in `Last-Event-ID` misses nothing.',
    headers: z.object({ 'last-event-id': id.optional() }),
    answer: { status: 200, media: 'text/event-stream' },
    problems: ['zone-unknown', 'invalid-cursor'],
  },
})
