/**
 * Exact passage between decimal text and whole numbers of a small unit. No float is ever asked to hold a
 * price: `parseScaled('0.4153', 4)` is 4153, and text with more places than the unit has is refused.
 */

const decimalPattern = /^([+-]?)(\d+)(?:\.(\d*))?$/

/**
 * Reads a decimal number as whole units of 10^-places.
 *
 * @param text a string such as `-12.5`, or a finite number whose shortest decimal form is taken as what was meant
 * @returns the whole number of units, or undefined where the text is no plain decimal number or has too many places
 */
export function parseScaled(text: string | number, places: number): bigint | undefined {
  const match = decimalPattern.exec(typeof text === 'number' ? plainDecimal(text) : text.trim())
  if (!match) return undefined
  const [, sign, whole, fraction = ''] = match
  const significant = fraction.replace(/0+$/, '')
  if (significant.length > places) return undefined
  const units = BigInt(whole! + significant.padEnd(places, '0'))
  return sign === '-' ? -units : units
}

/** Shortest decimal form without an exponent; `1e-7` becomes `0.0000001`. */
function plainDecimal(value: number): string {
  const text = String(value)
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text)
  if (!match) return text
  const [, sign, first, rest = '', exponentText] = match
  const exponent = Number(exponentText)
  const digits = first! + rest
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`
  if (exponent > 400) return text
  return sign + digits.padEnd(exponent + 1, '0')
}

/** Writes whole units of 10^-places as a decimal string with exactly that many places, or fewer when `trim` is set. */
export function formatScaled(units: bigint | number, places: number, { trim = false } = {}): string {
  const value = BigInt(units)
  const digits = (value < 0n ? -value : value).toString().padStart(places + 1, '0')
  const whole = digits.slice(0, digits.length - places)
  let fraction = digits.slice(digits.length - places)
  if (trim) fraction = fraction.replace(/0+$/, '')
  return `${value < 0n ? '-' : ''}${whole}${fraction && `.${fraction}`}`
}

/** Integer division rounded half to even, for money that must lose places: `divideHalfEven(25n, 10n)` is 2n. */
export function divideHalfEven(numerator: bigint, denominator: bigint): bigint {
  const negative = numerator < 0n !== denominator < 0n
  const top = numerator < 0n ? -numerator : numerator
  const bottom = denominator < 0n ? -denominator : denominator
  const floor = top / bottom
  const twice = (top % bottom) * 2n
  const rounded = twice > bottom || (twice === bottom && floor % 2n === 1n) ? floor + 1n : floor
  return negative ? -rounded : rounded
}
