/**
 * Rents of shared batteries (共享储能): every month a tenant pays its lessor for power and energy, 容量租赁费, and for what it
 * took out, 使用费.
 */
import { rateE8PerTick } from '../base/units.ts'
import type { ExactLine } from '../settlement/statement.ts'
import { daysOfMonth } from './contract-bill.ts'
import type { RunState } from './run-state.ts'

interface Rent {
  readonly tenant: number
  readonly lessor: number
  /** [1e-11 CNY] */
  readonly capacityE11: bigint
  readonly useE11: bigint
  readonly usedWh: number
}

/** A month that is partly in the run is paid by the day, in whole 1e-11 CNY. */
function rentsOf(run: RunState, month: number): Rent[] {
  const { world, storage, months } = run
  const { days, of } = daysOfMonth(world, month)
  return world.zone.storages.flatMap(({ lease, spec }, tenant) => {
    if (lease === null) return []
    const powerE11 = BigInt(lease.perKwE8) * BigInt(Math.round(spec.powerKw * 1000))
    const energyE11 = BigInt(lease.perKwhE8) * BigInt(Math.round(spec.energyKwh * 1000))
    const usedWh = storage.dischargedWh[tenant * months + month]!
    return [
      {
        tenant,
        lessor: lease.lessor,
        capacityE11: ((powerE11 + energyE11) * BigInt(days)) / BigInt(of),
        useE11: BigInt(usedWh) * BigInt(lease.usePerKwhTicks * rateE8PerTick),
        usedWh,
      },
    ]
  })
}

export function postRents(run: RunState, month: number): void {
  const { storage } = run.world.chart
  for (const { tenant, lessor, capacityE11, useE11 } of rentsOf(run, month)) {
    run.ledger.transfer(storage + tenant, storage + lessor, capacityE11 + useE11)
  }
}

/** What a battery's owner receives, or a tenant pays; receipts positive. */
export function rentLines(run: RunState, unit: number, month: number): ExactLine[] {
  return rentsOf(run, month)
    .filter(({ tenant, lessor }) => tenant === unit || lessor === unit)
    .flatMap(({ tenant, capacityE11, useE11, usedWh }) => {
      const sign = tenant === unit ? -1n : 1n
      const of = {
        zh: `（${run.world.zone.storages[tenant]!.lease!.tenant}）`,
        en: `, ${run.world.zone.storages[tenant]!.id}`,
      }
      const lines: ExactLine[] = [
        {
          key: 'storage-rent',
          zh: `储能容量租赁费${of.zh}`,
          en: `rent of storage${of.en}`,
          amountE11: sign * capacityE11,
        },
        {
          key: 'storage-use',
          zh: `储能使用费${of.zh}`,
          en: `use of storage${of.en}`,
          energyWh: usedWh,
          amountE11: sign * useE11,
        },
      ]
      return lines.filter((line) => line.amountE11 !== 0n)
    })
}
