/**
 * Polynomials with whole coefficients, lowest power last, and their positive roots, counted without rounding.
 *
 * Sturm's theorem: the chain p, p′, −rem(p, p′), … changes sign so many times more often at a than at b as p has
 * distinct roots between them. Everything is BigInt; a point is n / 2^k.
 */
import { assert } from '../base/errors.ts'

/** Coefficients from the highest power down; the first is not 0. */
export type Polynomial = readonly bigint[]

/** A number of the grid: numerator / 2^bits. */
interface Point {
  readonly numerator: bigint
  readonly bits: bigint
}

/**
 * Every distinct root above 0, in order, as numerators over 2^bits: each root lies at its number or less than one grid
 * step below it. Roots nearer to each other than a step are told as one.
 *
 * @param coefficients from the highest power down, any of them 0
 * @param bits places of the answer behind the binary point
 */
export function positiveRoots(coefficients: readonly bigint[], bits: bigint): bigint[] {
  const stripped = stripZeros(coefficients)
  if (stripped.length < 2) return []
  return isolate(rootsAbove(stripped), bits, rootBound(stripped) << bits)
}

/** How many roots more lie above a point than above any other: differences count. */
type CountAbove = (at: Point) => number

/**
 * Coefficients that never change sign have no root above 0, and those that do once have just one (Descartes): there the
 * value's own sign tells on which side a point lies.
 */
function rootsAbove(polynomial: Polynomial): CountAbove {
  const own = polynomial.filter((each) => each !== 0n).map((each) => (each < 0n ? -1 : 1))
  if (changesOf(own) === 0) return () => 0
  if (changesOf(own) === 1) return (at) => (signAt(polynomial, at) === own.at(-1) ? 1 : 0)
  const chain = sturmChain(squareFree(polynomial))
  return (at) => changesOf(chain.map((each) => signAt(each, at)).filter((sign) => sign !== 0))
}

function changesOf(signs: readonly number[]): number {
  return signs.filter((sign, row) => row > 0 && sign !== signs[row - 1]).length
}

/** Without noughts in front and without roots at 0. */
function stripZeros(coefficients: readonly bigint[]): Polynomial {
  const first = coefficients.findIndex((each) => each !== 0n)
  const last = coefficients.findLastIndex((each) => each !== 0n)
  return first < 0 ? [] : coefficients.slice(first, last + 1)
}

/** The same roots, each once. */
function squareFree(polynomial: Polynomial): Polynomial {
  const common = greatestCommonDivisor(polynomial, derivative(polynomial))
  return common.length === 1 ? primitive(polynomial) : divide(primitive(polynomial), common)
}

function derivative(polynomial: Polynomial): Polynomial {
  const degree = polynomial.length - 1
  return polynomial.slice(0, -1).map((each, at) => each * BigInt(degree - at))
}

function greatestCommonDivisor(a: Polynomial, b: Polynomial): Polynomial {
  let [larger, smaller] = [primitive(a), primitive(b)]
  while (smaller.length > 0) [larger, smaller] = [smaller, primitive(remainder(larger, smaller))]
  return larger[0]! < 0n ? larger.map((each) => -each) : larger
}

/**
 * Remainder of a division, times a positive factor that keeps it whole.
 * @returns nothing where the division leaves nothing
 */
function remainder(dividend: Polynomial, divisor: Polynomial): Polynomial {
  const lead = sizeOf(divisor[0]!)
  const sign = divisor[0]! < 0n ? -1n : 1n
  let rest = dividend
  while (rest.length >= divisor.length) {
    const top = rest[0]! * sign
    rest = rest.map((each, at) => each * lead - top * (divisor[at] ?? 0n)).slice(1)
    const first = rest.findIndex((each) => each !== 0n)
    rest = first < 0 ? [] : rest.slice(first)
  }
  return rest
}

/** Quotient of a division that leaves nothing, up to a positive factor. */
function divide(dividend: Polynomial, divisor: Polynomial): Polynomial {
  const steps = dividend.length - divisor.length + 1
  const scale = divisor[0]! ** BigInt(steps)
  const rest = dividend.map((each) => each * scale)
  const quotient: bigint[] = []
  for (let at = 0; at < steps; at++) {
    const factor = rest[at]! / divisor[0]!
    quotient.push(factor)
    divisor.forEach((each, below) => (rest[at + below]! -= factor * each))
  }
  assert(
    rest.every((each) => each === 0n),
    'a common divisor leaves no remainder',
  )
  return primitive(scale < 0n ? quotient.map((each) => -each) : quotient)
}

/** Divided by what all coefficients have in common; the sign stays. */
function primitive(polynomial: Polynomial): Polynomial {
  const common = polynomial.reduce((divisor, each) => commonDivisor(divisor, each), 0n)
  return common > 1n ? polynomial.map((each) => each / common) : polynomial
}

function commonDivisor(a: bigint, b: bigint): bigint {
  let [larger, smaller] = [sizeOf(a), sizeOf(b)]
  while (smaller > 0n) [larger, smaller] = [smaller, larger % smaller]
  return larger
}

function sturmChain(polynomial: Polynomial): Polynomial[] {
  const chain = [polynomial, primitive(derivative(polynomial))]
  for (;;) {
    const rest = primitive(remainder(chain.at(-2)!, chain.at(-1)!))
    if (rest.length === 0) return chain
    chain.push(rest.map((each) => -each))
  }
}

/** No root lies above it: Cauchy's bound, 1 + the largest ratio to the leading coefficient. */
function rootBound(polynomial: Polynomial): bigint {
  const lead = sizeOf(polynomial[0]!)
  const largest = polynomial.reduce((most, each) => (sizeOf(each) > most ? sizeOf(each) : most), 0n)
  return largest / lead + 2n
}

function sizeOf(value: bigint): bigint {
  return value < 0n ? -value : value
}

/** Halves the line from 0 to the bound, keeping the halves that hold a root, down to one step of the grid. */
function isolate(countAbove: CountAbove, bits: bigint, bound: bigint): bigint[] {
  const aboveAt = (numerator: bigint) => countAbove({ numerator, bits })
  const found: bigint[] = []
  const open = [{ low: 0n, high: bound, atLow: aboveAt(0n), atHigh: aboveAt(bound) }]
  while (open.length > 0) {
    const { low, high, atLow, atHigh } = open.pop()!
    if (atLow === atHigh) continue
    if (high - low === 1n) {
      found.push(high)
      continue
    }
    const middle = (low + high) >> 1n
    const atMiddle = aboveAt(middle)
    open.push({ low: middle, high, atLow: atMiddle, atHigh }, { low, high: middle, atLow, atHigh: atMiddle })
  }
  return found
}

/** Sign of the value at n / 2^bits: Horner's rule, with 2^bits multiplied away. */
function signAt(polynomial: Polynomial, { numerator, bits }: Point): number {
  let value = 0n
  let shift = 0n
  for (const coefficient of polynomial) {
    value = value * numerator + (coefficient << shift)
    shift += bits
  }
  return value === 0n ? 0 : value < 0n ? -1 : 1
}
