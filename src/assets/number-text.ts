/** Measured numbers as data files write them. */

const pattern = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

/** NaN for what is no decimal number: an empty field, `0x1F`, `Infinity`. */
export function numberOf(text: string): number {
  return pattern.test(text) ? Number(text) : Number.NaN
}
