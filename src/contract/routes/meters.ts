/**
 * Meter readings from outside. An interval is settled when it ends, with the simulated reading of whoever sent none; a
 * reading that comes later, or again, settles it once more. The older ones stay.
 */
import { z } from 'zod'
import { kwh, meterKwh } from '../decimals.ts'
import { id, instant, intervalName, next, page } from '../names.ts'
import { defineRoutes } from '../route.ts'

export const newReading = z
  .strictObject({
    participant: id,
    interval: intervalName,
    energy: meterKwh.meta({ description: 'what an enterprise took, or what a plant sent out [kWh]' }),
  })
  .meta({ id: 'NewReading' })
export type NewReading = z.infer<typeof newReading>
export const newReadings = z.union([newReading, z.array(newReading).min(1).max(1000)])

export const reading = z
  .strictObject({
    participant: z.string(),
    interval: intervalName,
    energy: kwh,
    version: z.int().min(1).meta({ description: 'counts corrections' }),
    source: z.enum(['sent', 'simulated']),
    received: instant,
  })
  .meta({ id: 'Reading' })
export type ReadingAnswer = z.infer<typeof reading>

export const meterRoutes = defineRoutes({
  sendReadings: {
    method: 'POST',
    path: '/v1/meters',
    roles: ['operator'],
    tag: 'meters',
    summary: 'Send one reading, or up to 1,000 at once: all of them or none',
    body: newReadings,
    bodyLimit: 256 * 1024,
    answer: { status: 201, schema: z.strictObject({ readings: z.array(reading) }) },
    problems: [
      'participant-unknown',
      'interval-unknown',
      'meter-too-early',
      'month-closed',
      'beyond-connection',
      'store-refuses',
    ],
  },
  listReadings: {
    method: 'GET',
    path: '/v1/meters',
    roles: ['participant', 'operator'],
    tag: 'meters',
    summary: 'Readings; of a participant its own',
    description:
      'With `interval` every version of that reading, oldest first; without it the newest of every interval that has one.',
    query: z.strictObject({ participant: id.optional(), interval: intervalName.optional(), ...page }),
    answer: { status: 200, schema: z.strictObject({ readings: z.array(reading), next }) },
    problems: ['participant-unknown', 'interval-unknown', 'invalid-cursor'],
  },
})
