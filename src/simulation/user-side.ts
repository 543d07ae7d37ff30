/**
 * The other baseline of a battery: behind its host's meter (用户侧储能). The host pays the same as without it; what its bill
 * falls by goes to the battery's owner.
 */
import type { StorageUnit } from '../scenario/zone.ts'
import { runBaseline, type BaselineRun } from './baseline-run.ts'
import { hostBatteries, payService } from './storage-service.ts'
import type { Seller, World } from './world.ts'

/** The baseline year with some of the hosted batteries, or all, at work behind their hosts' meters. */
export function runUserSideBaseline(
  world: World,
  sellers: readonly Seller[],
  serves: (unit: StorageUnit) => boolean,
): BaselineRun {
  const hosted = hostBatteries(world, (unit) => (serves(unit) ? hostedModeOf(unit) : null))
  const run = runBaseline({ ...world, buyers: hosted.buyers }, sellers)
  const sheets = run.sheets.map((sheet, month) => payService(run.state, hosted, sheet, month))
  return { state: run.state, sheets }
}

/** Behind a meter a battery that trades would shift its host's load. */
function hostedModeOf({ mode }: StorageUnit) {
  return mode === 'arbitrage' ? ('own-load' as const) : mode
}
