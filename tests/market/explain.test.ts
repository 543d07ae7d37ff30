/** Every statement of an explanation, held against the naive clearing and against plain searches through the book. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatScaled } from '../../src/base/decimal.ts'
import type { Network } from '../../src/grid/network.ts'
import { buySide } from '../../src/market/book.ts'
import { clearNaively, type NaiveClearing } from '../../src/market/clear-naive.ts'
import { clearRead, type ClearedBook } from '../../src/market/clear-read.ts'
import { explain } from '../../src/market/explain/explain.ts'
import {
  reasonCodes,
  restCodes,
  type BusExplanation,
  type Explanation,
  type OrderExplanation,
  type StepExplanation,
} from '../../src/market/explain/explanation.ts'
import { priceRuleNames, type PriceRuleName } from '../../src/market/pricing/index.ts'
import { caseOf, type Case } from './books.ts'

const wide = { floorTicks: -1000, capTicks: 1000 }
/** The limits of the random books lie between these, so that fees shift steps beyond them. */
const tight = { floorTicks: -3, capTicks: 12 }
const range = fc.constantFrom(wide, tight)
const k = fc.integer({ min: 0, max: 10_000 })

const busId = (bus: number) => `bus ${bus}`
const orderId = (row: number) => `order ${row}`
const rowOf = (id: string) => Number(id.slice(id.indexOf(' ')))

interface Told {
  readonly each: Case
  readonly cleared: ClearedBook
  readonly naive: NaiveClearing
  readonly told: Explanation
}

function tell(each: Case, rule: PriceRuleName, limits: typeof wide, kNumerator: number): Told {
  const { network, book } = each
  const rows = (count: number) => Array.from({ length: count }, (_, row) => row)
  const cleared = clearRead('a random book', {
    network,
    book,
    busIds: rows(network.busCount).map(busId),
    orderIds: rows(book.count).map(orderId),
    listedRows: rows(network.busCount),
    nettedWh: null,
    rule,
    range: { ...limits, kNumerator },
  })
  return { each, cleared, naive: clearNaively(network, book), told: explain(cleared) }
}

function hold(
  check: (told: Told) => void,
  seed: number,
  { orders = 14, buses = 8, numRuns = 300 } = {},
): void {
  fc.assert(
    fc.property(caseOf({ orders, buses }), range, k, (each, limits, kNumerator) =>
      check(tell(each, 'nodal-uniform', limits, kNumerator)),
    ),
    { numRuns, seed },
  )
}

/** What a bus and all below it can send up at a price, by the definition: least and most, without any steps. */
function netExport({ network, book }: Case, bus: number, price: number): [number, number] {
  let least = 0
  let most = 0
  for (let row = 0; row < book.count; row++) {
    if (book.bus[row] !== bus) continue
    const [limit, energyWh] = [book.limitTicks[row]!, book.quantityWh[row]!]
    if (book.side[row] === buySide) {
      if (limit >= price) least -= energyWh
      if (limit > price) most -= energyWh
    } else {
      if (limit < price) least += energyWh
      if (limit <= price) most += energyWh
    }
  }
  for (let child = bus + 1; child < network.busCount; child++) {
    if (network.parent[child] !== bus) continue
    const sent = netExport({ network, book }, child, price - network.feeUpTicks[child]!)
    const taken = netExport({ network, book }, child, price + network.feeDownTicks[child]!)
    const cut = (at: 0 | 1) =>
      Math.max(0, Math.min(sent[at], network.capacityUpWh[child]!)) +
      Math.min(0, Math.max(taken[at], -network.capacityDownWh[child]!))
    least += cut(0)
    most += cut(1)
  }
  return [least, most]
}

/** The same from the steps as they are told. */
function drawnAt({ steps, demandWh }: BusExplanation, price: number): [number, number] {
  const sum = (some: readonly StepExplanation[]) =>
    some.reduce((total, { energyWh }) => total + energyWh, -demandWh)
  return [
    sum(steps.filter((step) => step.priceTicks < price)),
    sum(steps.filter((step) => step.priceTicks <= price)),
  ]
}

/** Equal numbers, whichever the sign of 0. */
function same(some: readonly number[], others: readonly number[]): void {
  expect(some.map((each) => each + 0)).toEqual(others.map((each) => each + 0))
}

test('the curve told of a bus is its net export at every price, and at its price contains its flow', () => {
  hold(({ each, naive, told }) => {
    told.buses.forEach((bus, row) => {
      const prices = [-1e6, ...Array.from({ length: 37 }, (_, at) => at - 12), 1e6]
      same(
        prices.flatMap((price) => drawnAt(bus, price)),
        prices.flatMap((price) => netExport(each, row, price)),
      )
      same([-bus.demandWh, bus.supplyWh], [netExport(each, row, -1e6)[0], netExport(each, row, 1e6)[1]])
      for (const price of [bus.priceLowTicks, bus.priceTicks, bus.priceHighTicks]) {
        const [least, most] = netExport(each, row, price)
        expect(naive.flowUp[row]!).toBeGreaterThanOrEqual(least)
        expect(naive.flowUp[row]!).toBeLessThanOrEqual(most)
      }
      expect(bus.flowUpWh).toBe(naive.flowUp[row]! + 0)
    })
  }, 41)
})

test('steps follow each other by price, sells before buys, and their parts add up to orders and flows', () => {
  hold(({ each: { network, book }, naive, told }) => {
    told.buses.forEach(({ steps, demandWh, supplyWh, flowUpWh }, row) => {
      const keys = steps.map(({ priceTicks, side }) => 2 * priceTicks + (side === 'buy' ? 1 : 0))
      expect(keys).toEqual([...new Set(keys)].sort((a, b) => a - b))
      same([-demandWh, ...steps.map(({ toWh }) => toWh)], [...steps.map(({ fromWh }) => fromWh), supplyWh])
      const ownRows: number[] = []
      /** What of each arc's part is switched on, above what it takes at the lowest price. */
      const onOf = new Map<string, number>()
      let net = -demandWh
      for (const { side, priceTicks, energyWh, acceptedWh, claimants } of steps) {
        const on = (of: { energyWh: number; acceptedWh: number }) =>
          side === 'sell' ? of.acceptedWh : of.energyWh - of.acceptedWh
        net += on({ energyWh, acceptedWh })
        expect(claimants.reduce((sum, claimant) => sum + claimant.energyWh, 0)).toBe(energyWh)
        expect(claimants.reduce((sum, claimant) => sum + claimant.acceptedWh, 0)).toBe(acceptedWh)
        for (const claimant of claimants) {
          if ('order' in claimant) {
            const own = rowOf(claimant.order)
            ownRows.push(own)
            expect(claimant.acceptedWh).toBe(naive.accepted[own])
            expect([claimant.energyWh, priceTicks]).toEqual([book.quantityWh[own], book.limitTicks[own]])
          } else {
            const child = rowOf(claimant.arc)
            expect(network.parent[child]).toBe(row)
            expect([network.feeUpTicks[child]!, 0 - network.feeDownTicks[child]!]).toContain(
              claimant.shiftTicks,
            )
            onOf.set(claimant.arc, (onOf.get(claimant.arc) ?? 0) + on(claimant))
            for (const id of claimant.orders) expect(isBelow(network, book.bus[rowOf(id)]!, child)).toBe(true)
          }
        }
      }
      expect(net + 0).toBe(flowUpWh)
      expect(ownRows.sort((a, b) => a - b)).toEqual(
        naive.accepted.flatMap((_, order) => (book.bus[order] === row ? [order] : [])),
      )
      for (const [arc, onWh] of onOf) {
        const child = rowOf(arc)
        const takesWh = Math.min(told.buses[child]!.demandWh, network.capacityDownWh[child]!)
        expect(onWh).toBe(naive.flowUp[child]! + takesWh)
      }
    })
  }, 42)
})

function isBelow({ parent }: Network, bus: number, above: number): boolean {
  for (let at = bus; at >= 0; at = parent[at]!) if (at === above) return true
  return false
}

test('what is said to hold a price range holds it, in the naive clearing too', () => {
  hold(({ each: { network }, naive, told, cleared }) => {
    const { floorTicks, capTicks } = cleared.read.range
    told.buses.forEach((bus, row) => {
      for (const [end, by, ends] of [
        [bus.priceLowTicks, bus.lowBy, naive.low],
        [bus.priceHighTicks, bus.highBy, naive.high],
      ] as const) {
        expect(end).toBe(Math.min(capTicks, Math.max(floorTicks, ends[row]!)))
        if (by.by === 'floor') expect(ends[row]!).toBeLessThan(floorTicks)
        if (by.by === 'cap') expect(ends[row]!).toBeGreaterThan(capTicks)
        if (by.by === 'step') {
          expect(by.priceTicks).toBe(end)
          expect(bus.steps.map(({ priceTicks }) => priceTicks)).toContain(end)
        }
        if (by.by === 'parent') {
          expect(rowOf(by.bus)).toBe(network.parent[row])
          expect(by.priceTicks).toBe(ends[rowOf(by.bus)])
          expect([0 - network.feeUpTicks[row]!, network.feeDownTicks[row]]).toContain(by.feeTicks)
          expect(by.priceTicks + by.feeTicks).toBe(end)
        }
      }
    })
  }, 43)
})

test('arcs are told with their flow, what they cut, and a rent that stands on full ones only', () => {
  hold(({ each, naive, told, cleared }) => {
    const { network } = each
    told.buses.forEach(({ arc, demandWh, supplyWh }, row) => {
      if (row === 0) return expect(arc).toBeNull()
      const [up, down] = [network.capacityUpWh[row]!, network.capacityDownWh[row]!]
      expect([arc!.capacityUpWh ?? Infinity, arc!.capacityDownWh ?? Infinity]).toEqual([up, down])
      expect([arc!.fullUp, arc!.fullDown]).toEqual([naive.flowUp[row] === up, -naive.flowUp[row]! === down])
      expect([supplyWh - arc!.cutUpWh, demandWh - arc!.cutDownWh]).toEqual([
        Math.min(supplyWh, up),
        Math.min(demandWh, down),
      ])
      const gap = cleared.busTicks[network.parent[row]!]! - cleared.busTicks[row]!
      expect(arc!.rentUpTicks).toBe(Math.max(0, gap - arc!.feeUpTicks))
      expect(arc!.rentDownTicks).toBe(Math.max(0, -gap - arc!.feeDownTicks))
      if (arc!.rentUpTicks > 0) expect(arc!.fullUp).toBe(true)
      if (arc!.rentDownTicks > 0) expect(arc!.fullDown).toBe(true)
    })
  }, 44)
})

test('the parts of the proof add up to the welfare', () => {
  hold(({ told: { proof }, cleared }) => {
    const units = (cny: string) => BigInt(cny.replace('.', ''))
    expect(units(proof.ordersCny) + units(proof.arcsCny)).toBe(cleared.proof.dualBound)
    expect(proof.welfareCny).toBe(formatScaled(cleared.proof.welfare, 7))
  }, 45)
})

/** What a kWh of an order gains at a price. */
const gain = ({ side, limitTicks }: OrderExplanation, price: number) =>
  side === 'buy' ? limitTicks - price : price - limitTicks

test('the reason of an order says how its limit stands to the price, and who shares with it', () => {
  hold(({ each: { book }, naive, told }) => {
    told.orders.forEach((order, row) => {
      const { reason, acceptedWh, quantityWh, limitTicks } = order
      expect([acceptedWh, quantityWh, limitTicks]).toEqual([
        naive.accepted[row],
        book.quantityWh[row],
        book.limitTicks[row],
      ])
      expect(order.priceTicks).toBe(told.buses[book.bus[row]!]!.priceTicks)
      const gained = gain(order, order.priceTicks)
      expect(order.gainCny).toBe(formatScaled(Math.max(0, gained) * quantityWh, 7))
      const step = told.buses[book.bus[row]!]!.steps.find(
        ({ priceTicks, side }) => priceTicks === limitTicks && side === order.side,
      )!
      switch (reason.code) {
        case 'in-the-money':
          return expect([acceptedWh, gained, gained > 0]).toEqual([quantityWh, reason.gainTicks, true])
        case 'at-the-price':
          return expect([acceptedWh, gained]).toEqual([quantityWh, 0])
        case 'out-of-the-money':
          return expect([acceptedWh, -gained, gained < 0]).toEqual([0, reason.shortTicks, true])
        case 'marginal':
          expect([gained, step.claimants.length]).toEqual([0, 1])
          return expect(acceptedWh > 0 && acceptedWh < quantityWh).toBe(true)
        case 'not-needed':
          return expect([gained, acceptedWh, step.acceptedWh]).toEqual([0, 0, 0])
        case 'shared': {
          expect([gained, acceptedWh < quantityWh]).toEqual([0, true])
          expect([reason.stepWh, reason.stepAcceptedWh]).toEqual([step.energyWh, step.acceptedWh])
          const all = [{ order: order.order, energyWh: quantityWh, acceptedWh }, ...reason.others]
          expect(new Set(all)).toEqual(new Set(step.claimants))
          // Pro rata by largest remainder: within one Wh of the exact share.
          for (const { energyWh, acceptedWh: share } of all)
            expect(Math.abs(share - (energyWh * step.acceptedWh) / step.energyWh)).toBeLessThan(1)
          return undefined
        }
        default:
          return expect(reason.code).toBe('never under nodal-uniform with whole quantities')
      }
    })
  }, 46)
})

/** Arcs and fee from a seller's bus to a buyer's, by the buses above each. */
function wayOf({ parent, feeUpTicks, feeDownTicks }: Network, sellBus: number, buyBus: number) {
  const above = (bus: number): number[] => (bus < 0 ? [] : [bus, ...above(parent[bus]!)])
  const [up, down] = [above(sellBus), above(buyBus)]
  const climb = up.filter((bus) => !down.includes(bus))
  const descent = down.filter((bus) => !up.includes(bus))
  const arcs = [...climb.map((bus) => `${bus} up`), ...descent.toReversed().map((bus) => `${bus} down`)]
  const fee = [...climb.map((bus) => feeUpTicks[bus]!), ...descent.map((bus) => feeDownTicks[bus]!)]
  return { arcs, feeTicks: fee.reduce((sum, ticks) => sum + ticks, 0) }
}

/** Every way an order could trade, as the docs define it. */
function waysOf({ each: { network, book }, naive, cleared }: Told, row: number) {
  const sells = book.side[row] !== buySide
  const price = cleared.busTicks[book.bus[row]!]!
  const isOut = (sells ? book.limitTicks[row]! - price : price - book.limitTicks[row]!) > 0
  return naive.accepted.flatMap((acceptedWh, other) => {
    if (book.side[other] === book.side[row]) return []
    const isOpen = acceptedWh < book.quantityWh[other]!
    if (!isOut && !isOpen) return []
    const [limit, otherPrice] = [book.limitTicks[other]!, cleared.busTicks[book.bus[other]!]!]
    const worthTicks = sells ? Math.min(limit, otherPrice) : Math.max(limit, otherPrice)
    const ends = sells ? [book.bus[row]!, book.bus[other]!] : [book.bus[other]!, book.bus[row]!]
    const { arcs, feeTicks } = wayOf(network, ends[0]!, ends[1]!)
    const apart = sells ? worthTicks - book.limitTicks[row]! : book.limitTicks[row]! - worthTicks
    return [{ other, isOpen, worthTicks, feeTicks, arcs, gainTicks: apart - feeTicks, crosses: apart >= 0 }]
  })
}

test('what is said to stand between the rest of an order and a counterpart does, and no other would do better', () => {
  hold(
    (all) => {
      const { each, naive, told } = all
      const { network, book } = each
      told.orders.forEach(({ rest, acceptedWh, quantityWh, side }, row) => {
        if (acceptedWh === quantityWh) return expect(rest).toBeNull()
        const others = naive.accepted
          .map((_, other) => other)
          .filter((other) => book.side[other] !== book.side[row])
        const ways = waysOf(all, row)
        if (rest!.because === 'nobody') return expect(others).toEqual([])
        if (rest!.because === 'all-served') {
          expect(others.length).toBeGreaterThan(0)
          return expect(others.filter((other) => naive.accepted[other]! < book.quantityWh[other]!)).toEqual(
            [],
          )
        }
        const way = ways.find(({ other }) => orderId(other) === rest!.counterpart)!
        expect([rest!.worthTicks, rest!.pathFeeTicks]).toEqual([way.worthTicks, way.feeTicks])
        expect([rest!.counterpartBus, rest!.open]).toEqual([busId(book.bus[way.other]!), way.isOpen])
        const best = Math.max(...ways.map(({ gainTicks }) => gainTicks))
        const crossing = ways.filter(({ crosses }) => crosses).map(({ gainTicks }) => gainTicks)
        if (rest!.because === 'arc-full') {
          same([way.gainTicks, best], [rest!.gainTicks, rest!.gainTicks])
          expect(best).toBeGreaterThanOrEqual(0)
          const full = way.arcs.filter((arc) => {
            const bus = Number.parseInt(arc)
            const up = arc.endsWith('up')
            return (
              (up ? 1 : -1) * naive.flowUp[bus]! === (up ? network.capacityUpWh : network.capacityDownWh)[bus]
            )
          })
          expect(full.length).toBeGreaterThan(0)
          return expect(rest!.arcs.map(({ arc, direction }) => `${rowOf(arc)} ${direction}`)).toEqual(full)
        }
        expect([way.gainTicks, best < 0]).toEqual([-rest!.shortTicks, true])
        if (rest!.because === 'fee') {
          expect([way.crosses, way.gainTicks]).toEqual([true, Math.max(...crossing)])
          return expect(rest!.fees.reduce((sum, { feeTicks }) => sum + feeTicks, 0)).toBe(way.feeTicks)
        }
        expect([crossing, best, side]).toEqual([[], way.gainTicks, side])
      })
    },
    47,
    { orders: 20 },
  )
})

test('opening the arcs that are said to be full raises welfare, where an unserved counterpart would gain', () => {
  let opened = 0
  hold(
    (all) => {
      const { each, told, cleared } = all
      told.orders.forEach(({ rest }, row) => {
        if (rest?.because !== 'arc-full') return
        const way = waysOf(all, row).find(({ other }) => orderId(other) === rest.counterpart)!
        if (!way.isOpen || rest.gainTicks === 0) return
        const network = {
          ...each.network,
          capacityUpWh: each.network.capacityUpWh.slice(),
          capacityDownWh: each.network.capacityDownWh.slice(),
        }
        for (const { arc, direction } of rest.arcs)
          network[direction === 'up' ? 'capacityUpWh' : 'capacityDownWh'][rowOf(arc)]! += 1
        const wider = clearRead('wider', { ...cleared.read, network })
        expect(wider.proof.welfare - cleared.proof.welfare).toBeGreaterThanOrEqual(BigInt(rest.gainTicks))
        opened++
      })
    },
    48,
    { orders: 20 },
  )
  expect(opened).toBeGreaterThan(100)
})

test('an order left at its price with room on the way to someone with something left does not exist', () => {
  hold(
    (all) => {
      all.told.orders.forEach(({ acceptedWh, quantityWh, rest, priceTicks, limitTicks }, row) => {
        if (acceptedWh === quantityWh || priceTicks !== limitTicks) return
        const could = waysOf(all, row).some(({ gainTicks }) => gainTicks >= 0)
        expect(rest!.because === 'arc-full').toBe(could)
      })
    },
    49,
    { orders: 24 },
  )
})

test.each(priceRuleNames)('trades under %s are the pairs of the order, at the price of its side', (rule) => {
  const buses = rule === 'trade-reduction' ? 1 : 8
  fc.assert(
    fc.property(caseOf({ orders: 16, buses }), k, (each, kNumerator) => {
      const { told, cleared } = tell(each, rule, wide, kNumerator)
      const { pairs, sellerTicks, buyerTicks, clearing } = cleared.settled
      let listed = 0
      told.orders.forEach(({ trades, acceptedWh, side, bus, limitTicks }, row) => {
        listed += trades.length
        expect(acceptedWh).toBe(clearing.acceptedWh[row])
        expect(trades.reduce((sum, { quantityWh }) => sum + quantityWh, 0)).toBe(acceptedWh)
        for (const { counterpart, priceTicks, pathFeeTicks, quantityWh } of trades) {
          const other = rowOf(counterpart)
          const [sell, buy] = side === 'sell' ? [row, other] : [other, row]
          const pair = pairs.sell.findIndex(
            (each, at) => at < pairs.count && each === sell && pairs.buy[at] === buy,
          )
          expect(quantityWh).toBe(pairs.quantityWh[pair])
          expect(priceTicks).toBe((side === 'sell' ? sellerTicks : buyerTicks)[pair])
          expect(pathFeeTicks).toBe(wayOf(each.network, each.book.bus[sell]!, each.book.bus[buy]!).feeTicks)
          if (rule === 'nodal-uniform') expect(priceTicks).toBe(told.buses[rowOf(bus)]!.priceTicks)
          if (rule === 'pay-as-bid' && side === 'buy') expect(priceTicks).toBe(limitTicks)
        }
      })
      expect(listed).toBe(2 * pairs.count)
    }),
    { numRuns: 500, seed: 50 },
  )
})

test('under trade-reduction an order is kept, shares, is given up or stands behind, as its rank says', () => {
  fc.assert(
    fc.property(caseOf({ orders: 16, buses: 1 }), (each) => {
      const { told, cleared } = tell(each, 'trade-reduction', wide, 5000)
      const { reduction, clearing } = cleared.settled
      if (reduction!.buy < 0) {
        expect(told.orders.every(({ reason }) => reason.code in reasonCodes && !('marginal' in reason))).toBe(
          true,
        )
        return
      }
      for (const side of ['buy', 'sell'] as const) {
        const sign = side === 'buy' ? -1 : 1
        const ranked = told.orders
          .filter((order) => order.side === side)
          .toSorted((a, b) => sign * (a.limitTicks - b.limitTicks) || rowOf(a.order) - rowOf(b.order))
        const at = ranked.findIndex(({ order }) => rowOf(order) === reduction![side])
        const ahead = ranked.slice(0, at)
        const keptWh = ahead.reduce((sum, { quantityWh }) => sum + quantityWh, 0)
        const code = keptWh === clearing.volumeWh ? 'kept' : 'kept-shared'
        for (const { reason, acceptedWh, quantityWh } of ahead) {
          expect(reason).toMatchObject({ code, marginal: ranked[at]!.order })
          if (code === 'kept') expect(acceptedWh).toBe(quantityWh)
          else expect(reason).toMatchObject({ keptWh, volumeWh: clearing.volumeWh })
        }
        expect([ranked[at]!.reason.code, ranked[at]!.acceptedWh]).toEqual(['given-up', 0])
        for (const { reason, acceptedWh, limitTicks } of ranked.slice(at + 1)) {
          expect([reason.code, acceptedWh]).toEqual(['behind-the-marginal', 0])
          if (reason.code !== 'behind-the-marginal') continue
          expect(reason.shortTicks).toBe(0 + sign * (limitTicks - ranked[at]!.limitTicks))
        }
      }
      expect(told.orders.every(({ rest }) => rest === null)).toBe(true)
    }),
    { numRuns: 1000, seed: 51 },
  )
})

test('random books give every reason and every cause there is', () => {
  const reasons = new Set<string>()
  const causes = new Set<string>()
  const collect = ({ told }: Told) => {
    for (const { reason, rest } of told.orders) {
      reasons.add(reason.code)
      if (rest) causes.add(rest.because)
    }
  }
  hold(collect, 52, { numRuns: 500 })
  fc.assert(
    fc.property(caseOf({ buses: 1 }), (each) => collect(tell(each, 'trade-reduction', wide, 5000))),
    { numRuns: 500, seed: 53 },
  )
  expect([...reasons, 'netted', 'no-quantity'].sort()).toEqual(Object.keys(reasonCodes).sort())
  expect([...causes].sort()).toEqual(Object.keys(restCodes).sort())
})
