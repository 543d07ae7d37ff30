/** Kinds of enterprises by how they use electricity (`seeds/load-archetypes.json`), every figure with its source. */
import { z } from 'zod'
import { InputFaults, show } from '../../base/errors.ts'

const figure = z.strictObject({
  value: z.number(),
  unit: z.string(),
  source: z.string(),
  confidence: z.enum(['verified-primary', 'verified-secondary', 'derived', 'unverified']),
  note: z.string().optional(),
})
const block = z.strictObject({
  fromHour: z.number().min(0).max(24),
  toHour: z.number().min(0).max(24),
  level: z.number().min(0),
})

const archetypeSchema = z.strictObject({
  zh: z.string(),
  loadFactor: z.strictObject({ low: figure, high: figure }),
  nightShare: figure,
  weekendShare: figure,
  holidayShare: figure,
  coolingPerK: figure,
  dayNoise: figure,
  /** working hours and their level; outside them the night share */
  blocks: z.array(block),
  /** factors on the level within working hours */
  dips: z.array(block),
  shape: z.string(),
})
export type LoadArchetype = z.infer<typeof archetypeSchema>

const fileSchema = z.strictObject({
  id: z.string(),
  source: z.string(),
  archetypes: z.record(z.string(), archetypeSchema),
})

/** @throws InputFaults with every fault of the file */
export function parseLoadArchetypes(json: unknown, file: string): ReadonlyMap<string, LoadArchetype> {
  const parsed = fileSchema.safeParse(json)
  if (parsed.success) return new Map(Object.entries(parsed.data.archetypes))
  throw new InputFaults(
    parsed.error.issues.map((issue) => ({
      code: 'load-archetypes',
      file,
      path: issue.path.join('.'),
      wanted: issue.message,
      came: show(issue.input),
    })),
  )
}
