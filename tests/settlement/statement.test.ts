import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Ledger } from '../../src/settlement/ledger.ts'
import { roundStatement, type ExactLine } from '../../src/settlement/statement.ts'

const e11PerFen = 1_000_000_000n
/** Up to a billion CNY either way, half of them within a few units of a half fen. */
const amount = fc.oneof(
  fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }),
  fc
    .tuple(fc.bigInt({ min: -(10n ** 10n), max: 10n ** 10n }), fc.constantFrom(-1n, 0n, 1n))
    .map(([halves, off]) => (halves * e11PerFen) / 2n + off),
)
const lines: fc.Arbitrary<ExactLine[]> = fc.array(
  fc
    .record({
      amountE11: fc.oneof(amount, fc.constant(0n)),
      energyWh: fc.option(fc.nat(10), { nil: undefined }),
    })
    .map(({ amountE11, energyWh }) => ({
      key: 'energy',
      zh: '电费',
      en: 'energy',
      amountE11,
      ...(energyWh === undefined ? {} : { energyWh }),
    })),
  { maxLength: 20 },
)

test('roundStatement() moves every line by at most half a fen, and to the even fen at the half', () => {
  fc.assert(
    fc.property(amount, (amountE11) => {
      fc.pre(amountE11 !== 0n)
      const { lines: rounded } = roundStatement([{ key: 'k', zh: '', en: '', amountE11 }])
      const fen = BigInt(rounded[0]!.amountFen)
      const off = (fen * e11PerFen - amountE11) * 2n
      expect(off <= e11PerFen && off >= -e11PerFen).toBe(true)
      if (off === e11PerFen || off === -e11PerFen) expect(fen % 2n).toBe(0n)
    }),
    { numRuns: 3000, seed: 71 },
  )
})

test('roundStatement() of a negative line is the negative of the line', () => {
  fc.assert(
    fc.property(amount, (amountE11) => {
      fc.pre(amountE11 !== 0n)
      const fenOf = (each: bigint) =>
        roundStatement([{ key: 'k', zh: '', en: '', amountE11: each }]).lines[0]!.amountFen
      expect(fenOf(-amountE11) + fenOf(amountE11)).toBe(0)
    }),
    { numRuns: 1000, seed: 72 },
  )
})

test('the total of roundStatement() is the sum of its lines, and roundingE11 is what they moved', () => {
  fc.assert(
    fc.property(lines, (exact) => {
      const statement = roundStatement(exact)
      expect(statement.totalFen).toBe(statement.lines.reduce((sum, line) => sum + line.amountFen, 0))
      const exactE11 = exact.reduce((sum, line) => sum + line.amountE11, 0n)
      expect(BigInt(statement.totalFen) * e11PerFen - statement.roundingE11).toBe(exactE11)
      const moved = statement.roundingE11 < 0n ? -statement.roundingE11 : statement.roundingE11
      expect(moved * 2n <= e11PerFen * BigInt(exact.length)).toBe(true)
    }),
    { numRuns: 1000, seed: 73 },
  )
})

test('roundStatement() keeps lines in order as they are, and leaves out those without money and energy', () => {
  fc.assert(
    fc.property(lines, (exact) => {
      const numbered = exact.map((line, at) => ({ ...line, key: `line-${at}` }))
      const kept = numbered.filter((line) => line.amountE11 !== 0n || (line.energyWh ?? 0) > 0)
      const { lines: rounded } = roundStatement(numbered)
      expect(rounded.map((line) => line.key)).toEqual(kept.map((line) => line.key))
      rounded.forEach((line, at) => {
        expect([line.zh, line.en, line.energyWh]).toEqual([kept[at]!.zh, kept[at]!.en, kept[at]!.energyWh])
        expect(line).not.toHaveProperty('amountE11')
      })
    }),
    { numRuns: 500, seed: 74 },
  )
})

test('roundingE11 on the rounding account makes every balance whole fen, and the ledger sums to 0', () => {
  const bills = fc.array(fc.array(fc.integer({ min: 0, max: 2e12 }), { minLength: 1, maxLength: 5 }), {
    minLength: 1,
    maxLength: 5,
  })
  fc.assert(
    fc.property(bills, (buyers) => {
      const ledger = new Ledger([...buyers.map((_, at) => `buyer-${at}`), 'payee', 'rounding'])
      const [payee, rounding] = [buyers.length, buyers.length + 1]
      buyers.forEach((amounts, buyer) => {
        for (const amountE11 of amounts) {
          ledger.post(buyer, -amountE11)
          ledger.post(payee, amountE11)
        }
      })
      ledger.closeInterval()
      buyers.forEach((amounts, buyer) => {
        const exact = amounts.map((amountE11) => ({ key: '', zh: '', en: '', amountE11: BigInt(amountE11) }))
        const statement = roundStatement(exact)
        ledger.transfer(buyer, rounding, statement.roundingE11)
        expect(ledger.balance(buyer)).toBe(BigInt(-statement.totalFen) * e11PerFen)
      })
      expect(ledger.residual()).toBe(0n)
    }),
    { numRuns: 300, seed: 75 },
  )
})

test('a bill by hand: 0.125, 0.135 and −0.005 CNY become 12, 14 and 0 fen, 0.005 is booked as rounding', () => {
  const line = (key: string, cny: number): ExactLine => ({
    key,
    zh: '',
    en: '',
    amountE11: BigInt(Math.round(cny * 1e11)),
  })
  const statement = roundStatement([line('a', 0.125), line('b', 0.135), line('c', -0.005)])
  expect(statement.lines.map((each) => each.amountFen)).toEqual([12, 14, 0])
  expect(statement.totalFen).toBe(26)
  expect(statement.roundingE11).toBe(500_000_000n)
})
