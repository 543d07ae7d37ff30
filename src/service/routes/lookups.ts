/** Names in addresses, each found or refused as unknown. */
import { Refusal } from '../refusal.ts'
import type { LiveMarket } from '../market/live-market.ts'
import type { Member } from '../market/members.ts'
import { intervalName, intervalOf } from '../market/timeline.ts'
import { parseOrderId } from '../../store/order-id.ts'
import type { Lookup } from '../plugins/guard.ts'
import type { ClearingCache } from './clearings/cache.ts'

export function zoneNamed({ model }: LiveMarket, name: string): void {
  const { scenario } = model.zone
  if (name !== scenario) throw new Refusal('zone-unknown', { wanted: scenario, came: name.slice(0, 100) })
}

/** An interval of the market that has been opened by now. */
export function intervalNamed({ model, clock }: LiveMarket, name: string, path?: string): number {
  const { timeline } = model
  const interval = intervalOf(name)
  const end = timeline.openEnd(clock.now())
  if (interval !== undefined && interval >= timeline.first && interval < end) return interval
  const wanted = `a quarter-hour from ${intervalName(timeline.first)} to ${intervalName(end - 1)}`
  throw new Refusal('interval-unknown', { wanted, came: name.slice(0, 100), ...placed(path) })
}

/** @returns the interval, cleared */
export function clearedNamed(market: LiveMarket, name: string): number {
  const interval = intervalNamed(market, name)
  const { clearFrom, openFrom } = market.store.orders
  if (interval >= clearFrom)
    throw new Refusal('not-cleared', { came: `${name}, ${interval < openFrom ? 'closed' : 'open'}` })
  return interval
}

export function memberNamed({ members }: LiveMarket, id: string, path?: string): Member {
  const member = members.byId(id)
  if (!member) throw new Refusal('participant-unknown', { came: id.slice(0, 100), ...placed(path) })
  return member
}

/** Where in its request a name stands, unless in the address. */
function placed(path: string | undefined): { readonly path?: string } {
  return path === undefined ? {} : { path }
}

/**
 * Finds what an address names for those who may not have it, so that an unknown id is unknown to everybody before a role is
 * refused.
 */
export function makeLookups(market: LiveMarket, clearings: ClearingCache): Readonly<Record<string, Lookup>> {
  const { store, directory } = market
  return {
    zone: (zone) => zoneNamed(market, zone),
    interval: (interval) => void intervalNamed(market, interval),
    participant: (participant) => void memberNamed(market, participant),
    order: async (order) => {
      if (!(await isOrder(market, clearings, order)))
        throw new Refusal('order-unknown', { came: order.slice(0, 100) })
    },
    credential: (credential) => {
      if (!directory.key(credential))
        throw new Refusal('credential-unknown', { came: credential.slice(0, 100) })
    },
    month: async (month) => {
      const [member] = market.members.all
      const months = member ? await store.statements.months(member.participant) : []
      if (!months.includes(month)) throw new Refusal('statement-unknown', { came: month.slice(0, 100) })
    },
  }
}

async function isOrder({ store, model }: LiveMarket, clearings: ClearingCache, id: string): Promise<boolean> {
  const key = parseOrderId(id)
  if (!key || key.interval < model.timeline.first) return false
  if (key.interval >= store.orders.clearFrom) return store.orders.find(key) !== undefined
  const { orders } = await clearings.book(key.interval)
  return orders.request.some((request, row) => request === key.request && orders.index[row] === key.index)
}
