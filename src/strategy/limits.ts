/**
 * From what energy is worth to a participant to the limit it bids. A truthful limit is the value itself, rounded
 * so that a trade at the limit is never a loss; `markup` shades it by a share.
 */

export type LimitStrategy =
  | { readonly kind: 'truthful' }
  | { readonly kind: 'markup'; readonly share: number }

/**
 * A buyer's limit: the highest whole tick at or below its value, less the markup.
 *
 * @param valueTicks what a kWh saves the buyer, may be a fraction of a tick [0.0001 CNY/kWh]
 */
export function buyLimitTicks(valueTicks: number, strategy: LimitStrategy): number {
  return Math.floor(
    strategy.kind === 'markup' ? valueTicks - Math.abs(valueTicks) * strategy.share : valueTicks,
  )
}

/** A seller's limit: the lowest whole tick at or above its value, plus the markup. */
export function sellLimitTicks(valueTicks: number, strategy: LimitStrategy): number {
  return Math.ceil(
    strategy.kind === 'markup' ? valueTicks + Math.abs(valueTicks) * strategy.share : valueTicks,
  )
}
