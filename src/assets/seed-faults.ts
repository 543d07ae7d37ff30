/** What a schema found wrong in a seed file, as faults that show the value which stood there. */
import type { z } from 'zod'
import { show, wantedBy, type Fault } from '../base/errors.ts'

/**
 * @param code the kind of seed, `holidays`
 * @param json the file as parsed, to look up what came
 */
export function seedFaults(
  code: string,
  file: string,
  json: unknown,
  issues: readonly z.core.$ZodIssue[],
): Fault[] {
  return issues.map((issue) => ({
    code,
    file,
    path: issue.path.join('.'),
    wanted: wantedBy(issue.message),
    came: show(valueAt(json, issue.path)),
  }))
}

function valueAt(json: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value ? Reflect.get(value, key) : undefined),
    json,
  )
}
