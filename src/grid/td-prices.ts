import type { VoltageLevel } from './voltage.ts'

/** T&D energy prices (输配电量电价) of one date, in ticks of 0.0001 CNY/kWh. There is no two-part column below 1 kV. */
export interface TdPrices {
  readonly single: Readonly<Record<VoltageLevel, number>>
  readonly two: Readonly<Record<VoltageLevel, number | null>>
}
