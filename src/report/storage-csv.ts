/** `storage.csv`: one row a battery, or a share of one. */
import type { SimulationResult } from '../simulation/result.ts'
import { csv } from './csv.ts'
import { storageRows } from './storage.ts'

export function storageCsv(result: SimulationResult): string {
  const header = [
    'id',
    'mode',
    'power_kw',
    'energy_kwh',
    'bought_kwh',
    'sold_kwh',
    'gain_cny',
    'own_load_cny',
    'peak_shaving_cny',
    'bought_first_cny_per_kwh',
    'bought_last_cny_per_kwh',
    'sold_first_cny_per_kwh',
    'sold_last_cny_per_kwh',
    'spread_without_cny_per_kwh',
    'spread_with_cny_per_kwh',
  ]
  return csv(
    header,
    storageRows(result).map((row) => [
      row.id,
      row.mode,
      row.powerKw,
      row.energyKwh,
      row.boughtKwh,
      row.soldKwh,
      row.gainCny,
      row.ownLoadCny ?? '',
      row.peakShavingCny ?? '',
      row.spread?.boughtFirst ?? '',
      row.spread?.boughtLast ?? '',
      row.spread?.soldFirst ?? '',
      row.spread?.soldLast ?? '',
      row.spread?.without ?? '',
      row.spread?.with ?? '',
    ]),
  )
}
