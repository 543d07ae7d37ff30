/**
 * The decimals of a JSON answer from whole units: every number whose name ends in `Ticks` or `Wh` becomes text in CNY/kWh
 * with 4 places or kWh with 3, under the name without the unit.
 */
import { formatScaled } from '../../base/decimal.ts'

type Bare<Name> = Name extends `${infer Rest}Ticks` ? Rest : Name extends `${infer Rest}Wh` ? Rest : Name
type Text<Value> = Value extends number ? string : Value

export type Decimals<T> = T extends readonly (infer Each)[]
  ? readonly Decimals<Each>[]
  : T extends object
    ? {
        readonly [Name in keyof T as Bare<Name>]: Name extends `${string}Ticks` | `${string}Wh`
          ? Text<T[Name]>
          : Decimals<T[Name]>
      }
    : T

const units = [
  { ending: 'Ticks', places: 4 },
  { ending: 'Wh', places: 3 },
] as const

export function decimalsOf<T>(value: T): Decimals<T> {
  return convert(value) as Decimals<T>
}

function convert(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(convert)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => convertEntry(name, each)))
}

function convertEntry(name: string, value: unknown): [string, unknown] {
  const unit = units.find(({ ending }) => name.endsWith(ending))
  if (!unit) return [name, convert(value)]
  const text = typeof value === 'number' ? formatScaled(value, unit.places) : value
  return [name.slice(0, -unit.ending.length), text]
}
