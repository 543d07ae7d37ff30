/** HiGHS as tests use it: a program as text in, status, objective and values out. */
import * as highsModule from 'highs'

export interface Solved {
  readonly status: string
  readonly objective: number
  readonly valueOf: (name: string) => number
}

interface Solver {
  solve(
    model: string,
    options: object,
  ): { Status: string; ObjectiveValue: number; Columns: Record<string, { Primal: number }> }
}
// The package's types describe a CommonJS default that Node hands over one level deeper.
const highs = await (highsModule as unknown as { default: () => Promise<Solver> }).default()

export interface Program {
  readonly sense: 'Maximize' | 'Minimize'
  readonly objective: readonly string[]
  /** `+ 2 x - 1 y <= 3` */
  readonly rows: readonly string[]
  readonly bounds?: readonly string[]
  readonly binaries?: readonly string[]
}

export function solve({ sense, objective, rows, bounds = [], binaries = [] }: Program): Solved {
  const text = [
    sense,
    `obj: ${objective.join(' ')}`,
    'Subject To',
    ...rows.map((row, at) => `r${at}: ${row}`),
    'Bounds',
    ...bounds,
    ...(binaries.length > 0 ? ['Binaries', binaries.join(' ')] : []),
    'End',
  ].join('\n')
  const solved = highs.solve(text, { mip_rel_gap: 0, mip_abs_gap: 0 })
  return {
    status: solved.Status,
    objective: solved.ObjectiveValue,
    valueOf: (name) => solved.Columns[name]?.Primal ?? 0,
  }
}

/** One term of a row or an objective. */
export function term(factor: number, name: string): string {
  return `${factor < 0 ? '-' : '+'} ${Math.abs(factor)} ${name}`
}
