/** The monthly climate a synthetic year is drawn from (`seeds/climate-*.json`). */
import { z } from 'zod'
import { InputFaults, show, wantedBy } from '../../base/errors.ts'

const climateSchema = z.strictObject({
  id: z.string(),
  place: z.string(),
  source: z.string(),
  confidence: z.enum(['verified-primary', 'verified-secondary', 'derived', 'unverified']),
  validFrom: z.string(),
  note: z.string(),
  units: z.record(z.string(), z.string()),
  /** day-to-day autocorrelation of the clearness index at lag 1 */
  clearnessLag1: z.number().min(0).max(0.99),
  months: z
    .array(
      z.strictObject({
        month: z.int().min(1).max(12),
        ghiKwhM2: z.number().positive(),
        diffuseShare: z.number().min(0).max(1),
        meanC: z.number(),
        meanDailyMinC: z.number(),
        meanDailyMaxC: z.number(),
        clearnessMean: z.number().positive(),
        clearnessQuantiles: z.strictObject({
          p10: z.number(),
          p25: z.number(),
          p50: z.number(),
          p75: z.number(),
          p90: z.number(),
        }),
      }),
    )
    .length(12),
})
export type Climate = z.infer<typeof climateSchema>
export type ClimateMonth = Climate['months'][number]

/** @throws InputFaults with every fault of the file */
export function parseClimate(json: unknown, file: string): Climate {
  const parsed = climateSchema.safeParse(json)
  if (parsed.success) return parsed.data
  throw new InputFaults(
    parsed.error.issues.map((issue) => ({
      code: 'climate',
      file,
      path: issue.path.join('.'),
      wanted: wantedBy(issue.message),
      came: show(issue.input),
    })),
  )
}
