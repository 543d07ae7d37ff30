import type { RateE8 } from '../base/units.ts'
import type { TariffPart, VoltageLevel } from '../grid/voltage.ts'
import type { Band } from './book.ts'

/** How a customer hangs on the grid, as its bill sees it. */
export interface Connection {
  readonly level: VoltageLevel
  readonly part: TariffPart
  /** 需量 or 容量 for two-part customers, none for single-part ones */
  readonly billing: 'demand' | 'capacity' | 'none'
  readonly transformerKva: number
  /** declared demand; at least 40 % of the transformer is billed then. Without it the highest metered demand is. */
  readonly contractDemandKw?: number
  /** mean of the month */
  readonly powerFactor: number
}

/** What a customer pays without the neighbourhood market. */
export type Contract =
  | { readonly kind: 'agency' }
  | { readonly kind: 'retail-flat'; readonly energyE8: RateE8 }
  | { readonly kind: 'retail-by-period'; readonly energyE8: Readonly<Record<Band, RateE8>> }
