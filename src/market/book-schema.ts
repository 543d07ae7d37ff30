/** The shape of one JSON order book, as `overwall clear` reads it. Numbers may be written as numbers or as strings. */
import { z } from 'zod'
import { priceRuleNames } from './pricing/index.ts'
import { selfTradeRules } from './self-trade.ts'

const decimal = z.union([z.string(), z.number()], { error: 'a number' })
const name = z.union([z.string(), z.number()], { error: 'text or a number' })
const id = name.transform(String).refine((text) => text !== '', { error: 'text that is not empty' })

const busSchema = z.strictObject({
  id,
  parent: id.nullable(),
  feeUp: decimal.default(0),
  feeDown: decimal.default(0),
  capacityUp: decimal.nullable().default(null),
  capacityDown: decimal.nullable().default(null),
})

const orderSchema = z.strictObject({
  id,
  bus: id,
  side: z.enum(['buy', 'sell']),
  price: decimal,
  quantity: decimal,
  owner: id.optional(),
})

const bookSchema = z.strictObject({
  id: name.optional(),
  network: z.strictObject({ buses: z.array(busSchema) }),
  orders: z.array(orderSchema),
  pricing: z.strictObject({ rule: z.enum(priceRuleNames), k: decimal.optional() }).optional(),
  selfTrade: z.enum(selfTradeRules).default('refuse'),
  priceFloor: decimal.optional(),
  priceCap: decimal.optional(),
})
export type BookJson = z.infer<typeof bookSchema>

/** What zod says of a value that has not the shape. */
export type ShapeIssue = z.core.$ZodIssue & { readonly keys?: readonly string[] }

const rowsAtOnce = 1000

/**
 * The book, or what is wrong with its shape. Rows are looked at a thousand at a time and no further than to `mostIssues`:
 * zod keeps every issue it finds, and those of a million rows would not fit into memory.
 */
export function parseBookShape(
  value: unknown,
  mostIssues: number,
): { readonly book: BookJson } | { readonly issues: readonly ShapeIssue[] } {
  const { rest, buses, orders } = withoutRows(value)
  const parsed = bookSchema.safeParse(rest)
  const issues: ShapeIssue[] = parsed.success ? [] : [...parsed.error.issues]
  const book = {
    ...parsed.data!,
    network: { buses: parseRows(busSchema, buses, ['network', 'buses'], issues, mostIssues) },
    orders: parseRows(orderSchema, orders, ['orders'], issues, mostIssues),
  }
  return issues.length > 0 ? { issues: issues.slice(0, mostIssues) } : { book }
}

/** The two lists of a book, and the book with nothing in them; what has no such lists stays as it is. */
function withoutRows(value: unknown): { rest: unknown; buses: unknown[]; orders: unknown[] } {
  if (!isObject(value)) return { rest: value, buses: [], orders: [] }
  const { network, orders } = value
  const buses = isObject(network) ? network['buses'] : undefined
  const rest = {
    ...value,
    ...(Array.isArray(buses) ? { network: { ...(network as object), buses: [] } } : {}),
    ...(Array.isArray(orders) ? { orders: [] } : {}),
  }
  return { rest, buses: Array.isArray(buses) ? buses : [], orders: Array.isArray(orders) ? orders : [] }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parseRows<Row>(
  schema: z.ZodType<Row>,
  rows: readonly unknown[],
  path: readonly PropertyKey[],
  issues: ShapeIssue[],
  mostIssues: number,
): Row[] {
  const list = z.array(schema)
  const parsed: Row[] = []
  for (let from = 0; from < rows.length && issues.length < mostIssues; from += rowsAtOnce) {
    const piece = list.safeParse(rows.slice(from, from + rowsAtOnce))
    if (piece.success) for (const row of piece.data) parsed.push(row)
    else
      for (const issue of piece.error.issues) {
        const [row, ...within] = issue.path
        issues.push({ ...issue, path: [...path, from + (row as number), ...within] })
      }
  }
  return parsed
}
