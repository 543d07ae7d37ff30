/**
 * A year with the neighbourhood market, one quarter-hour after the other: orders, clearing and its proof, pairs,
 * prices, meters, ledger. State passes from one interval to the next only through batteries and running sums.
 */
import { intervalsPerDay, rateE8PerTick } from '../base/units.ts'
import { BrokenProof } from '../market/broken-proof.ts'
import { ClearingEngine, type Clearing } from '../market/clear.ts'
import { Pairing, type Pairs } from '../market/pairs.ts'
import { busPrices } from '../market/prices.ts'
import { priceRules } from '../market/pricing/index.ts'
import { chargedShortfallWh, supportedWh } from '../settlement/deviation.ts'
import { postAdders, postPayment, postTrade, type SettledPair } from '../settlement/postings.ts'
import {
  addToLevels,
  appendSteps,
  makeDaySteps,
  makePriceLevels,
  type DaySteps,
} from '../strategy/day-steps.ts'
import { sellLimitTicks } from '../strategy/limits.ts'
import { StoragePlanner } from '../strategy/storage-plan.ts'
import { bands } from '../tariff/book.ts'
import { agencyEnergyE8 } from '../tariff/prices.ts'
import { eachSlot, monthOf } from './rates.ts'
import { closeMonth, type MonthSheet } from './month.ts'
import {
  clearRows,
  enterpriseRow,
  makeOrderRows,
  openRow,
  sellerRow,
  sequenceOf,
  storageRow,
  type OrderRows,
} from './order-rows.ts'
import {
  addTo,
  countExchange,
  feedIn,
  openRun,
  payBehindMeter,
  settleContracts,
  sources,
  takeOnContract,
  type RunState,
} from './run-state.ts'
import { StorageDesk } from './storage-desk.ts'
import { sourceOf, Tallies } from './tallies.ts'
import { TradeRecorder } from './trade-recorder.ts'
import type { Variant } from './variant.ts'
import { makeWheeling, useSegment, type WheelingSlots } from './wheeling-slots.ts'
import type { Seller, World } from './world.ts'

const truthful = { kind: 'truthful' } as const

export class MarketRun {
  readonly state: RunState
  readonly sheets: MonthSheet[] = []
  readonly tallies: Tallies | null
  readonly recorder: TradeRecorder | null
  readonly wheeling: WheelingSlots
  pairs = 0
  intervalsWithTrade = 0
  readonly #world: World
  readonly #variant: Variant
  readonly #rows: OrderRows
  readonly #engine: ClearingEngine
  readonly #pairing: Pairing
  readonly #busTicks: Float64Array
  readonly #sellerTicks: Float64Array
  readonly #buyerTicks: Float64Array
  readonly #settledPairWh: Float64Array
  readonly #settledRowWh: Float64Array
  readonly #desks: readonly StorageDesk[]
  readonly #planner: StoragePlanner | null
  readonly #agencyBySlot: Float64Array
  readonly #levels = makePriceLevels(4096)
  #today: DaySteps
  #yesterday: DaySteps

  constructor(world: World, sellers: readonly Seller[], variant: Variant) {
    const { zone, chart } = world
    const capacity = zone.enterprises.length + sellers.length + zone.storages.length
    this.#world = world
    this.#variant = variant
    this.state = openRun(world, sellers)
    this.wheeling = makeWheeling(world, variant.regime)
    this.#rows = makeOrderRows(capacity)
    this.#engine = new ClearingEngine(this.wheeling.network)
    this.#pairing = new Pairing(this.wheeling.network)
    this.#agencyBySlot = agencyEnergyBySlot(world)
    this.#busTicks = new Float64Array(zone.buses.length)
    this.#sellerTicks = new Float64Array(capacity)
    this.#buyerTicks = new Float64Array(capacity)
    this.#settledPairWh = new Float64Array(capacity)
    this.#settledRowWh = new Float64Array(capacity)
    const powerKw = zone.storages.reduce((sum, unit) => sum + unit.spec.powerKw, 0)
    this.#desks = variant.storage
      ? zone.storages.map(
          (unit, index) => new StorageDesk(unit, chart.storage + index, unit.spec.powerKw / powerKw),
        )
      : []
    const stepCapacity = intervalsPerDay * 2 * capacity
    this.#planner = this.#desks.length > 0 ? new StoragePlanner(intervalsPerDay, stepCapacity) : null
    this.#today = makeDaySteps(this.#planner ? stepCapacity : 0)
    this.#yesterday = makeDaySteps(this.#planner ? stepCapacity : 0)
    this.tallies = variant.tallies ? new Tallies(this.state, zone.buses.length, capacity) : null
    this.recorder = variant.tradeList ? new TradeRecorder() : null
  }

  /** Runs one month and closes it; months follow each other. */
  runMonth(month: number): void {
    const { firstInterval, endInterval } = this.#world.zone.calendar.months[month]!
    for (let interval = firstInterval; interval < endInterval; interval++) {
      if (interval % intervalsPerDay === 0) this.#startDay(interval)
      this.#step(interval, month)
    }
    this.sheets.push(closeMonth(this.state, month, 'market'))
  }

  get #segment(): number {
    return this.#segmentNow
  }
  #segmentNow = -1

  #startDay(interval: number): void {
    const segment = Math.floor(this.#world.slots.slotOf[interval]! / 5)
    if (segment !== this.#segmentNow) {
      this.#segmentNow = segment
      useSegment(this.wheeling, segment)
    }
    if (!this.#planner) return
    const yesterday = this.#today
    this.#today = this.#yesterday
    this.#yesterday = yesterday
    this.#today.count = 0
    if (yesterday.count === 0) return
    this.#desks.forEach((desk, index) => desk.planDay(this.#planner!, yesterday, this.#deskFeeTicks(index)))
  }

  #deskFeeTicks(desk: number): number {
    const segments = this.#world.slots.segments.length
    const withdrawal = this.wheeling.storageWithdrawalTicks[desk * segments + this.#segment]!
    const exempt = this.#world.zone.wheeling.storageExempt
    return this.#desks[desk]!.feeTicks(exempt, withdrawal, this.wheeling.adders[this.#segment]!)
  }

  #step(interval: number, month: number): void {
    this.#collectOrders(interval)
    this.tallies?.countOrders(this.state, this.#rows, interval)
    this.#settledRowWh.fill(0, 0, this.#rows.book.count)
    // Without an offer there is nothing to clear and nothing to prove.
    if (this.#rows.sells > 0) this.#auction(interval, month)
    this.#settleRest(interval, month)
    this.state.ledger.closeInterval()
  }

  #collectOrders(interval: number): void {
    const rows = this.#rows
    clearRows(rows)
    this.#collectBuyers(interval)
    this.#collectSellers(interval)
    if (!this.#planner) return
    const levels = this.#levels
    levels.count = 0
    const { book } = rows
    for (let row = 0; row < book.count; row++) {
      addToLevels(levels, book.side[row] === 1, book.limitTicks[row]!, book.quantityWh[row]!)
    }
    appendSteps(this.#today, interval % intervalsPerDay, levels)
    this.#collectStorage(interval)
  }

  #collectBuyers(interval: number): void {
    const { buyers, slots } = this.#world
    const { limitTicks, valueE8 } = this.wheeling
    const rows = this.#rows
    const { book } = rows
    const slot = slots.slotOf[interval]!
    const participants = this.#participants
    for (let who = 0; who < buyers.length; who++) {
      const buyer = buyers[who]!
      const quantityWh = buyer.orderWh[interval]!
      if (quantityWh === 0) continue
      const row = openRow(rows, enterpriseRow, who, 0)
      book.bus[row] = buyer.bus
      book.limitTicks[row] = limitTicks[who * slots.slots + slot]!
      book.quantityWh[row] = quantityWh
      book.sequence[row] = sequenceOf(who, interval, participants)
      rows.valueE8[row] = valueE8[who * slots.slots + slot]!
    }
  }

  #collectSellers(interval: number): void {
    const { sellers } = this.state
    const { floorTicks, capTicks } = this.#world.zone.market
    const rows = this.#rows
    const { book } = rows
    for (let who = 0; who < sellers.length; who++) {
      const seller = sellers[who]!
      if (seller.kind === 'cogeneration' && !this.#variant.cogeneration) continue
      const quantityWh = seller.orderWh[interval]!
      if (quantityWh === 0) continue
      const valueE8 = seller.leftoverOutsideE8[interval]!
      const limitTicks = Math.max(floorTicks, sellLimitTicks(valueE8 / rateE8PerTick, truthful))
      if (limitTicks > capTicks) continue
      const row = openRow(rows, sellerRow, who, 1)
      book.bus[row] = seller.bus
      book.limitTicks[row] = limitTicks
      book.quantityWh[row] = quantityWh
      book.sequence[row] = sequenceOf(this.#world.buyers.length + who, interval, this.#participants)
      rows.valueE8[row] = valueE8
    }
  }

  #collectStorage(interval: number): void {
    const { floorTicks, capTicks } = this.#world.zone.market
    const { book } = this.#rows
    const first = this.#world.buyers.length + this.state.sellers.length
    this.#desks.forEach((desk, who) => {
      const bid = desk.bid(interval % intervalsPerDay, this.#deskFeeTicks(who))
      // A battery stays out where its limit lies outside the market's prices; clamped it would sell below its value.
      const isOutside = bid && (bid.side === 1 ? bid.limitTicks > capTicks : bid.limitTicks < floorTicks)
      if (!bid || isOutside) return
      const row = openRow(this.#rows, storageRow, who, bid.side)
      book.bus[row] = desk.unit.bus
      book.limitTicks[row] = Math.min(capTicks, bid.limitTicks)
      book.quantityWh[row] = bid.quantityWh
      book.sequence[row] = sequenceOf(first + who, interval, this.#participants)
      this.#rows.valueE8[row] = 0
    })
  }

  get #participants(): number {
    return this.#world.buyers.length + this.state.sellers.length + this.#desks.length
  }

  #auction(interval: number, month: number): void {
    const { book } = this.#rows
    const { network } = this.wheeling
    const { rule, kNumerator, floorTicks, capTicks } = this.#world.zone.market
    const clearing = this.#engine.clear(book)
    busPrices(network, clearing, { floorTicks, capTicks, kNumerator }, this.#busTicks)
    this.#prove(interval)
    const pairs = this.#pairing.pair(book, clearing)
    const out = { sellerTicks: this.#sellerTicks, buyerTicks: this.#buyerTicks }
    priceRules[rule]({ network, book, pairs, busPriceTicks: this.#busTicks, kNumerator }, out)
    for (let pair = 0; pair < pairs.count; pair++) this.#settlePair(clearing, pairs, pair, interval, month)
    this.pairs += pairs.count
    if (clearing.volumeWh > 0) this.intervalsWithTrade++
    this.tallies?.countTrades({
      run: this.state,
      network,
      rows: this.#rows,
      pairs,
      clearing,
      interval,
      settledWh: this.#settledPairWh,
    })
    if (this.tallies) this.#noteGrid(clearing, interval)
  }

  /** Welfare equal to the dual bound proves the clearing optimal; anything else is our own mistake. */
  #prove(interval: number): void {
    if (this.#engine.isProved(this.#busTicks)) return
    const { market, buses } = this.#world.zone
    const unproved = {
      network: this.wheeling.network,
      book: this.#rows.book,
      range: market,
      rule: market.rule,
      busIds: buses.map(({ id }) => id),
    }
    throw new BrokenProof(`interval ${interval}`, unproved, this.#engine.certificate(this.#busTicks))
  }

  #settlePair(clearing: Clearing, pairs: Pairs, pair: number, interval: number, month: number): void {
    const sell = pairs.sell[pair]!
    const buy = pairs.buy[pair]!
    const cleared = pairs.quantityWh[pair]!
    const bySeller = supportedWh(
      cleared,
      clearing.acceptedWh[sell]!,
      this.#meteredWh(sell, interval, clearing),
    )
    const byBuyer = supportedWh(cleared, clearing.acceptedWh[buy]!, this.#meteredWh(buy, interval, clearing))
    const energyWh = Math.min(bySeller, byBuyer)
    this.#settledPairWh[pair] = energyWh
    addTo(this.#settledRowWh, sell, energyWh)
    addTo(this.#settledRowWh, buy, energyWh)
    const withdrawalTicks = this.#withdrawalTicks(buy)
    const settled = {
      energyWh,
      sellerTicks: this.#sellerTicks[pair]!,
      buyerTicks: this.#buyerTicks[pair]!,
      pathFeeTicks: pairs.pathFeeTicks[pair]!,
      withdrawalTicks,
    }
    const sides = { seller: this.#accountOf(sell), buyer: this.#accountOf(buy) }
    postTrade(this.state.ledger, this.#world.chart, sides, settled, this.#addersOf(buy))
    this.#noteSale(sell, settled.sellerTicks, energyWh, month)
    this.#notePurchase({ sell, buy, interval, month }, settled)
    this.tallies?.countWithdrawal(energyWh * withdrawalTicks)
    this.recorder?.add(interval, sides, settled)
    if (this.tallies) this.#noteTrade(interval, settled)
    this.#chargeDeviation(clearing, { pair, sell, buy, cleared }, interval, month)
  }

  /** A battery does what it sold or bought; everyone else's meter shows the actual year. */
  #meteredWh(row: number, interval: number, clearing: Clearing): number {
    const who = this.#rows.who[row]!
    if (this.#rows.kind[row] === enterpriseRow) return this.#world.buyers[who]!.meteredWh[interval]!
    if (this.#rows.kind[row] === sellerRow) return this.state.sellers[who]!.meteredWh[interval]!
    return clearing.acceptedWh[row]!
  }

  #accountOf(row: number): number {
    const who = this.#rows.who[row]!
    if (this.#rows.kind[row] === enterpriseRow) return this.#world.buyers[who]!.account
    if (this.#rows.kind[row] === sellerRow) return this.state.sellers[who]!.account
    return this.#desks[who]!.account
  }

  #withdrawalTicks(buy: number): number {
    if (this.#rows.kind[buy] === storageRow) return 0
    return this.wheeling.withdrawalTicks[
      this.#rows.who[buy]! * this.#world.slots.segments.length + this.#segment
    ]!
  }

  /** A battery bears the fees of a consumer apart, on what it loses. */
  #addersOf(buy: number) {
    return this.#rows.kind[buy] === storageRow ? noAdders : this.wheeling.adders[this.#segment]!
  }

  #noteSale(sell: number, sellerTicks: number, energyWh: number, month: number): void {
    const who = this.#rows.who[sell]!
    const row = who * this.state.months + month
    if (this.#rows.kind[sell] === storageRow) {
      addTo(this.state.storage.soldTickWh, row, energyWh * sellerTicks)
      return
    }
    addTo(this.state.soldWh, row, energyWh)
    addTo(this.state.soldTickWh, row, energyWh * sellerTicks)
  }

  #notePurchase(at: { sell: number; buy: number; interval: number; month: number }, pair: SettledPair): void {
    const { state } = this
    const { slots } = this.#world
    const who = this.#rows.who[at.buy]!
    const { energyWh } = pair
    const row = who * state.months + at.month
    const rentTicks = pair.buyerTicks - pair.sellerTicks - pair.pathFeeTicks
    if (this.#rows.kind[at.buy] === storageRow) {
      addTo(state.storage.boughtTickWh, row, energyWh * pair.sellerTicks)
      addTo(state.storage.pathTickWh, row, energyWh * pair.pathFeeTicks)
      addTo(state.storage.rentTickWh, row, energyWh * rentTicks)
      return
    }
    addTo(state.tradedWh, who * slots.slots + slots.slotOf[at.interval]!, energyWh)
    const source = sources.indexOf(sourceOf(state, this.#rows, at.sell))
    addTo(state.tradedBySourceWh, row * sources.length + source, energyWh)
    if (this.#rows.kind[at.sell] === sellerRow) {
      addTo(state.soldToUsersWh, this.#rows.who[at.sell]! * state.months + at.month, energyWh)
    }
    addTo(state.tradePaidTickWh, row, energyWh * pair.sellerTicks)
    addTo(state.wheelingTickWh, row, energyWh * (pair.pathFeeTicks + pair.withdrawalTicks))
    addTo(state.rentTickWh, row, energyWh * rentTicks)
  }

  /** The short side of a pair pays the pool for its part of the shortfall beyond the free band. */
  #chargeDeviation(
    clearing: Clearing,
    at: { pair: number; sell: number; buy: number; cleared: number },
    interval: number,
    month: number,
  ): void {
    if (this.#settledPairWh[at.pair] === at.cleared) return
    const { freeShare, coefficient } = this.#world.zone.deviation
    const { ledger } = this.state
    const { chart } = this.#world
    for (const row of [at.sell, at.buy]) {
      const accepted = clearing.acceptedWh[row]!
      const charged = chargedShortfallWh(accepted, this.#meteredWh(row, interval, clearing), freeShare)
      if (charged === 0) continue
      const shareWh = Math.floor((charged * at.cleared) / accepted)
      const priceE8 = row === at.sell ? this.#agencyE8(interval) : this.#sellerOutsideE8(at.sell, interval)
      const amountE11 = shareWh * Math.round(coefficient * priceE8)
      postPayment(ledger, this.#accountOf(row), chart.deviationPool, amountE11)
      addTo(this.#deviationColumn(row), this.#rows.who[row]! * this.state.months + month, amountE11)
    }
  }

  #deviationColumn(row: number): Float64Array {
    const kind = this.#rows.kind[row]
    if (kind === storageRow) return this.state.storage.deviationE11
    return kind === sellerRow ? this.state.sellerDeviationE11 : this.state.buyerDeviationE11
  }

  /** Agency energy price with its time-of-use multiplier, m·P, in the band of the interval. */
  #agencyE8(interval: number): number {
    return this.#agencyBySlot[this.#world.slots.slotOf[interval]!]!
  }

  #sellerOutsideE8(sell: number, interval: number): number {
    if (this.#rows.kind[sell] === storageRow) return this.#agencyE8(interval)
    return this.state.sellers[this.#rows.who[sell]!]!.outsideE8[interval]!
  }

  /** What was not traded runs on the ordinary contract or is fed in; then the batteries move and the meters are read. */
  #settleRest(interval: number, month: number): void {
    const { buyers } = this.#world
    const { sellers } = this.state
    const rows = this.#rows
    let netImportWh = 0
    let row = 0
    for (let who = 0; who < buyers.length; who++) {
      const meteredWh = buyers[who]!.meteredWh[interval]!
      const tradedWh = buyers[who]!.orderWh[interval] === 0 ? 0 : this.#settledRowWh[row++]!
      if (meteredWh > tradedWh) takeOnContract(this.state, who, interval, meteredWh - tradedWh)
      netImportWh += meteredWh
    }
    for (let who = 0; who < sellers.length; who++) {
      const seller = sellers[who]!
      const meteredWh = seller.meteredWh[interval]!
      const ordered = row < rows.book.count && rows.kind[row] === sellerRow && rows.who[row] === who
      const tradedWh = ordered ? this.#settledRowWh[row++]! : 0
      if (meteredWh > tradedWh) {
        feedIn(this.state, { seller: who, month, interval }, meteredWh - tradedWh, {
          outsideE8: seller.leftoverOutsideE8[interval]!,
          referenceE8: seller.leftoverReferenceE8[interval]!,
        })
      }
      netImportWh -= meteredWh
    }
    for (; row < rows.book.count; row++) netImportWh += this.#settleStorage(row, month)
    settleContracts(this.state, interval)
    payBehindMeter(this.state, interval, month)
    countExchange(this.state, netImportWh)
    if (this.tallies) this.#noteMeters(interval, netImportWh)
  }

  /** Moves a battery and posts its fees and wear; returns its net consumption. */
  #settleStorage(row: number, month: number): number {
    const who = this.#rows.who[row]!
    const desk = this.#desks[who]!
    const energyWh = this.#settledRowWh[row]!
    const books = this.state.storage
    const at = who * this.state.months + month
    if (this.#rows.book.side[row] === 0) {
      addTo(books.boughtWh, at, energyWh)
      addTo(books.lostWh, at, desk.settle(energyWh, 0))
      this.#postStorageFees(who, month, energyWh)
      return energyWh
    }
    const storedBefore = desk.storedWh
    addTo(books.soldWh, at, energyWh)
    addTo(books.lostWh, at, desk.settle(0, energyWh))
    const takenWh = storedBefore - desk.storedWh
    addTo(books.dischargedWh, at, takenWh)
    const wearE11 = takenWh * desk.unit.wearTicks * rateE8PerTick
    postPayment(this.state.ledger, desk.account, this.#world.chart.wear, wearE11)
    return -energyWh
  }

  #postStorageFees(who: number, month: number, boughtWh: number): void {
    const desk = this.#desks[who]!
    const { chart, zone, slots } = this.#world
    const bearingWh = desk.feeBearingWh(boughtWh, zone.wheeling.storageExempt)
    if (bearingWh === 0) return
    const adders = this.wheeling.adders[this.#segment]!
    const at = who * slots.segments.length + this.#segment
    const withdrawalTicks = this.wheeling.storageWithdrawalTicks[at]!
    const wheelingE8 = withdrawalTicks * rateE8PerTick
    const feesE11 = bearingWh * (wheelingE8 + adders.lineLossE8 + adders.systemE8 + adders.fundsE8)
    this.state.ledger.post(desk.account, -feesE11)
    this.state.ledger.post(chart.tAndD, bearingWh * wheelingE8)
    postAdders(this.state.ledger, chart, bearingWh, adders)
    addTo(this.state.storage.feeBearingWh, at, bearingWh)
    addTo(this.state.storage.withdrawalTickWh, who * this.state.months + month, bearingWh * withdrawalTicks)
  }

  #noteTrade(interval: number, pair: SettledPair): void {
    const { columns } = this.tallies!
    addTo(columns.tradedWh, interval, pair.energyWh)
    addTo(columns.tradedValueTickWh, interval, pair.energyWh * pair.sellerTicks)
    addTo(columns.wheelingTickWh, interval, pair.energyWh * (pair.pathFeeTicks + pair.withdrawalTicks))
  }

  #noteGrid(clearing: Clearing, interval: number): void {
    const { columns } = this.tallies!
    const { network } = this.wheeling
    columns.rootPriceTicks[interval] = this.#busTicks[0]!
    let full = 0
    for (let bus = 1; bus < network.busCount; bus++) {
      const flow = clearing.flowUpWh[bus]!
      if (flow > 0 && flow === network.capacityUpWh[bus]) full++
      if (flow < 0 && -flow === network.capacityDownWh[bus]) full++
    }
    columns.fullArcs[interval] = full
  }

  #noteMeters(interval: number, netImportWh: number): void {
    const { columns } = this.tallies!
    const { series, meter, slots } = this.#world
    for (const column of series.loadWh) addTo(columns.loadWh, interval, column[interval]!)
    for (const column of meter.selfUseWh) addTo(columns.selfUseWh, interval, column[interval]!)
    for (const column of meter.selfUseWh) addTo(columns.pvWh, interval, column[interval]!)
    for (const column of meter.surplusWh) addTo(columns.pvWh, interval, column[interval]!)
    for (const column of series.cogenerationWh) addTo(columns.cogenerationWh, interval, column[interval]!)
    for (const desk of this.#desks) addTo(columns.storedWh, interval, desk.storedWh)
    for (let row = 0; row < this.#rows.book.count; row++) {
      if (this.#rows.kind[row] !== storageRow) continue
      const column = this.#rows.book.side[row] === 0 ? columns.chargeWh : columns.dischargeWh
      addTo(column, interval, this.#settledRowWh[row]!)
    }
    columns.importWh[interval] = Math.max(0, netImportWh)
    columns.exportWh[interval] = Math.max(0, -netImportWh)
    columns.band[interval] = slots.bandOf[interval]!
  }
}

function agencyEnergyBySlot({ zone, slots }: World): Float64Array {
  const column = new Float64Array(slots.slots)
  eachSlot(slots, (slot, segment, band) => {
    column[slot] = agencyEnergyE8(segment.rates, bands[band]!, monthOf(zone.calendar, segment))
  })
  return column
}

const noAdders = { lineLossE8: 0, systemE8: 0, fundsE8: 0 }
