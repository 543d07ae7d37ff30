import { expect, test } from 'vitest'
import { simulate } from '../../src/simulation/simulate.ts'
import { minimal, zoneOf } from './zones.ts'

const version = 'test'
const days = Array.from({ length: 288 }, (_, at) => {
  const start = new Date(Date.UTC(2027, 4, 10) + at * 900_000).toISOString().slice(0, 16).replace('T', ' ')
  return { start, kw: at === 50 ? 3000 : 1000 }
})
const load = (unit: string) => `participants.enterprises.0.load={ file: load.csv, unit: ${unit} }`
const csv = (factor: number) =>
  ['时间,有功功率', ...days.map(({ start, kw }) => `${start},${kw * factor}`)].join('\n')

function simulated(text: string, ...set: string[]) {
  return simulate(zoneOf(minimal, ...set), { version, readFile: () => new TextEncoder().encode(text) })
}

test('kW read as MW, and more than a column holds, are faults of the file with the day and the power', async () => {
  const place = { file: 'load.csv', path: 'participants.workshop', code: 'too-large' }
  const megawatts = await simulated(csv(1), load('mw'))
  expect(megawatts).toEqual({
    ok: false,
    faults: [
      {
        ...place,
        wanted: 'at most 412104 kW, whose money is counted exactly at 0.67943875 CNY/kWh',
        came: '3000000 kW on 2027-05-10 12:30',
      },
    ],
  })
  const beyond = await simulated(csv(1e4), load('mw'))
  expect(beyond).toMatchObject({ ok: false, faults: [{ ...place, wanted: 'at most 8589934 kW' }] })
})

test('an enterprise and a plant too large to be counted exactly are told together', async () => {
  const sizes = ['participants.enterprises.1.annual_kwh=9000000000', 'participants.pv_plants.0.bus=root']
  const buses = 'zone.buses.0={ id: root, voltage: 220kV, parent: null }'
  const tree = 'zone.buses.1={ id: busbar, voltage: 10kV, parent: root }'
  const plant = 'participants.pv_plants.0.capacity_kw=5000000'
  const set = [
    ...sizes,
    buses,
    tree,
    plant,
    'participants.enterprises.0.bus=busbar',
    'zone.level_above_root=null',
  ]
  const answer = await simulated(csv(1), ...set)
  expect(answer.ok).toBe(false)
  if (!answer.ok)
    expect(answer.faults.map(({ path }) => path)).toEqual(['participants.shop', 'participants.plant'])
})

test('a zone of 9 TWh a year on one kind of contract is counted exactly', async () => {
  const each = (id: number) =>
    `{ id: e${id}, name: e${id}, group: g, bus: busbar, annual_kwh: 1000000000, load: { archetype: three-shift-factory }, ` +
    'contract: { retail_flat_cny_per_kwh: 0.43 }, part: two, billing: capacity, transformer_kva: 200000 }'
  const nine = Array.from({ length: 9 }, (_, id) => each(id)).join(', ')
  const answer = await simulated('', `participants.enterprises=[${nine}]`)
  expect(answer.ok).toBe(true)
  if (answer.ok) expect(answer.value.main.ledger.residualE11).toBe(0n)
})
