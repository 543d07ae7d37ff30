/** Text of one pattern. Whoever sends something else, a number among it, is told the same: what was wanted, as it is written. */
import { z } from 'zod'

export function text(pattern: RegExp, wanted: string): z.ZodString {
  return z.string(wanted).regex(pattern, wanted)
}
