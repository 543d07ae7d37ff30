/** Values for a JSON schema: some that it takes, some that miss it in one place, some that have nothing to do with it. */
import fc, { type Arbitrary } from 'fast-check'

interface Schema {
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly pattern?: string
  readonly examples?: readonly unknown[]
  readonly minimum?: number
  readonly maximum?: number
  readonly $ref?: string
  readonly $defs?: Readonly<Record<string, Schema>>
}

/** Texts that have broken services before. */
const nasty = [
  '',
  ' ',
  '0',
  '-0',
  '1e400',
  '9'.repeat(400),
  'NaN',
  'null',
  '__proto__',
  'constructor',
  '\u0000',
  '\ud800',
  '💡',
  "' or 1=1; --",
  '../../etc/passwd',
  '%00',
  '${7*7}',
  'a'.repeat(5000),
  '2027-02-30T00:00',
  '2027-05-10T12:15',
  '0000-01-01T00:00',
]

const anything = fc.oneof(
  fc.constantFrom<unknown>(...nasty, null, true, 0, -1, 1e308, 2 ** 53, 1.5, [], {}, [[]], [null]),
  fc.jsonValue({ maxDepth: 3 }) as Arbitrary<unknown>,
  fc.constant(JSON.parse('{"__proto__":{"role":"operator"},"constructor":{"prototype":1}}') as unknown),
)

/** What a schema takes, as far as its words are known here. */
function fitting(schema: Schema, defs: Readonly<Record<string, Schema>>): Arbitrary<unknown> {
  if (schema.$ref) return fitting(defs[schema.$ref.replace('#/$defs/', '')]!, defs)
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum) return fc.constantFrom(...schema.enum)
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((each) => fitting(each, defs)))
  if (schema.examples && schema.examples.length > 0) return fc.constantFrom(...schema.examples)
  switch (schema.type) {
    case 'object':
      return fc.record(
        Object.fromEntries(
          Object.entries(schema.properties ?? {}).map(([name, each]) => [name, fitting(each, defs)]),
        ),
        { requiredKeys: [...(schema.required ?? [])] },
      )
    case 'array':
      return fc.array(fitting(schema.items ?? {}, defs), { minLength: 1, maxLength: 4 })
    case 'integer':
    case 'number':
      return fc.constantFrom(schema.minimum ?? 0, (schema.minimum ?? 0) + 1, schema.maximum ?? 3)
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    default:
      return fc.constantFrom('a', '2027-05-10', ...nasty)
  }
}

/** A value with one of its parts replaced, left out, or joined by another. */
function bent(value: unknown): Arbitrary<unknown> {
  if (Array.isArray(value) && value.length > 0)
    return fc
      .tuple(fc.nat(value.length - 1), bent(value[0]), fc.boolean())
      .map(([at, other, whole]): unknown => (whole ? value.concat(value) : value.with(at, other)))
  if (typeof value === 'object' && value !== null && Object.keys(value).length > 0)
    return fc
      .tuple(fc.constantFrom(...Object.keys(value), 'more'), anything, fc.boolean())
      .map(([key, other, leaveOut]) => {
        const { [key]: _, ...rest } = value as Record<string, unknown>
        return leaveOut ? rest : { ...rest, [key]: other }
      })
  return anything
}

export function valuesFor(schema: object): Arbitrary<unknown> {
  const fits = fitting(schema as Schema, (schema as Schema).$defs ?? {})
  return fc.oneof(
    { weight: 3, arbitrary: fits },
    { weight: 4, arbitrary: fits.chain(bent) },
    { weight: 2, arbitrary: anything },
  )
}

export const nastyText = fc.constantFrom(...nasty)
