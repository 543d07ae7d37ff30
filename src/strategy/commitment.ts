/**
 * When a unit with a start cost should run (机组启停): the best sequence of on and off, exactly, by dynamic programming.
 *
 *     maximise   Σ_t value_t · on_t − start · (number of starts)
 *     subject to once on, on for at least so many intervals; once off, off for at least so many
 *
 * The value of running is what the best load of that interval earns, below 0 where every load loses money. States are
 * "on since k" and "off since k", counted up to their least length, so the work is intervals × (least on + least off).
 */
import { assert } from '../base/errors.ts'

export interface StartRules {
  /** [same unit as the values] */
  readonly startCost: number
  /** least intervals on after a start, and off after a stop; at least 1 */
  readonly leastOn: number
  readonly leastOff: number
}

/** Where the unit stands before the first interval. */
export interface RunningState {
  readonly isOn: boolean
  /** intervals since it was started or stopped, at least 1 */
  readonly since: number
}

export interface Commitment {
  /** 1 where it runs */
  readonly isOn: Uint8Array
  /** value of the sequence less its starts */
  readonly worth: number
}

/**
 * @param values what each interval earns when on, −Infinity where it cannot run
 * @returns one of the best sequences, the same one every time
 * @throws BrokenAssertion where no sequence obeys the rules
 */
export function commit(values: Float64Array, rules: StartRules, from: RunningState): Commitment {
  const { leastOn, leastOff } = rules
  const states = leastOn + leastOff
  const before = new Int16Array(values.length * states).fill(-1)
  let worth = new Float64Array(states).fill(-Infinity)
  worth[stateOf(from, rules)] = 0
  for (let interval = 0; interval < values.length; interval++) {
    const next = new Float64Array(states).fill(-Infinity)
    for (let state = 0; state < states; state++) {
      if (worth[state] === -Infinity) continue
      for (const to of followers(state, rules)) {
        const isStart = to === leastOff && state < leastOff
        const gain = (to >= leastOff ? values[interval]! : 0) - (isStart ? rules.startCost : 0)
        if (!(worth[state]! + gain > next[to]!)) continue
        next[to] = worth[state]! + gain
        before[interval * states + to] = state
      }
    }
    worth = next
  }
  return walkBack(worth, before, rules, values.length)
}

/** States 0 … leastOff−1 are off since 1, 2, … intervals; then on since 1, 2, …; the last of each means "or longer". */
function stateOf({ isOn, since }: RunningState, { leastOn, leastOff }: StartRules): number {
  return isOn ? leastOff + Math.min(since, leastOn) - 1 : Math.min(since, leastOff) - 1
}

function followers(state: number, { leastOn, leastOff }: StartRules): number[] {
  const isOn = state >= leastOff
  const lastOfKind = isOn ? leastOff + leastOn - 1 : leastOff - 1
  const stays = Math.min(state + 1, lastOfKind)
  return state === lastOfKind ? [stays, isOn ? 0 : leastOff] : [stays]
}

function walkBack(
  worth: Float64Array,
  before: Int16Array,
  { leastOn, leastOff }: StartRules,
  intervals: number,
): Commitment {
  const states = leastOn + leastOff
  let state = worth.indexOf(worth.reduce((most, each) => Math.max(most, each), -Infinity))
  const best = worth[state]!
  assert(best > -Infinity, 'no sequence of on and off obeys the least times')
  const isOn = new Uint8Array(intervals)
  for (let interval = intervals - 1; interval >= 0; interval--) {
    isOn[interval] = state >= leastOff ? 1 : 0
    state = before[interval * states + state]!
  }
  return { isOn, worth: best }
}
