/** The shape of one JSON order book, as `overwall clear` reads it. Numbers may be written as numbers or as strings. */
import { z } from 'zod'
import { priceRuleNames } from './pricing/index.ts'
import { selfTradeRules } from './self-trade.ts'

const decimal = z.union([z.string(), z.number()])
const id = z.union([z.string().min(1), z.number()]).transform(String)

export const bookSchema = z.strictObject({
  id: z.union([z.string(), z.number()]).optional(),
  network: z.strictObject({
    buses: z
      .array(
        z.strictObject({
          id,
          parent: id.nullable(),
          feeUp: decimal.default(0),
          feeDown: decimal.default(0),
          capacityUp: decimal.nullable().default(null),
          capacityDown: decimal.nullable().default(null),
        }),
      )
      .min(1),
  }),
  orders: z.array(
    z.strictObject({
      id,
      bus: id,
      side: z.enum(['buy', 'sell']),
      price: decimal,
      quantity: decimal,
      owner: id.optional(),
    }),
  ),
  pricing: z.strictObject({ rule: z.enum(priceRuleNames), k: decimal.optional() }).optional(),
  selfTrade: z.enum(selfTradeRules).default('refuse'),
  priceFloor: decimal.optional(),
  priceCap: decimal.optional(),
})
export type BookJson = z.infer<typeof bookSchema>
