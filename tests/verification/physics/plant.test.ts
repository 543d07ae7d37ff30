import { expect, test } from 'vitest'
import { dataFile, isMissing } from '../data.ts'
import { directShares } from './plant-clean.ts'
import { plantFile, plantSite } from './plant-data.ts'
import { lightOnPlane } from './plant-model.ts'
import {
  correlation,
  fitOf2019,
  fitted,
  fittedFlat,
  isClean,
  monthsOf,
  pairsOf,
  preparePlant,
} from './plant.ts'
import { planeOfArrayWm2 } from '../../../src/assets/pv/plane.ts'
import { sunAt } from '../../../src/assets/sun.ts'

const missing = isMissing(plantFile)
const plant = missing ? undefined : preparePlant()

test('a measured plant from its own light: days correlate, months lie within 5 % but one', (context) => {
  if (!plant) return context.skip(`${dataFile(plantFile)} is missing`)
  const clean = pairsOf(plant, fitted).filter(isClean)
  expect(correlation(clean)).toBeGreaterThan(0.99)
  const missed = monthsOf(clean).filter(({ apart }) => Math.abs(apart) > 0.05)
  // February 2019 was dull, and the inverter of PVWatts gives too little in dim light: 5.3 % in all.
  expect(missed.map(({ month }) => month)).toEqual(['2019-02'])
  expect(missed[0]!.apart).toBeGreaterThan(-0.055)
})

test('the same with an inverter of one efficiency: every month within 5 %', (context) => {
  if (!plant) return context.skip(`${dataFile(plantFile)} is missing`)
  const months = monthsOf(pairsOf(plant, fittedFlat).filter(isClean))
  expect(months.length).toBe(22)
  expect(months.filter(({ apart }) => Math.abs(apart) > 0.05)).toEqual([])
})

test.for([fitted, fittedFlat])(
  'what was fitted on 2019 is the best of its neighbours: $inverter',
  (model, context) => {
    if (!plant) return context.skip(`${dataFile(plantFile)} is missing`)
    const at = (tilt: number) => fitOf2019(plant, { ...model, panelTiltDeg: model.panelTiltDeg + tilt })
    expect(at(0).scatter).toBeLessThan(Math.min(at(-1).scatter, at(1).scatter))
    expect(at(0).lossFraction).toBeCloseTo(model.lossFraction, 3)
  },
)

test('the instrument was moved on a day, and clean days are told without a model', (context) => {
  if (!plant) return context.skip(`${dataFile(plantFile)} is missing`)
  const { moved, faults, sensorTilts, days } = plant
  expect(moved).toBe('2020-10-19')
  expect(sensorTilts[1] - sensorTilts[0]).toBeGreaterThan(8)
  const shares = directShares(days)
  const [before, after] = [shares.filter(({ day }) => day <= moved), shares.filter(({ day }) => day > moved)]
  expect(before.filter(({ share }) => share < 0.75).length / before.length).toBeLessThan(0.03)
  expect(after.length).toBeGreaterThan(15)
  // Days named in the description of the data set.
  for (const day of ['2019-03-15', '2019-04-27', '2019-04-28', '2019-04-29', '2020-09-27']) {
    expect(faults.get(day)).toBe('standstill')
  }
  expect(faults.get('2019-05-29')).toBe('record missing')
  expect([...faults.values()].filter((fault) => fault !== 'instrument moved').length).toBeLessThan(20)
})

test('lightOnPlane() finds the light that the plane would show', () => {
  const sun = sunAt(plantSite, Date.UTC(2019, 11, 15, 3, 30))
  const light = lightOnPlane(640, 20, sun, 1400)
  expect(planeOfArrayWm2({ tiltDeg: 20, azimuthDeg: 180 }, sun, light, { reflection: false })).toBeCloseTo(
    640,
    0,
  )
  expect(light.ghiWm2).toBeLessThan(640)
})
