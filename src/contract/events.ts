/** What a zone's stream tells, one schema an event. The data of an event is one line of JSON. */
import { z } from 'zod'
import { kwh } from './decimals.ts'
import { instant, intervalName, side } from './names.ts'
import { meanPrice, outcomes } from './routes/orders.ts'
import { busPrice } from './routes/zones.ts'

export const zoneEvents = {
  /** a minute before the gate closes, where the clock stops there */
  'gate-closing': z.strictObject({ interval: intervalName, gateCloses: instant }),
  'gate-closed': z.strictObject({ interval: intervalName }),
  cleared: z.strictObject({
    interval: intervalName,
    volume: kwh,
    prices: z.array(busPrice),
    again: z.boolean().meta({ description: 'the operator has published it once more' }),
  }),
  /** to the participant alone: what became of one of its orders */
  fill: z.strictObject({
    interval: intervalName,
    order: z.string(),
    side,
    accepted: kwh,
    price: meanPrice,
    outcome: z.enum(outcomes),
  }),
  settled: z.strictObject({ interval: intervalName, round: z.int() }),
} as const
export type ZoneEventName = keyof typeof zoneEvents
export type ZoneEvent<Name extends ZoneEventName = ZoneEventName> = z.infer<(typeof zoneEvents)[Name]>

/** What the events of a run tell. */
export const runEvents = {
  progress: z.strictObject({ state: z.string(), progress: z.number() }),
  ended: z.strictObject({ state: z.string() }),
} as const
