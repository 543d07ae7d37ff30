/**
 * `external`: orders come from outside. A simulation places none, so that its meter is settled on ordinary contracts unless some
 * other source of orders speaks for it; a market takes its orders from its owner and never bids in its place.
 */
import type { Strategy } from './strategy.ts'

export function isExternal({ kind }: Strategy): boolean {
  return kind === 'external'
}
