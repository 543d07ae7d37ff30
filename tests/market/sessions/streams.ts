/** Random streams of session events: few prices, owners on both sides, ids that are gone, contracts that come and go. */
import fc from 'fast-check'
import type { Network } from '../../../src/grid/network.ts'
import { network } from '../books.ts'

export type Event =
  | { readonly kind: 'submit'; owner: number; bus: number; side: number; limit: number; quantity: number }
  | { readonly kind: 'cancel'; pick: number }
  | { readonly kind: 'replace'; pick: number; limit: number; quantity: number; keepLimit: boolean }
  | { readonly kind: 'register'; from: number; to: number; quantity: number }
  | { readonly kind: 'revoke'; pick: number }
  | { readonly kind: 'rematch' }

export interface Stream {
  readonly network: Network
  readonly events: readonly Event[]
}

export interface StreamShape {
  readonly buses?: number
  readonly events?: number
  readonly prices?: number
  readonly owners?: number
}

export function streams({
  buses = 7,
  events = 40,
  prices = 8,
  owners = 4,
}: StreamShape = {}): fc.Arbitrary<Stream> {
  const pick = fc.nat(1_000_000)
  const limit = fc.integer({ min: -2, max: prices })
  const quantity = fc.integer({ min: 1, max: 20 })
  const side = fc.integer({ min: 0, max: 1 })
  const submit = fc
    .record({ owner: fc.nat(owners - 1), bus: pick, side, limit, quantity })
    .map((order) => ({ kind: 'submit' as const, ...order }))
  const cancel = pick.map((each) => ({ kind: 'cancel' as const, pick: each }))
  const replace = fc
    .record({ pick, limit, quantity, keepLimit: fc.boolean() })
    .map((change) => ({ kind: 'replace' as const, ...change }))
  const register = fc
    .record({ from: pick, to: pick, quantity })
    .map((contract) => ({ kind: 'register' as const, ...contract }))
  const revoke = pick.map((each) => ({ kind: 'revoke' as const, pick: each }))
  const event: fc.Arbitrary<Event> = fc.oneof(
    { weight: 12, arbitrary: submit },
    { weight: 3, arbitrary: cancel },
    { weight: 4, arbitrary: replace },
    { weight: 2, arbitrary: register },
    { weight: 2, arbitrary: revoke },
    { weight: 1, arbitrary: fc.constant({ kind: 'rematch' as const }) },
  )
  return fc
    .tuple(network(buses), fc.array(event, { maxLength: events, size: 'max' }))
    .map(([net, list]) => ({ network: net, events: list }))
}
