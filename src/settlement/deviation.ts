/**
 * Orders rest on forecasts, meters decide. What was accepted and not metered runs on the ordinary contract or as
 * feed-in, and the short side pays for the part of its shortfall beyond a free band.
 */

/**
 * The part of a pair that an order's meter supports, cut pro rata over the order's pairs.
 *
 *     supported = ⌊pair · min(metered, accepted) / accepted⌋
 *
 * @param pairWh the pair's energy, at most `acceptedWh` [Wh]
 * @param acceptedWh all the order's accepted energy, above 0 [Wh]
 * @param meteredWh what its meter shows in the same direction [Wh]
 */
export function supportedWh(pairWh: number, acceptedWh: number, meteredWh: number): number {
  if (meteredWh >= acceptedWh) return pairWh
  return Math.floor((pairWh * meteredWh) / acceptedWh)
}

/**
 * Energy of a shortfall that is charged.
 *
 *     charged = max(0, accepted − metered − ⌊free share · accepted⌋)
 *
 * @param freeShare band without a charge, share of the accepted energy
 */
export function chargedShortfallWh(acceptedWh: number, meteredWh: number, freeShare: number): number {
  return Math.max(0, acceptedWh - meteredWh - Math.floor(freeShare * acceptedWh))
}

/**
 * The same for a position taken in two auctions, one after the other: it is charged once, for all of it, and on the part that was
 * taken last, since the meter serves the earlier part first.
 *
 *     charged = max(0, earlier + later − metered − ⌊free share · (earlier + later)⌋),   of it on the later part  min(charged, later)
 */
export function chargedInTurn(
  accepted: { readonly earlierWh: number; readonly laterWh: number },
  meteredWh: number,
  freeShare: number,
): { readonly earlierWh: number; readonly laterWh: number } {
  const chargedWh = chargedShortfallWh(accepted.earlierWh + accepted.laterWh, meteredWh, freeShare)
  const laterWh = Math.min(chargedWh, accepted.laterWh)
  return { earlierWh: chargedWh - laterWh, laterWh }
}
