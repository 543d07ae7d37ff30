/**
 * Two kinds of trouble. A fault is somebody's input: it is a value, says where it stands, what was wanted
 * and what came, and is answered together with every other fault of the same input. A broken assertion is
 * our own mistake: it is thrown and ends the program with exit code 2.
 */

/** One thing wrong with an input. `path` is dotted (`zone.buses.3.parent`); line and column count from 1. */
export interface Fault {
  readonly code: string
  readonly path: string
  readonly wanted: string
  readonly came: string
  readonly file?: string
  readonly line?: number
  readonly column?: number
}

/** All faults of one input, thrown at the edge of a room and shown to the user; exit code 1. */
export class InputFaults extends Error {
  readonly faults: readonly Fault[]

  constructor(faults: readonly Fault[]) {
    super(faults.map(describeFault).join('\n'))
    this.name = 'InputFaults'
    this.faults = faults
  }
}

/** `file:line:column  path: wanted …, came …`, leaving out what is not known. */
export function describeFault(fault: Fault): string {
  const place = [fault.file, fault.line, fault.column].filter((part) => part !== undefined).join(':')
  const where = [place, fault.path && `${fault.path}:`].filter(Boolean).join('  ')
  return `${where} wanted ${fault.wanted}, came ${fault.came}`.trim()
}

/** Shows any input value in a fault message, short and without surprises. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  const text = JSON.stringify(value) ?? typeof value
  return text.length > 80 ? `${text.slice(0, 77)}…` : text
}

/** Thrown by {@link assert}: the program is wrong, whatever the input was; exit code 2. */
export class BrokenAssertion extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'BrokenAssertion'
  }
}

/** States what must hold whatever the input; the message says what was expected and what was found. */
export function assert(condition: boolean, message: string | (() => string)): asserts condition {
  if (!condition) throw new BrokenAssertion(typeof message === 'string' ? message : message())
}

/** {@link assert} for inner loops: behind an `if`, so that no message is made ready at every turn. */
export function fail(message: string): never {
  throw new BrokenAssertion(message)
}

/** What a schema's message says was wanted, without its own words for what is wrong: `Too big: expected number to be <=1`. */
export function wantedBy(message: string): string {
  return message
    .replace(/^(Invalid \w+|Too (big|small)): (expected|must be) /, '')
    .replace(/, received.*$/, '')
    .replace(/^(\w+) to (be|have) /, '$1 ')
}
