import fc from 'fast-check'
import * as highsModule from 'highs'
import { expect, test } from 'vitest'
import { certify } from '../../src/market/certificate.ts'
import { ClearingEngine } from '../../src/market/clear.ts'
import { busPrices } from '../../src/market/prices.ts'
import { caseOf, type Case } from './books.ts'

interface Solver {
  solve(model: string, options: object): { Status: string; ObjectiveValue: number }
}
// The package's types describe a CommonJS default that Node hands over one level deeper.
const highs = await (highsModule as unknown as { default: () => Promise<Solver> }).default()

/** The clearing as the linear program of docs/concepts/clearing.md, in the LP format. */
function linearProgram({ network, book }: Case): string {
  const rows = Array.from({ length: book.count }, (_, row) => row)
  const arcs = Array.from({ length: network.busCount - 1 }, (_, at) => at + 1)
  const signed = (value: number, name: string) => `${value < 0 ? '-' : '+'} ${Math.abs(value)} ${name}`
  const objective = [
    ...rows.map((row) =>
      signed(book.side[row] === 0 ? book.limitTicks[row]! : -book.limitTicks[row]!, `x${row}`),
    ),
    ...arcs.flatMap((bus) => [
      signed(-network.feeUpTicks[bus]!, `u${bus}`),
      signed(-network.feeDownTicks[bus]!, `d${bus}`),
    ]),
  ]
  const balances = Array.from({ length: network.busCount }, (_, bus) => {
    const own = rows
      .filter((row) => book.bus[row] === bus)
      .map((row) => signed(book.side[row] === 0 ? -1 : 1, `x${row}`))
    const below = arcs
      .filter((arc) => network.parent[arc] === bus)
      .flatMap((arc) => [`+ u${arc}`, `- d${arc}`])
    const above = bus === 0 ? [] : [`- u${bus}`, `+ d${bus}`]
    return `b${bus}: ${[...own, ...below, ...above, '+ 0 zero'].join(' ')} = 0`
  })
  const bound = (capacity: number) => (Number.isFinite(capacity) ? ` <= ${capacity}` : '')
  return [
    'Maximize',
    `obj: ${objective.join(' ')} + 0 zero`,
    'Subject To',
    ...balances,
    'Bounds',
    ...rows.map((row) => `0 <= x${row} <= ${book.quantityWh[row]}`),
    ...arcs.flatMap((bus) => [
      `0 <= u${bus}${bound(network.capacityUpWh[bus]!)}`,
      `0 <= d${bus}${bound(network.capacityDownWh[bus]!)}`,
    ]),
    '0 <= zero <= 0',
    'End',
  ].join('\n')
}

test('the welfare of clear(book) is the optimum that HiGHS finds for the same linear program', () => {
  fc.assert(
    fc.property(caseOf({ buses: 7, orders: 14 }), (each) => {
      const { network, book } = each
      const clearing = new ClearingEngine(network).clear(book)
      const prices = new Float64Array(network.busCount)
      busPrices(network, clearing, { floorTicks: -1000, capTicks: 1000, kNumerator: 5000 }, prices)
      const { welfare } = certify(network, book, clearing, prices)
      const solved = highs.solve(linearProgram(each), { presolve: 'off' })
      expect(solved.Status).toBe('Optimal')
      expect(Math.abs(solved.ObjectiveValue - Number(welfare))).toBeLessThan(1e-6)
    }),
    { numRuns: 2500, seed: 11 },
  )
})
