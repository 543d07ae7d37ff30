/** Names that stand in addresses and bodies: intervals, months, ids, roles. */
import { z } from 'zod'
import { text } from './text.ts'

/** Who a key speaks for. An observer sees what is published, a participant its own as well, an operator runs the market. */
export const roles = ['operator', 'participant', 'observer'] as const
export const role = z.enum(roles).meta({ id: 'Role' })
export type Role = z.infer<typeof role>

/** A quarter-hour by its start in Chinese time (UTC+8 all year). */
export const intervalName = text(
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):(?:00|15|30|45)$/,
  'a quarter-hour by its start, as "2027-06-01T12:15"',
).meta({
  id: 'Interval',
  description: 'start of a quarter-hour, Chinese time (UTC+8)',
  examples: ['2027-06-01T12:15'],
})

export const month = text(/^\d{4}-(?:0[1-9]|1[0-2])$/, 'a month as "2027-06"').meta({
  id: 'Month',
  examples: ['2027-06'],
})

/** An instant, with its offset from UTC. */
export const instant = z.iso
  .datetime({ offset: true, error: 'an instant with its offset from UTC, as "2027-06-01T12:10:00+08:00"' })
  .meta({ examples: ['2027-06-01T12:10:00+08:00'] })

/** A day of the calendar. */
export const day = z.iso.date('a day as "2027-06-01"')

/** Ids come back as they were given out; nobody has to read them. */
export const id = z.string().min(1).max(64)

export const sides = ['buy', 'sell'] as const
export const side = z.enum(sides).meta({ id: 'Side' })
export type Side = z.infer<typeof side>

/** One page of a list: `next` continues it, null ends it. */
export const cursor = z
  .string()
  .min(1)
  .max(128)
  .meta({ description: 'continues a list where its last page ended' })
export const pageSize = z.coerce.number().int().min(1).max(1000).default(100)
export const page = { cursor: cursor.optional(), limit: pageSize }
export const next = cursor.nullable().meta({ description: 'cursor of the next page, null at the end' })
