/** The shape of a tariff book: every component as editions with a first and a last day. */
import { z } from 'zod'
import { isDate } from '../base/calendar.ts'
import { voltageLevels } from '../grid/voltage.ts'
import { confidence, figure, figures } from './figure.ts'

export const bands = ['sharp', 'peak', 'flat', 'valley', 'deep-valley'] as const
/** 尖峰, 高峰, 平段, 低谷, 深谷; the index is the code in band series. */
export type Band = (typeof bands)[number]

const date = z.string().refine(isDate, 'a day as YYYY-MM-DD')
const edition = { validFrom: date, validTo: date.nullable() }
const byLevel = z.partialRecord(z.enum(voltageLevels), figure)
/** A T&D energy price is a fee of the clearing too, which counts in ticks. */
const tickFigure = figure.extend({
  value: z.string().regex(/^\d+(\.\d{1,4})?$/, 'a price as text, at most 4 places'),
})
const band = z.enum(bands)
const clock = z.string().regex(/^(([01]\d|2[0-3]):(00|15|30|45)|24:00)$/, 'a quarter of an hour as HH:MM')
const stretch = z
  .strictObject({ from: clock, to: clock, band })
  .refine(({ from, to }) => from < to, 'an end after the start')
const wholeDay = z.array(stretch).refine(coversDay, 'stretches that follow each other from 00:00 to 24:00')
const multipliers = z.partialRecord(band, figure)
/** Components are editions in the order of their days, of which there is at least one. */
const editions = <Edition extends z.ZodType>(one: Edition) => z.array(one).min(1)
const places = z.string().regex(/^-?\d+(\.\d{1,8})?$/, 'a decimal number as text, at most 8 places')

export const bookSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  currency: z.string(),
  sources: z.record(z.string(), z.string()),
  td: editions(
    z.strictObject({
      ...edition,
      document: z.string(),
      singlePartEnergy: z.record(z.enum(voltageLevels), tickFigure),
      twoPartEnergy: z.partialRecord(z.enum(voltageLevels), tickFigure),
      demandCharge: byLevel,
      capacityCharge: byLevel,
    }),
  ),
  timeOfUse: editions(
    z.strictObject({
      ...edition,
      document: z.string(),
      scales: z.enum(['floating-base', 'whole-price']),
      priceDecimals: z.int().min(0).max(8),
      source: z.string(),
      confidence,
      note: z.string(),
      multipliers: z.strictObject({ default: multipliers, months: z.record(z.string(), multipliers) }),
      seasons: z
        .array(z.strictObject({ months: z.array(z.int().min(1).max(12)), bands: wholeDay }))
        .refine(hasEveryMonth, 'every month from 1 to 12 in one season'),
      holidays: z.array(
        z.strictObject({
          festival: z.string(),
          days: z
            .tuple([z.int(), z.int()])
            .refine(([first, last]) => first <= last, 'a last day not before the first'),
          bands: z.array(stretch),
        }),
      ),
    }),
  ),
  purchase: editions(
    z.strictObject({ ...edition, agencyPrice: figure, lineLossFee: figure, systemOperationFee: figure }),
  ),
  governmentFunds: editions(z.strictObject({ ...edition, total: figure })),
  mechanism: editions(
    z.strictObject({ ...edition, stockPrice: figure, incrementalPrice: figure, pvReferencePrice: figure }),
  ),
  upstream: editions(
    z.strictObject({ ...edition, hourlyPrice: figures.extend({ values: figures.shape.values.length(24) }) }),
  ),
  rules: editions(
    z.strictObject({
      ...edition,
      demandDiscountFactor: figure,
      demandDiscountKwhPerKva: figure,
      minContractDemandShare: figure,
      powerFactorStandard: figure,
      vatRate: figure,
      deviationFreeShare: figure,
      deviationCoefficient: figure,
    }),
  ),
  powerFactorTable: z.strictObject({
    source: z.string(),
    confidence,
    steps: z
      .array(z.strictObject({ above: places, adjustment: places }))
      .refine(fallToZero, 'steps that fall to 0'),
  }),
})
/** The first step that a power factor reaches is its own, so higher ones come first and some step takes all. */
function fallToZero(steps: readonly { above: string }[]): boolean {
  const limits = steps.map(({ above }) => Number(above))
  return limits.every((limit, at) => at === 0 || limit < limits[at - 1]!) && limits.at(-1) === 0
}

/** Without gaps and overlaps, so that no hour has a band by chance. */
function coversDay(stretches: readonly { from: string; to: string }[]): boolean {
  const ends = ['00:00', ...stretches.map(({ to }) => to)]
  return stretches.every(({ from, to }, at) => from === ends[at] && from < to) && ends.at(-1) === '24:00'
}

function hasEveryMonth(seasons: readonly { months: readonly number[] }[]): boolean {
  const months = seasons.flatMap((season) => season.months).sort((a, b) => a - b)
  return months.length === 12 && months.every((month, at) => month === at + 1)
}

export type BookData = z.infer<typeof bookSchema>
export type EditionName =
  | 'td'
  | 'timeOfUse'
  | 'purchase'
  | 'governmentFunds'
  | 'mechanism'
  | 'upstream'
  | 'rules'
export const editionNames: readonly EditionName[] = [
  'td',
  'timeOfUse',
  'purchase',
  'governmentFunds',
  'mechanism',
  'upstream',
  'rules',
]
