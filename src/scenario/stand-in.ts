/**
 * A faulty scenario with its faults of shape papered over, so that its references can be checked all the same and every
 * fault is told at once. What is put in place of a fault says nothing: faults found at such a place are dropped.
 */
import type { z } from 'zod'

/**
 * What is tried, one after the other, where a fault does not say what would do: an id, a day before any other, what a choice of
 * forms may hold.
 */
const guesses: readonly unknown[] = [
  'x',
  '1000-01-01',
  'zero',
  'truthful',
  'perfect',
  'spot',
  'agency',
  { archetype: 'x' },
  { climate: 'x' },
  false,
  1,
]

/** So many rounds: a stand-in for an object has faults of its own, which the next round papers over, and guesses take turns. */
const mostRounds = 2 * guesses.length

interface Shape<T> {
  safeParse(value: unknown): z.ZodSafeParseResult<T>
}

interface Issue {
  readonly code: string
  readonly path: readonly PropertyKey[]
  readonly expected?: string
  readonly format?: string
  readonly values?: readonly unknown[]
  readonly minimum?: number
  readonly maximum?: number
  readonly inclusive?: boolean
  readonly keys?: readonly string[]
}

export interface StandIn<T> {
  readonly data: T
  /** whether a path leads to, into or around something that was put in */
  touches(path: readonly PropertyKey[]): boolean
}

/** @returns null where some fault cannot be papered over */
export function standIn<T>(schema: Shape<T>, value: unknown): StandIn<T> | null {
  const patched = structuredClone(value)
  const places: (readonly PropertyKey[])[] = []
  for (let round = 0; round < mostRounds; round++) {
    const parsed = schema.safeParse(patched)
    if (parsed.success)
      return { data: parsed.data, touches: (path) => places.some((place) => meet(place, path)) }
    for (const issue of parsed.error.issues as unknown as Issue[]) {
      if (!patch(patched, issue, round)) return null
      if (issue.code !== 'unrecognized_keys') places.push(issue.path)
    }
  }
  return null
}

function patch(root: unknown, issue: Issue, round: number): boolean {
  if (issue.code === 'unrecognized_keys') {
    const owner = valueAt(root, issue.path)
    for (const key of issue.keys ?? []) delete owner?.[key]
    return owner !== undefined
  }
  const owner = valueAt(root, issue.path.slice(0, -1))
  if (owner === undefined || issue.path.length === 0) return false
  const value = substitute(issue) ?? structuredClone(guesses[round % guesses.length])
  owner[issue.path.at(-1)!] = value
  return true
}

function substitute(issue: Issue): unknown {
  if (issue.code === 'invalid_value') return issue.values?.[0]
  if (issue.code === 'too_small') return (issue.minimum ?? 0) + (issue.inclusive === false ? 1 : 0)
  if (issue.code === 'too_big') return (issue.maximum ?? 1) - (issue.inclusive === false ? 1 : 0)
  if (issue.code !== 'invalid_type') return undefined
  const byType: Readonly<Record<string, unknown>> = {
    number: 1,
    int: 1,
    string: 'x',
    boolean: false,
    array: [],
    object: {},
    record: {},
  }
  return structuredClone(byType[issue.expected ?? ''])
}

function valueAt(root: unknown, path: readonly PropertyKey[]): Record<PropertyKey, unknown> | undefined {
  const found = path.reduce(
    (at: unknown, key) =>
      typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined,
    root,
  )
  return typeof found === 'object' && found !== null ? (found as Record<PropertyKey, unknown>) : undefined
}

/** Whether one path leads into the other. */
function meet(a: readonly PropertyKey[], b: readonly PropertyKey[]): boolean {
  const shorter = Math.min(a.length, b.length)
  return a.slice(0, shorter).every((key, at) => key === b[at])
}
