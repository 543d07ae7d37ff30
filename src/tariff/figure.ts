/** A published or assumed figure: its value as decimal text, and where it comes from. */
import { z } from 'zod'

export const confidence = z.enum(['verified-primary', 'verified-secondary', 'derived', 'unverified'])
export type Confidence = z.infer<typeof confidence>

const decimalText = z.string().regex(/^-?\d+(\.\d{1,8})?$/, 'a decimal number as text, at most 8 places')

export const figure = z.strictObject({
  value: decimalText,
  unit: z.string(),
  source: z.string(),
  confidence,
  note: z.string().optional(),
})
export type Figure = z.infer<typeof figure>

export const figures = figure.omit({ value: true }).extend({ values: z.array(decimalText) })

/** A figure as the report lists it. */
export interface Fact {
  readonly path: string
  readonly value: string
  readonly unit: string
  readonly source: string
  readonly confidence: Confidence
  readonly note?: string
}
