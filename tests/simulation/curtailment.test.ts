import fc from 'fast-check'
import { expect, test } from 'vitest'
import { intervalsPerDay } from '../../src/base/units.ts'
import type { Zone } from '../../src/scenario/zone.ts'
import { curtail } from '../../src/simulation/curtailment.ts'
import { minimal, zoneOf } from './zones.ts'

const plain = zoneOf(minimal, 'calendar.to=2027-05-10')

interface Case {
  readonly zone: Zone
  readonly loadWh: Int32Array[]
  readonly pvWh: Int32Array[]
}

const column = fc
  .array(fc.nat({ max: 3_000 }), { minLength: 6, maxLength: 6 })
  .map((few) => Int32Array.from({ length: intervalsPerDay }, (_, quarter) => few[quarter] ?? 0))
const units = (buses: number) =>
  fc.array(fc.record({ bus: fc.nat({ max: buses - 1 }), column }), { minLength: 1, maxLength: 6 })

/** Random trees with limits that bind, are absent, or forbid reverse flow. */
const cases: fc.Arbitrary<Case> = fc
  .array(fc.record({ parent: fc.nat(), limit: fc.constantFrom(null, 0, 2, 4, 8, 12) }), {
    minLength: 2,
    maxLength: 8,
  })
  .chain((buses) =>
    fc.record({ loads: units(buses.length), pv: units(buses.length) }).map(({ loads, pv }) => ({
      zone: {
        ...plain,
        buses: buses.map(({ parent, limit }, bus) => ({
          ...plain.buses[0]!,
          parent: bus === 0 ? -1 : parent % bus,
          capacityUpKw: limit,
        })),
        enterprises: loads.map(({ bus }) => ({ ...plain.enterprises[0]!, bus })),
        pvUnits: pv.map(({ bus }) => ({ ...plain.pvUnits[0]!, bus, host: null })),
      },
      loadWh: loads.map((each) => each.column),
      pvWh: pv.map((each) => each.column),
    })),
  )

const isBelow = ({ buses }: Zone, bus: number, top: number): boolean =>
  bus >= top && (bus === top || isBelow({ buses } as Zone, buses[bus]!.parent, top))

/** Interval by interval and arc by arc from the leaves, every sum made anew. */
function curtailNaively({ zone, loadWh, pvWh }: Case): Int32Array[] {
  const left = pvWh.map((each) => each.slice())
  for (let bus = zone.buses.length - 1; bus > 0; bus--) {
    const { capacityUpKw } = zone.buses[bus]!
    if (!capacityUpKw) continue
    const below = zone.pvUnits.flatMap((unit, at) => (isBelow(zone, unit.bus, bus) ? [left[at]!] : []))
    const loads = zone.enterprises.flatMap((each, at) => (isBelow(zone, each.bus, bus) ? [loadWh[at]!] : []))
    for (let quarter = 0; quarter < intervalsPerDay; quarter++) {
      const sum = (columns: Int32Array[]) => columns.reduce((total, each) => total + each[quarter]!, 0)
      const sunWh = sum(below)
      const excessWh = sunWh - sum(loads) - capacityUpKw * 250
      if (excessWh <= 0 || sunWh === 0) continue
      const kept = Math.max(0, sunWh - excessWh) / sunWh
      for (const each of below) each[quarter] = Math.floor(each[quarter]! * kept)
    }
  }
  return left
}

test('curtail() cuts what a naive walk over arcs and intervals cuts, and says how much', () => {
  fc.assert(
    fc.property(cases, (given) => {
      const { zone, loadWh, pvWh } = given
      const series = { loadWh, pvWh, cogenerationWh: [], heatWh: [], flexible: [], inputs: [] }
      const before = pvWh.map((each) => each.slice())
      const meter = { netLoadWh: loadWh, surplusWh: pvWh, selfUseWh: [] }
      const { surplusWh, curtailedWh } = curtail(zone, series, meter)
      expect(surplusWh).toEqual(curtailNaively(given))
      expect(pvWh).toEqual(before)
      const lost = surplusWh.map((each, at) => before[at]!.reduce((sum, wh, q) => sum + wh - each[q]!, 0))
      expect(curtailedWh).toEqual(lost)
    }),
  )
})

test('curtail() leaves a column as it is, the same object, where no arc binds', () => {
  const pvWh = [new Int32Array(intervalsPerDay).fill(100), new Int32Array(intervalsPerDay).fill(100_000)]
  const zone = { ...plain, pvUnits: [0, 1].map((bus) => ({ ...plain.pvUnits[0]!, bus, host: null })) }
  const limited = { ...zone, buses: plain.buses.map((bus) => ({ ...bus, capacityUpKw: 100 })) }
  const series = { loadWh: [], pvWh, cogenerationWh: [], heatWh: [], flexible: [], inputs: [] }
  const meter = { netLoadWh: [], surplusWh: pvWh, selfUseWh: [] }
  const { surplusWh } = curtail({ ...limited, enterprises: [] }, series, meter)
  expect(surplusWh[0]).toBe(pvWh[0])
  expect(surplusWh[1]).not.toBe(pvWh[1])
})
