import { expect, test } from 'vitest'
import { arcRows } from '../../src/report/grid-use.ts'
import { gridSection } from '../../src/report/html/grid.ts'
import { storageRows } from '../../src/report/storage.ts'
import { simulate } from '../../src/simulation/simulate.ts'
import { minimal, zoneOf } from '../simulation/zones.ts'

async function run(...set: string[]) {
  const zone = zoneOf(
    minimal,
    'calendar.from=2027-05-12',
    'participants.pv_plants.0.capacity_kw=6000',
    ...set,
  )
  const answer = await simulate(zone, { version: 'test', readFile: () => undefined })
  if (!answer.ok) throw new Error(JSON.stringify(answer.faults))
  return answer.value
}

test('where a wire curtails, the page says that this is in no figure of the limits', async () => {
  const [narrow, wide] = [await run('zone.buses.1.capacity_up_kw=300'), await run()]
  expect(narrow.main.energy.curtailedWh).toBeGreaterThan(0)
  expect(gridSection(narrow)).toContain('MWh of PV from being generated')
  expect(wide.main.energy.curtailedWh).toBe(0)
  expect(gridSection(wide)).not.toContain('from being generated')
})

test('shares and parts of batteries are told without digits that nobody measured', async () => {
  const battery =
    'participants.storage=[{ id: shared, name: shared, bus: feeder, power_kw: 250, energy_kwh: 500, charge_efficiency: 0.93, ' +
    'discharge_efficiency: 0.93, min_soc: 0.05, max_soc: 0.95, initial_soc: 0.5, wear_cny_per_kwh: 0.05, baseline: idle, ' +
    'mode: rental, rent: { cny_per_kw_month: 5 }, tenants: [{ id: workshop, share: 0.5 }, { id: shop, share: 0.2 }] }]'
  const result = await run(battery)
  expect(storageRows(result).map(({ powerKw, energyKwh }) => [powerKw, energyKwh])).toEqual([
    [75, 150],
    [125, 250],
    [50, 100],
  ])
  for (const { loadingAfter } of arcRows(result)) expect(`${loadingAfter}`).toMatch(/^\d+(\.\d{1,6})?$/)
})
