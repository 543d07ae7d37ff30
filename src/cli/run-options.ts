/** What every command that runs a scenario can be told. */
import { InvalidArgumentError, type Command } from 'commander'
import { isDate } from '../base/calendar.ts'
import type { Zone } from '../scenario/zone.ts'

export interface ScenarioFlags {
  readonly from?: string
  readonly to?: string
  readonly seed?: number
  readonly set: readonly string[]
  readonly json?: boolean
}

export interface RunFlags extends ScenarioFlags {
  readonly out?: string
}

export function addRunOptions(command: Command, out: string): Command {
  return addScenarioOptions(command).option('--out <dir>', `output folder; default ${out}`)
}

/** What a scenario file can be run with. */
export function addScenarioOptions(command: Command): Command {
  return command
    .argument('<scenario>', 'scenario file (YAML)')
    .option('--from <date>', 'first day, YYYY-MM-DD', dateOption)
    .option('--to <date>', 'last day, included', dateOption)
    .option('--seed <n>', 'seed of all chance', seedOption)
    .option('--set <path=value>', 'change one value of the scenario; may be given again', collect, [])
}

/** An option that may be given again gathers its values. */
export function collect(value: string, all: readonly string[]): string[] {
  return [...all, value]
}

function dateOption(text: string): string {
  if (!isDate(text)) throw new InvalidArgumentError('wanted a day as YYYY-MM-DD')
  return text
}

function seedOption(text: string): number {
  const seed = Number(text)
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(seed))
    throw new InvalidArgumentError('wanted a whole number from 0')
  return seed
}

/** Options of every run that stand for a path of the scenario, and win over it. */
export const runFlags = [
  { flag: 'from', path: 'calendar.from' },
  { flag: 'to', path: 'calendar.to' },
  { flag: 'seed', path: 'seed' },
] as const

/**
 * The command that makes the same results again, whatever defaults become.
 *
 * @param varied paths that have more than one value, which no option may fix
 */
export function commandOf(
  name: string,
  file: string,
  { calendar, seed }: Zone,
  options: readonly (readonly [option: string, value?: string])[],
  varied: readonly string[] = [],
): string {
  const values = { from: calendar.from, to: calendar.to, seed }
  const fixed = runFlags.filter((each) => !varied.includes(each.path))
  return [
    `npm run -s overwall -- ${name} ${file}`,
    ...fixed.map(({ flag }) => `--${flag} ${values[flag]}`),
    ...options.map(([option, value]) => (value === undefined ? option : `${option} ${quoted(value)}`)),
  ].join(' ')
}

function quoted(value: string): string {
  return `'${value.replaceAll("'", String.raw`'\''`)}'`
}
