/**
 * Days of a market year as a planner finds them afterwards: the books without batteries, what the batteries held at both
 * ends of the day, and the joint saving that the market reached.
 *
 *     saving = Σ_buyers limit·x − Σ_sellers limit·y − Σ path fees − Σ_batteries (wear·taken out + fees·bought)
 */
import { intervalsPerDay } from '../../../src/base/units.ts'
import {
  stepStorage,
  initialStoredWh,
  storedForDischarge,
  type StorageSpec,
} from '../../../src/assets/storage.ts'
import type { Network } from '../../../src/grid/network.ts'
import type { Book } from '../../../src/market/book.ts'
import type { Zone } from '../../../src/scenario/zone.ts'
import { MarketRun } from '../../../src/simulation/market-run.ts'
import type { Moment } from '../../../src/simulation/moment.ts'
import type { OrderSource } from '../../../src/simulation/order-intake.ts'
import type { OrderRows } from '../../../src/simulation/order-rows.ts'
import type { TradeList } from '../../../src/simulation/result.ts'
import { StorageDesk } from '../../../src/simulation/storage-desk.ts'
import type { WheelingSlots } from '../../../src/simulation/wheeling-slots.ts'
import { buildWorld, makeSellers, type World } from '../../../src/simulation/world.ts'

export interface PlannedBattery {
  readonly bus: number
  readonly spec: StorageSpec
  /** per stored kWh taken out, and per bought kWh [ticks] */
  readonly wearTicks: number
  readonly feeTicks: number
  /** at both ends of the day [Wh] */
  readonly startWh: number
  readonly endWh: number
}

export interface MarketDay {
  readonly date: string
  readonly network: Network
  /** one a quarter-hour, batteries left out */
  readonly books: readonly Book[]
  readonly batteries: readonly PlannedBattery[]
  /** what the market reached [tick·Wh] */
  readonly saving: number
}

/** Keeps the books of some days as batteries find them: everybody else's orders. */
class BookKeeper implements OrderSource {
  readonly rowsMax = 0
  readonly books = new Map<number, Book>()
  readonly #days: ReadonlySet<number>

  constructor(days: ReadonlySet<number>) {
    this.#days = days
  }

  place({ book }: OrderRows, { interval }: Moment): void {
    if (!this.#days.has(Math.floor(interval / intervalsPerDay))) return
    const { count } = book
    this.books.set(interval, {
      count,
      bus: book.bus.slice(0, count),
      side: book.side.slice(0, count),
      limitTicks: book.limitTicks.slice(0, count),
      quantityWh: book.quantityWh.slice(0, count),
      sequence: book.sequence.slice(0, count),
    })
  }
}

/**
 * Runs a zone's year and keeps some of its days. Forecasts must be perfect, so that what is accepted is what is settled.
 *
 * @param days numbers of days from the start of the run
 */
export function marketDays(zone: Zone, days: readonly number[]): MarketDay[] {
  const built = buildWorld(zone, () => undefined)
  if (!built.ok) throw new Error(JSON.stringify(built.faults))
  const world = built.value
  const keeper = new BookKeeper(new Set(days))
  const variant = {
    regime: zone.wheeling.regime,
    storage: true,
    cogeneration: true,
    cogenerationOutsideE8: null,
    tallies: false,
    tradeList: true,
  }
  const run = new MarketRun(world, makeSellers(world, null), variant, [keeper])
  zone.calendar.months.forEach((_, month) => run.runMonth(month))
  const trades = run.recorder!.list()
  const tracks = zone.storages.map((_, unit) => track(world, trades, unit))
  return days.map((day) => dayOf(world, run.wheeling, { keeper, trades, tracks }, day))
}

/** What a battery held before every interval, and what it bought and took out of itself in it. [Wh] */
interface Track {
  readonly storedWh: Float64Array
  readonly boughtWh: Float64Array
  readonly takenWh: Float64Array
}

function track({ zone, chart }: World, trades: TradeList, unit: number): Track {
  const { intervals } = zone.calendar
  const account = chart.storage + unit
  const boughtWh = new Float64Array(intervals)
  const soldWh = new Float64Array(intervals)
  for (let row = 0; row < trades.count; row++) {
    const at = trades.interval[row]!
    if (trades.buyer[row] === account) boughtWh[at] = boughtWh[at]! + trades.energyWh[row]!
    if (trades.seller[row] === account) soldWh[at] = soldWh[at]! + trades.energyWh[row]!
  }
  const { spec } = zone.storages[unit]!
  const storedWh = new Float64Array(intervals + 1)
  storedWh[0] = initialStoredWh(spec)
  for (let at = 0; at < intervals; at++) {
    storedWh[at + 1] = stepStorage(spec, storedWh[at]!, boughtWh[at]!, soldWh[at]!).storedWh
  }
  return { storedWh, boughtWh, takenWh: soldWh.map((energyWh) => storedForDischarge(spec, energyWh)) }
}

function dayOf(
  world: World,
  wheeling: WheelingSlots,
  kept: { keeper: BookKeeper; trades: TradeList; tracks: readonly Track[] },
  day: number,
): MarketDay {
  const { zone, slots, chart } = world
  const first = day * intervalsPerDay
  const segment = Math.floor(slots.slotOf[first]! / 5)
  const filling = wheeling.fillings[segment]!
  const network = { ...wheeling.network, feeUpTicks: filling.feeUpTicks, feeDownTicks: filling.feeDownTicks }
  const batteries = zone.storages.map((unit, index): PlannedBattery => {
    const withdrawal = wheeling.storageWithdrawalTicks[index * slots.segments.length + segment]!
    const desk = new StorageDesk(unit, chart.storage + index, 1)
    return {
      bus: unit.bus,
      spec: unit.spec,
      wearTicks: unit.wearTicks,
      feeTicks: desk.feeTicks(zone.wheeling.storageExempt, withdrawal, wheeling.adders[segment]!),
      startWh: kept.tracks[index]!.storedWh[first]!,
      endWh: kept.tracks[index]!.storedWh[first + intervalsPerDay]!,
    }
  })
  const books = Array.from({ length: intervalsPerDay }, (_, quarter) =>
    kept.keeper.books.get(first + quarter)!,
  )
  const ofTrades = savingOfTrades(world, wheeling, kept.trades, first)
  const ofBatteries = batteries.map(({ wearTicks, feeTicks }, index) => {
    const { boughtWh, takenWh } = kept.tracks[index]!
    const sum = (column: Float64Array) =>
      column.subarray(first, first + intervalsPerDay).reduce((all, energyWh) => all + energyWh, 0)
    return wearTicks * sum(takenWh) + feeTicks * sum(boughtWh)
  })
  const saving = ofTrades - ofBatteries.reduce((sum, cost) => sum + cost, 0)
  return { date: zone.calendar.days[day]!.date, network, books, batteries, saving }
}

/** Buyers' limits less sellers' limits less fees on the arcs; a battery's own limit is nobody's saving. */
function savingOfTrades(world: World, wheeling: WheelingSlots, trades: TradeList, first: number): number {
  const { chart, slots, zone } = world
  const sellers = new Map(makeSellers(world, null).map((seller) => [seller.account, seller] as const))
  let saving = 0
  for (let row = 0; row < trades.count; row++) {
    const interval = trades.interval[row]!
    if (interval < first || interval >= first + intervalsPerDay) continue
    const buyer = trades.buyer[row]! - chart.enterprise
    const slot = slots.slotOf[interval]!
    const isEnterprise = buyer < zone.enterprises.length
    const at = Math.floor(slot / 5) * world.buyers.length + buyer
    const withdrawal = isEnterprise ? wheeling.withdrawalTicks[at]! : 0
    const worth = isEnterprise ? wheeling.limitTicks[slot * world.buyers.length + buyer]! : 0
    const seller = sellers.get(trades.seller[row]!)
    const cost = seller ? sellerTicks(zone, seller.leftoverOutsideE8[interval]!) : 0
    saving += trades.energyWh[row]! * (worth - cost - (trades.wheelingTicks[row]! - withdrawal))
  }
  return saving
}

/** A truthful seller's limit: its outside price in whole ticks, rounded up. */
function sellerTicks({ market }: Zone, outsideE8: number): number {
  return Math.max(market.floorTicks, Math.ceil(outsideE8 / 10_000))
}
