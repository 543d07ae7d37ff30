/** Kinds of enterprises by how they use electricity (`seeds/load-archetypes.json`), every figure with its source. */
import { z } from 'zod'
import { InputFaults, type Fault } from '../../base/errors.ts'
import { seedFaults } from '../seed-faults.ts'

const confidence = z.enum(['verified-primary', 'verified-secondary', 'derived', 'unverified'])
const figure = (value: z.ZodNumber) =>
  z.strictObject({ value, unit: z.string(), source: z.string(), confidence, note: z.string().optional() })
const share = figure(z.number().min(0).max(1))
const range = (value: z.ZodNumber) => z.strictObject({ low: figure(value), high: figure(value) })
const hour = z.number().min(0).max(24).multipleOf(0.25)
const block = z.strictObject({ fromHour: hour, toHour: hour, level: z.number().min(0).max(1) })

const archetypeSchema = z.strictObject({
  zh: z.string(),
  /** mean over highest quarter-hour of a year */
  loadFactor: range(z.number().gt(0).lt(1)),
  /** level outside working hours, of the level at full work */
  nightShare: share,
  /** energy of a day off, of a workday's */
  weekendShare: share,
  holidayShare: share,
  /** the long pause around Spring Festival (春节停工), 0 days for none */
  springPauseDays: range(z.number().min(0).max(30)),
  springPauseShare: share,
  /** growth of the level per kelvin of air temperature above `coolingFromC`, and below 10 °C */
  coolingPerK: figure(z.number().min(0).max(0.2)),
  coolingFromC: figure(z.number()),
  heatingPerK: figure(z.number().min(0).max(0.2)),
  /** time in which two thirds of a change of the air are felt */
  inertiaHours: figure(z.number().min(0.25).max(240)),
  /** standard deviations of a day's level, and of a quarter-hour against its day */
  dayNoise: figure(z.number().min(0).max(0.3)),
  quarterNoise: figure(z.number().min(0).max(0.3)),
  /** working hours and their level; outside them the night share */
  blocks: z.array(block).min(1),
  /** factors on the level within working hours */
  dips: z.array(block),
  shape: z.string(),
})

const referenceSchema = z.strictObject({
  place: z.string(),
  source: z.string(),
  confidence,
  note: z.string().optional(),
  months: z
    .array(z.strictObject({ meanC: z.number(), meanDailyMinC: z.number(), meanDailyMaxC: z.number() }))
    .length(12),
})
/** Mean temperatures that stand for the part of a year outside a run. */
export type ReferenceYear = z.infer<typeof referenceSchema>

export type LoadArchetype = z.infer<typeof archetypeSchema> & { readonly referenceYear: ReferenceYear }

const fileSchema = z.strictObject({
  id: z.string(),
  source: z.string(),
  validFrom: z.string(),
  referenceYear: referenceSchema,
  archetypes: z.record(z.string(), archetypeSchema),
})

/**
 * @param json the parsed seed file
 * @param file its name, for the faults
 * @throws InputFaults with every fault of the file
 */
export function parseLoadArchetypes(
  json: unknown,
  file = 'load-archetypes',
): ReadonlyMap<string, LoadArchetype> {
  const parsed = fileSchema.safeParse(json)
  if (!parsed.success) throw new InputFaults(seedFaults('load-archetypes', file, json, parsed.error.issues))
  const { archetypes, referenceYear } = parsed.data
  const faults = Object.entries(archetypes).flatMap(([name, archetype]) => [
    ...disordered(archetype.loadFactor, `archetypes.${name}.loadFactor`, file),
    ...disordered(archetype.springPauseDays, `archetypes.${name}.springPauseDays`, file),
    ...[...archetype.blocks, ...archetype.dips]
      .filter(({ fromHour, toHour }) => fromHour >= toHour)
      .map((each) =>
        fault(file, `archetypes.${name}.blocks`, 'fromHour before toHour', JSON.stringify(each)),
      ),
  ])
  if (faults.length > 0) throw new InputFaults(faults)
  return new Map(Object.entries(archetypes).map(([name, each]) => [name, { ...each, referenceYear }]))
}

function disordered(
  { low, high }: { low: { value: number }; high: { value: number } },
  path: string,
  file: string,
): Fault[] {
  return low.value <= high.value
    ? []
    : [fault(file, path, 'low at most high', `${low.value} and ${high.value}`)]
}

function fault(file: string, path: string, wanted: string, came: string): Fault {
  return { code: 'load-archetypes', file, path, wanted, came }
}
