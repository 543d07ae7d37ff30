/** What a battery's meter shows: what it traded, as far as the energy in it goes. */
import { storageLimits } from '../../assets/storage.ts'
import { buySide } from '../../market/book.ts'
import { storageRow } from '../../simulation/order-rows.ts'
import type { Outcome } from '../../simulation/outcome.ts'
import type { StorageDesk } from '../../simulation/storage-desk.ts'

/** @param joined one row a battery, since nobody stands on both sides [Wh, by unit] */
export function batteryReadings({ rows, clearing }: Outcome, desks: readonly StorageDesk[]): Float64Array {
  const batteryWh = new Float64Array(desks.length)
  for (let row = 0; row < rows.book.count; row++) {
    if (rows.kind[row] !== storageRow || clearing.acceptedWh[row] === 0) continue
    const { unit, storedWh } = desks[rows.who[row]!]!
    const { chargeWhMax, dischargeWhMax } = storageLimits(unit.spec, storedWh)
    const most = rows.book.side[row] === buySide ? chargeWhMax : dischargeWhMax
    batteryWh[rows.who[row]!] = Math.min(most, clearing.acceptedWh[row]!)
  }
  return batteryWh
}
