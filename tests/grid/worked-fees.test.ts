import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { fillRegime, parseRegime, type LevelTree, type Regime } from '../../src/grid/regimes/index.ts'
import type { TdPrices } from '../../src/grid/td-prices.ts'
import { voltageLevels, type TariffPart, type VoltageLevel } from '../../src/grid/voltage.ts'
import { parseTariffBook } from '../../src/tariff/book.ts'
import { everyLevel, fourthPeriod, pathFee } from './trees.ts'

/** What a buyer pays in all for energy from a bus: the path's fees and that of its own connection. */
function fee(regime: Regime, tree: LevelTree, prices: TdPrices, from: number, to: number, part: TariffPart) {
  const filling = fillRegime(regime, tree, prices)
  return pathFee(tree, filling, from, to) + filling.withdrawalTicks(to, part)
}

/** One branch of the levels named, the highest at the root. */
function branch(...levels: VoltageLevel[]): LevelTree {
  return { parent: levels.map((_, bus) => bus - 1), level: levels, levelAboveRoot: null }
}

/** Ticks of a price in CNY/kWh as the facts print it. */
function ticks(cny: string): number {
  return Math.round(Number(cny) * 10_000)
}

// Facts §2.5, "1901 differences on §2.1 prices": by user, the fee when a level is deducted, and full T&D.
const table = [
  {
    level: '0.4kV',
    part: 'single',
    deducted: { '0.4kV': '0', '10kV': '0.0298', '35kV': '0.0712', '110kV': '0.0912', '220kV': '0.1062' },
    full: '0.2412',
  },
  {
    level: '10kV',
    part: 'single',
    deducted: { '10kV': '0', '35kV': '0.0414', '110kV': '0.0614', '220kV': '0.0764' },
    full: '0.2114',
  },
  {
    level: '10kV',
    part: 'two',
    deducted: { '10kV': '0', '35kV': '0.0355', '110kV': '0.0483', '220kV': '0.0587' },
    full: '0.1250',
  },
  {
    level: '35kV',
    part: 'two',
    deducted: { '35kV': '0', '110kV': '0.0128', '220kV': '0.0232' },
    full: '0.0895',
  },
] as const

for (const { level, part, deducted, full } of table) {
  for (const [top, cny] of Object.entries(deducted) as [VoltageLevel, string][]) {
    test(`facts §2.5: ${level} ${part}-part, ${top} deducted, pays ${cny} under 1901-one-above`, () => {
      // The level deducted is the first that the trade does not use: it stands above the root.
      const inside = { ...branch(level), levelAboveRoot: top === level ? null : top }
      expect(fee({ kind: '1901-one-above' }, inside, fourthPeriod, 0, 0, part)).toBe(ticks(cny))
    })

    // A single-part buyer above 1 kV stands on two-part arcs: see below.
    if (part === 'two' || level === '0.4kV') {
      test(`facts §2.5: ${level} ${part}-part, energy from ${top}, pays ${cny} under 1901-literal`, () => {
        const tree = top === level ? branch(level) : branch(top, level)
        const buyer = tree.parent.length - 1
        expect(fee({ kind: '1901-literal' }, tree, fourthPeriod, 0, buyer, part)).toBe(ticks(cny))
      })
    }
  }

  test(`facts §2.5: ${level} ${part}-part pays ${full} under full-td, whatever the path`, () => {
    const buyer = everyLevel.level.indexOf(level)
    for (const from of everyLevel.parent.keys()) {
      expect(fee({ kind: 'full-td' }, everyLevel, fourthPeriod, from, buyer, part)).toBe(ticks(full))
    }
  })
}

test('10 kV single-part under 1901-literal pays 0.0614 from 110 kV, path 0.0483 and connection 0.0131', () => {
  const filling = fillRegime({ kind: '1901-literal' }, branch('110kV', '10kV'), fourthPeriod)
  expect([filling.feeDownTicks[1], filling.withdrawalTicks(1, 'single')]).toEqual([483, 131])
  // The stated exception: the connection charges 0.0131 on a trade at its own level too, an upper bound on 0.
  expect(filling.exact).toBe(false)
})

test('two users at 10 kV under one 110/10 kV substation pay T(10) − T(110), 0.0483 or 0.0614', () => {
  const feeders: LevelTree = {
    parent: [-1, 0, 0],
    level: ['10kV', '10kV', '10kV'],
    levelAboveRoot: '110kV',
  }
  const paid = (part: TariffPart) => fee({ kind: '1901-one-above' }, feeders, fourthPeriod, 1, 2, part)
  expect([paid('two'), paid('single')]).toEqual([483, 614])
  expect(fillRegime({ kind: '1901-one-above' }, feeders, fourthPeriod).exact).toBe(true)
})

test('the pilot: 0.0483 at 10 kV under 110 kV, 0.0298 behind one transformer, 0.0912 across two', () => {
  const pilot: LevelTree = {
    parent: [-1, 0, 1, 1],
    level: ['10kV', '10kV', '0.4kV', '0.4kV'],
    levelAboveRoot: '110kV',
  }
  const paid = (from: number, to: number, part: TariffPart) =>
    fee({ kind: '1901-one-above' }, pilot, fourthPeriod, from, to, part)
  expect([paid(2, 2, 'single'), paid(2, 3, 'single'), paid(0, 3, 'single')]).toEqual([298, 912, 912])
  expect([paid(2, 1, 'two'), paid(2, 0, 'two'), paid(1, 1, 'single')]).toEqual([483, 483, 614])
  expect(fillRegime({ kind: '1901-one-above' }, pilot, fourthPeriod).exact).toBe(true)
})

test('flat:0.05 costs 0.05 on every path and zero nothing, for either kind of buyer', () => {
  const flat = parseRegime('flat:0.05')!
  for (const to of everyLevel.parent.keys()) {
    expect(fee(flat, everyLevel, fourthPeriod, 0, to, 'two')).toBe(500)
    expect(fee({ kind: 'zero' }, everyLevel, fourthPeriod, 4, to, 'single')).toBe(0)
  }
})

test('fees change with the segment: 526号 until 2026-07-31, 1077号 from 2026-08-01', () => {
  const book = parseTariffBook(
    JSON.parse(readFileSync('seeds/tariffs/zhejiang.json', 'utf8')),
    'zhejiang.json',
  )
  const pricesOn = (date: string): TdPrices => {
    const { single, two } = book.ratesOn(date).tdEnergyE8
    const ticksOf = (priceE8: number | null) => (priceE8 === null ? null : priceE8 / 10_000)
    return {
      single: Object.fromEntries(voltageLevels.map((level) => [level, ticksOf(single[level])])) as never,
      two: Object.fromEntries(voltageLevels.map((level) => [level, ticksOf(two[level])])) as never,
    }
  }
  const feeder: LevelTree = { parent: [-1], level: ['10kV'], levelAboveRoot: '110kV' }
  const paidOn = (date: string, kind: 'full-td' | '1901-one-above') =>
    fee({ kind }, feeder, pricesOn(date), 0, 0, 'two')
  expect(pricesOn('2026-08-01')).toEqual(fourthPeriod)
  expect(paidOn('2026-07-31', 'full-td')).toBe(1259)
  expect(paidOn('2026-08-01', 'full-td')).toBe(1250)
  const third = pricesOn('2026-07-31').two
  expect(paidOn('2026-07-31', '1901-one-above')).toBe(third['10kV']! - third['110kV']!)
  expect(paidOn('2026-08-01', '1901-one-above')).toBe(483)
  expect(paidOn('2026-07-31', '1901-one-above')).not.toBe(483)
})

test('parseRegime(text) reads every name, and a flat fee of whole ticks that is not negative', () => {
  for (const kind of ['1901-literal', '1901-one-above', 'full-td', 'zero']) {
    expect(parseRegime(kind)).toEqual({ kind })
  }
  expect(parseRegime('flat:0')).toEqual({ kind: 'flat', feeTicks: 0 })
  expect(parseRegime('flat:0.0483')).toEqual({ kind: 'flat', feeTicks: 483 })
  expect(parseRegime('flat:10')).toEqual({ kind: 'flat', feeTicks: 100_000 })
  expect(parseRegime('flat:10.0001')).toBeUndefined()
  for (const text of [
    'flat:0.05:7',
    '',
    'flat',
    'flat:',
    'flat:-0.01',
    'flat:0.00001',
    'flat:x',
    'full',
    '1901',
    'ZERO',
  ]) {
    expect(parseRegime(text), text).toBeUndefined()
  }
})
