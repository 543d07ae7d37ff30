/** What a trading process was told by the store, written down line by line before it is killed. */
import type { NewOrder, OrderKey, OrderTerms } from '../../../src/store/port.ts'

export type Fact =
  | {
      readonly told: 'placed'
      readonly participant: number
      readonly request: number
      readonly orders: NewOrder[]
      readonly key?: string
    }
  | {
      readonly told: 'replaced'
      readonly key: OrderKey
      readonly version: number
      readonly terms: OrderTerms
    }
  | { readonly told: 'cancelled'; readonly key: OrderKey; readonly version: number }
  | { readonly told: 'closed'; readonly interval: number }
  | { readonly told: 'cleared'; readonly interval: number; readonly hash: string }
  | { readonly told: 'leading' }
