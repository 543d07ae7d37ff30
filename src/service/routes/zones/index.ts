/** The zone, its intervals and its clock. */
import { kwhText, priceText } from '../../../contract/decimals.ts'
import type { ClockAnswer, IntervalAnswer, ZoneAnswer } from '../../../contract/routes/zones.ts'
import type { IntervalRow } from '../../../store/port.ts'
import { tagged, type Handlers } from '../../answer.ts'
import type { LiveMarket } from '../../market/live-market.ts'
import { endMs, gateLeadMs, gateMs, instantText, intervalName, openDays } from '../../market/timeline.ts'
import { quarterAt, quarterStartMs } from '../../../base/quarter.ts'
import { useSegment } from '../../../simulation/wheeling-slots.ts'
import { pageOf, rangeOf } from '../paging.ts'
import type { ClearingCache } from '../clearings/cache.ts'
import { followZone, type StreamParts } from './stream.ts'
import { zoneNamed, intervalNamed } from '../lookups.ts'

export function zoneRoutes(
  market: LiveMarket,
  parts: StreamParts,
): Handlers<
  'listZones' | 'getZone' | 'listIntervals' | 'getInterval' | 'getTotals' | 'getClock' | 'followZone'
> {
  const { clearings } = parts
  return {
    listZones: () => ({ zones: [briefOf(market)] }),
    getZone: ({ params }) => {
      zoneNamed(market, params.zone)
      const { segment } = market.nextMoment()
      return tagged(zoneOf(market, segment), `zone-${segment}`)
    },
    listIntervals: async ({ params, query }) => {
      zoneNamed(market, params.zone)
      const { from, to } = rangeOf(market, query, { from: nextGateOf(market) })
      const page = pageOf(query, from)
      const rows = await market.store.intervals.list({ from: page.from, to, limit: page.limit })
      const intervals = await Promise.all(rows.map((row) => intervalOf(row, clearings)))
      return {
        intervals,
        next: page.nextAfter(
          rows.map(({ interval }) => interval),
          to,
        ),
      }
    },
    getInterval: async ({ params }) => {
      zoneNamed(market, params.zone)
      const interval = intervalNamed(market, params.interval)
      const [row] = await market.store.intervals.list({ from: interval, to: interval + 1 })
      return intervalOf(row!, clearings)
    },
    getTotals: ({ params }) => {
      zoneNamed(market, params.zone)
      const interval = intervalNamed(market, params.interval)
      const { live, buyWh, sellWh } = market.store.orders.totals(interval)
      return { interval: params.interval, orders: live, buy: kwhText(buyWh), sell: kwhText(sellWh) }
    },
    getClock: () => clockOf(market),
    followZone: (asking) => {
      zoneNamed(market, asking.params.zone)
      return followZone(market, parts, asking)
    },
  }
}

/** The interval whose gate closes next. One whose hour has come is as good as closed, though its record may be a moment behind. */
function nextGateOf({ clock, store }: LiveMarket): number {
  return Math.max(store.orders.openFrom, quarterAt(clock.now() + gateLeadMs) + 1)
}

export function clockOf(market: LiveMarket): ClockAnswer {
  const { clock, model } = market
  const next = nextGateOf(market)
  const nextGate = next < model.timeline.end ? intervalName(next) : null
  return { kind: clock.kind, speed: clock.speed, now: instantText(clock.now()), nextGate }
}

function briefOf({ model: { zone } }: LiveMarket) {
  const { scenario, title, calendar } = zone
  return { id: scenario, title, from: calendar.from, to: calendar.to }
}

function zoneOf(market: LiveMarket, segment: number): ZoneAnswer {
  const { zone, units, wheeling } = market.model
  const { rule, kNumerator, floorTicks, capTicks } = zone.market
  useSegment(wheeling, segment)
  const { network } = wheeling
  const capacity = (wh: number) => (wh === Infinity ? null : kwhText(wh))
  return {
    ...briefOf(market),
    market: {
      rule,
      k: priceText(kNumerator),
      priceFloor: priceText(floorTicks),
      priceCap: priceText(capTicks),
      gateLeadSeconds: gateLeadMs / 1000,
      openDays,
    },
    buses: zone.buses.map(({ id, name, level, parent }) => ({
      id,
      name,
      voltage: level,
      parent: parent < 0 ? null : zone.buses[parent]!.id,
    })),
    arcs: zone.buses.slice(1).map(({ id, parent }, at) => ({
      bus: id,
      parent: zone.buses[parent]!.id,
      capacityUp: capacity(network.capacityUpWh[at + 1]!),
      capacityDown: capacity(network.capacityDownWh[at + 1]!),
      feeUp: priceText(network.feeUpTicks[at + 1]!),
      feeDown: priceText(network.feeDownTicks[at + 1]!),
    })),
    participants: units.map(({ id, name, kind, bus }) => ({ id, name, kind, bus: zone.buses[bus]!.id })),
  }
}

async function intervalOf(
  { interval, state }: IntervalRow,
  clearings: ClearingCache,
): Promise<IntervalAnswer> {
  const isCleared = state === 'cleared' || state === 'settled'
  return {
    interval: intervalName(interval),
    start: instantText(quarterStartMs(interval)),
    end: instantText(endMs(interval)),
    gateCloses: instantText(gateMs(interval)),
    state,
    prices: isCleared ? (await clearings.published(interval)).prices : null,
  }
}
