import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseScenario } from '../../src/scenario/parse.ts'
import { parseLever, settingsOf } from '../../src/scenario/vary.ts'
import { strategicPark, zoneOf } from '../simulation/zones.ts'

const file = 'scenarios/jindong-pilot.yaml'
const text = readFileSync(file, 'utf8')
const parsed = parseScenario({ file, text })
if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))
const { data } = parsed.scenario

test('parseLever() splits values at commas outside brackets', () => {
  expect(parseLever('wheeling=full-td, flat:0.05')).toEqual({
    name: 'wheeling',
    values: ['full-td', 'flat:0.05'],
  })
  expect(parseLever('weather={climate: a, ghi_scale: 2},{climate: b}')).toEqual({
    name: 'weather',
    values: ['{climate: a, ghi_scale: 2}', '{climate: b}'],
  })
  expect(parseLever('zone.wheeling.regime=zero')).toEqual({ name: 'wheeling', values: ['zero'] })
  for (const wrong of ['wheeling', 'wheeling=', '=a', 'wheeling=a,,b']) {
    expect(parseLever(wrong)).toMatchObject({ code: 'vary', came: wrong })
  }
})

test('settingsOf() scales a fleet of batteries, power along with energy, and takes it away at 0', () => {
  const sets = settingsOf('storage.energy_kwh', '10000', data)
  const half = parseScenario({ file, text }, sets as string[])
  expect(
    half.ok && half.scenario.data.participants.storage.map((unit) => [unit.power_kw, unit.energy_kwh]),
  ).toEqual(Array.from({ length: 4 }, () => [1250, 2500]))
  expect(settingsOf('storage.energy_kwh', '0', data)).toEqual(['participants.storage=[]'])
})

test('settingsOf() refuses what is no size, and a fleet that is not there', () => {
  expect(settingsOf('storage.energy_kwh', '-1', data)).toMatchObject({ wanted: 'a number from 0' })
  expect(settingsOf('storage.energy_kwh', 'many', data)).toMatchObject({ wanted: 'a number from 0' })
  const none = { ...data, participants: { ...data.participants, storage: [] } }
  expect(settingsOf('storage.energy_kwh', '5', none)).toMatchObject({
    wanted: 'units under participants.storage',
  })
})

test('settingsOf() of any other lever is a path of the scenario', () => {
  expect(settingsOf('market.k', '0.3', data)).toEqual(['market.k=0.3'])
  expect(settingsOf('wheeling', 'zero', data)).toEqual(['zone.wheeling.regime=zero'])
})

test('buyers.strategy and sellers.strategy reach everybody on a side, whatever they name themselves', () => {
  const park = zoneOf(strategicPark)
  const own = (side: 'buyers' | 'sellers', value: string) => {
    const parsedPark = parseScenario({ file: strategicPark, text: readFileSync(strategicPark, 'utf8') })
    if (!parsedPark.ok) throw new Error('the park is good')
    return zoneOf(
      strategicPark,
      ...(settingsOf(`${side}.strategy`, value, parsedPark.scenario.data) as string[]),
    )
  }
  const kinds = (list: readonly { readonly strategy: { readonly kind: string } }[]) => [
    ...new Set(list.map(({ strategy }) => strategy.kind)),
  ]
  const sellersOf = ({ pvUnits, cogenerations }: typeof park) => [...pvUnits, ...cogenerations]
  const buyers = own('buyers', '{ markup: 0.2 }')
  expect(kinds(buyers.enterprises)).toEqual(['markup'])
  expect(kinds(sellersOf(buyers))).toEqual(kinds(sellersOf(park)))
  const sellers = own('sellers', 'zero-intelligence')
  expect(kinds(sellersOf(sellers))).toEqual(['zero-intelligence'])
  expect(kinds(sellers.enterprises)).toEqual(kinds(park.enterprises))
})
