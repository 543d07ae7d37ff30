/** What batteries earn in the market and would earn behind their hosts' meters, and what they do to their own spread. */
import type { StorageUnit } from '../scenario/zone.ts'
import type { SimulationResult, StorageResult, StorageSpread } from '../simulation/result.ts'
import { cny, kwh } from './numbers.ts'

export interface StorageRow {
  readonly id: string
  readonly mode: StorageUnit['mode'] | 'rented'
  readonly powerKw: number
  readonly energyKwh: number
  readonly boughtKwh: number
  readonly soldKwh: number
  readonly gainCny: number
  /** by itself behind its host's meter; null without a host */
  readonly ownLoadCny: number | null
  readonly peakShavingCny: number | null
  /** null where it did not both buy and sell */
  readonly spread: SpreadRow | null
}

/** Mean prices of a battery's bus [CNY/kWh]: of its first kWh, as it found the market, and of its last. */
export interface SpreadRow {
  readonly boughtFirst: number
  readonly boughtLast: number
  readonly soldFirst: number
  readonly soldLast: number
  /** sold less bought, without its effect and with it */
  readonly without: number
  readonly with: number
}

export function storageRows({ main, zone }: SimulationResult): StorageRow[] {
  return main.storages.map((each) => {
    const { spec, mode, lease } = zone.storages[each.index]!
    return {
      id: each.id,
      mode: lease === null ? mode : 'rented',
      powerKw: rounded(spec.powerKw),
      energyKwh: rounded(spec.energyKwh),
      boughtKwh: kwh(each.boughtWh),
      soldKwh: kwh(each.soldWh),
      gainCny: cny(each.gainMarketE11),
      ownLoadCny: each.behindMeter && cny(each.behindMeter.ownLoadE11),
      peakShavingCny: each.behindMeter && cny(each.behindMeter.peakShavingE11),
      spread: spreadRow(each.spread),
    }
  })
}

/** Without the last digits of a share of a battery, to a W or Wh. */
const rounded = (kilo: number) => Math.round(kilo * 1000) / 1000

/** The spread of all batteries together, null where none traded. */
export function jointSpread({ main }: SimulationResult): SpreadRow | null {
  const spreads = main.storages.flatMap(({ spread }: StorageResult) => (spread ? [spread] : []))
  if (spreads.length === 0) return null
  return spreadRow(
    spreads.reduce((sum, each) => {
      const entries = Object.entries(each).map(([key, value]) => [
        key,
        value + sum[key as keyof StorageSpread],
      ])
      return Object.fromEntries(entries) as StorageSpread
    }),
  )
}

function spreadRow(spread: StorageSpread | null): SpreadRow | null {
  if (spread === null || spread.boughtWh === 0 || spread.soldWh === 0) return null
  const mean = (tickWh: number, energyWh: number) => Math.round((tickWh / energyWh) * 100) / 1e6
  const boughtFirst = mean(spread.boughtFirstTickWh, spread.boughtWh)
  const boughtLast = mean(spread.boughtLastTickWh, spread.boughtWh)
  const soldFirst = mean(spread.soldFirstTickWh, spread.soldWh)
  const soldLast = mean(spread.soldLastTickWh, spread.soldWh)
  const less = (sold: number, bought: number) => Math.round((sold - bought) * 1e6) / 1e6
  return {
    boughtFirst,
    boughtLast,
    soldFirst,
    soldLast,
    without: less(soldFirst, boughtFirst),
    with: less(soldLast, boughtLast),
  }
}
