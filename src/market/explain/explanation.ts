/**
 * Why a book cleared as it did, as plain data in whole units: what the command line prints, and what a service or a
 * dashboard shows. Names end in their unit; {@link decimalsOf} turns them into the decimals of a JSON answer.
 */
import type { PriceRuleName } from '../pricing/index.ts'
import type { Direction } from '../sessions/tree-paths.ts'

export type SideName = 'buy' | 'sell'

export interface Explanation {
  readonly rule: PriceRuleName
  readonly proof: ProofShares
  readonly buses: readonly BusExplanation[]
  readonly orders: readonly OrderExplanation[]
}

/** The dual bound by what it is made of, over the whole book [CNY, 7 decimals]. */
export interface ProofShares {
  /** equal to the bound, or there would be no explanation */
  readonly welfareCny: string
  /** what all orders together gain at the prices of their buses */
  readonly ordersCny: string
  /** what the room of all arcs earns at these prices */
  readonly arcsCny: string
}

/**
 * A bus's merged curve: how much the bus and all below it send up, net, as its price rises. A sell step switches on at
 * its price, a buy step off; the curve runs from −demandWh to supplyWh and crosses `flowUpWh` at the bus's price.
 */
export interface BusExplanation {
  readonly bus: string
  readonly priceTicks: number
  readonly priceLowTicks: number
  readonly priceHighTicks: number
  readonly lowBy: PriceBound
  readonly highBy: PriceBound
  readonly traded: boolean
  readonly flowUpWh: number
  readonly demandWh: number
  readonly supplyWh: number
  /** by rising price, sells before buys */
  readonly steps: readonly StepExplanation[]
  /** to the parent; null for the root */
  readonly arc: ArcExplanation | null
}

/**
 * What holds an end of the range of prices: a step of the bus's own curve, the parent's range shifted by the fee, or
 * floor and cap. A parent's price is the one before floor and cap.
 */
export type PriceBound =
  | { readonly by: 'step'; readonly priceTicks: number }
  | {
      readonly by: 'parent'
      readonly bus: string
      readonly priceTicks: number
      /** added to the parent's price */
      readonly feeTicks: number
    }
  | { readonly by: 'floor' }
  | { readonly by: 'cap' }

export interface StepExplanation {
  readonly priceTicks: number
  readonly side: SideName
  readonly energyWh: number
  /** net export before and after the step */
  readonly fromWh: number
  readonly toWh: number
  readonly acceptedWh: number
  /** who shares what is accepted, pro rata to energy */
  readonly claimants: readonly Claimant[]
}

/** An order of the bus, or a child's arc with all that stands behind it. */
export type Claimant =
  | { readonly order: string; readonly energyWh: number; readonly acceptedWh: number }
  | {
      /** the bus below the arc */
      readonly arc: string
      readonly energyWh: number
      readonly acceptedWh: number
      /** added to the price on its way up: the fee upward for what the child sends, less the fee downward for what it takes */
      readonly shiftTicks: number
      /** orders below the arc that stand in this step */
      readonly orders: readonly string[]
    }

export interface ArcExplanation {
  readonly parent: string
  readonly feeUpTicks: number
  readonly feeDownTicks: number
  /** null: no limit */
  readonly capacityUpWh: number | null
  readonly capacityDownWh: number | null
  /** ends of the bus's curve beyond what the arc carries */
  readonly cutUpWh: number
  readonly cutDownWh: number
  readonly fullUp: boolean
  readonly fullDown: boolean
  /** how much farther the prices of its ends are apart than the fee; above 0 on a full arc only */
  readonly rentUpTicks: number
  readonly rentDownTicks: number
  /** rent times room, the arc's part of the dual bound [CNY] */
  readonly rentCny: string
}

export interface OrderExplanation {
  readonly order: string
  readonly bus: string
  readonly side: SideName
  readonly limitTicks: number
  /** what entered the market */
  readonly quantityWh: number
  readonly acceptedWh: number
  /** settled against the owner's own orders before the market */
  readonly nettedWh: number
  /** of the bus */
  readonly priceTicks: number
  /** what it gains at that price, its part of the dual bound [CNY] */
  readonly gainCny: string
  readonly reason: Reason
  /** why the rest is not served; null where there is none, or where the price rule decided */
  readonly rest: Rest | null
  readonly trades: readonly TradeExplanation[]
}

/** How an order stands to the price of its bus, or under `trade-reduction` to the marginal order of its side. */
export type Reason =
  /** served in full, its limit better than the price */
  | { readonly code: 'in-the-money'; readonly gainTicks: number }
  /** served in full, its limit the price */
  | { readonly code: 'at-the-price' }
  /** its limit is the price, it stands alone there and is served in part */
  | { readonly code: 'marginal' }
  /** its limit is the price, and what is accepted of the step is shared pro rata */
  | {
      readonly code: 'shared'
      readonly stepWh: number
      readonly stepAcceptedWh: number
      readonly others: readonly Claimant[]
    }
  /** its limit is the price, and nothing of the step is accepted */
  | { readonly code: 'not-needed' }
  /** its limit is worse than the price */
  | { readonly code: 'out-of-the-money'; readonly shortTicks: number }
  /** all of it was settled against the owner's own orders */
  | { readonly code: 'netted' }
  | { readonly code: 'no-quantity' }
  /** `trade-reduction`: ahead of the marginal order of its side */
  | ({ readonly code: 'kept' } & Marginal)
  /** `trade-reduction`: the same on the longer side, which shares the volume */
  | ({ readonly code: 'kept-shared'; readonly keptWh: number; readonly volumeWh: number } & Marginal)
  /** `trade-reduction`: the marginal order itself */
  | { readonly code: 'given-up' }
  /** `trade-reduction`: behind the marginal order, by 0 where only the sequence decides */
  | ({ readonly code: 'behind-the-marginal'; readonly shortTicks: number } & Marginal)

export interface Marginal {
  readonly marginal: string
  readonly marginalLimitTicks: number
}

/** Codes of {@link Reason}, each with what it says. */
export const reasonCodes = {
  'in-the-money': 'served in full, its limit better than the price by `gain`',
  'at-the-price': 'served in full, its limit is the price',
  marginal: 'its limit is the price, it stands alone there and is served in part',
  shared: 'its limit is the price; `stepAccepted` of `step` is shared pro rata with `others`',
  'not-needed': 'its limit is the price, and nothing more is wanted at it',
  'out-of-the-money': 'its limit is worse than the price by `short`',
  netted: 'settled whole against orders of its owner',
  'no-quantity': 'it asks for nothing',
  kept: '`trade-reduction`: ahead of the `marginal` order of its side',
  'kept-shared': '`trade-reduction`: ahead of it on the longer side, `kept` of which shares `volume`',
  'given-up': '`trade-reduction`: the marginal order itself',
  'behind-the-marginal': '`trade-reduction`: behind it by `short`, or by sequence',
} as const satisfies Readonly<Record<Reason['code'], string>>

/**
 * What stands between the rest of an order and the order on the other side that would make most of it. An order whose
 * limit is its price looks at those with something left; one whose limit is worse also at those it would have to
 * displace, for which their bus's price is what counts.
 */
export type Rest =
  | { readonly because: 'nobody' }
  | { readonly because: 'all-served' }
  | ({
      readonly because: 'arc-full'
      /** what a kWh would gain, ≥ 0 */
      readonly gainTicks: number
      readonly arcs: readonly FullArc[]
    } & Counterpart)
  | ({
      readonly because: 'fee'
      readonly shortTicks: number
      readonly fees: readonly ArcFee[]
    } & Counterpart)
  | ({ readonly because: 'limit'; readonly shortTicks: number } & Counterpart)

/** Codes of {@link Rest}, each with what it says. */
export const restCodes = {
  nobody: 'nobody stands on the other side',
  'all-served': 'everybody on the other side is served',
  'arc-full':
    '`counterpart` would trade with it at a gain of `gain` after fees, but `arcs` on the way are full',
  fee: 'without the `fees` on the way it would trade with `counterpart`; with them `short` is missing',
  limit: 'even the best, `counterpart`, lacks `short`',
} as const satisfies Readonly<Record<Rest['because'], string>>

export interface Counterpart {
  readonly counterpart: string
  readonly counterpartBus: string
  /** whether it has something left */
  readonly open: boolean
  /** its limit, or the price of its bus where it is served at a better one */
  readonly worthTicks: number
  readonly pathFeeTicks: number
}

/** An arc on the way from seller to buyer that carries all it can. */
export interface FullArc {
  /** the bus below the arc */
  readonly arc: string
  readonly direction: Direction
  readonly capacityWh: number
  readonly rentTicks: number
}

export interface ArcFee {
  readonly arc: string
  readonly direction: Direction
  readonly feeTicks: number
}

export interface TradeExplanation {
  readonly counterpart: string
  readonly quantityWh: number
  /** what the seller receives, or what the buyer pays with the fee of the path */
  readonly priceTicks: number
  readonly pathFeeTicks: number
}
