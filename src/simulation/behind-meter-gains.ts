/**
 * What each battery with a host would earn behind its host's meter, all by itself: what the host's bill falls by, less wear. To
 * be set beside what it earns in the market.
 */
import { HostedStorage, type HostedMode } from './hosted-storage.ts'
import { meteredBillE11 } from './contract-bill.ts'
import type { StorageResult } from './result.ts'
import { wearE11 } from './storage-lines.ts'
import type { World } from './world.ts'

/** By storage unit, null where it has no host. */
export function behindMeterGains(world: World): StorageResult['behindMeter'][] {
  const hosted = new HostedStorage(world)
  return world.zone.storages.map((_, unit) => {
    if (world.zone.storages[unit]!.host === null) return null
    const gain = (mode: HostedMode) => gainE11(world, hosted, unit, mode)
    return { ownLoadE11: gain('own-load'), peakShavingE11: gain('peak-shaving') }
  })
}

function gainE11(world: World, hosted: HostedStorage, index: number, mode: HostedMode): bigint {
  const unit = world.zone.storages[index]!
  const host = unit.host!
  const before = world.buyers[host]!
  const year = hosted.schedule(unit, before, mode)
  return world.zone.calendar.months.reduce((sum, _, month) => {
    const bill = (meteredWh: Int32Array) => meteredBillE11(world, host, meteredWh, month)
    const saved = bill(before.meteredWh) - bill(year.meteredWh)
    return sum + saved - wearE11(unit, year.dischargedWh[month]!)
  }, 0n)
}
