/** The rolling book against its naive twin, and what it owes its members whatever the stream. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { apply, rollingStream, type Operations } from '../../../bench/rolling.ts'
import { ArcRoom } from '../../../src/market/sessions/arc-room.ts'
import { BilateralContracts } from '../../../src/market/sessions/bilateral.ts'
import { RollingBook, type RollingOutcome } from '../../../src/market/sessions/rolling-book.ts'
import type { SessionTrade } from '../../../src/market/sessions/session-order.ts'
import type { TradeColumns } from '../../../src/market/sessions/trade-columns.ts'
import { NaiveRolling, NaiveRoom, pathOf, type NaiveOutcome } from './naive-rolling.ts'
import { streams, type Event, type Stream } from './streams.ts'

const listOf = (trades: TradeColumns): SessionTrade[] =>
  Array.from({ length: trades.count }, (_, row) => trades.at(row))

function plain({ fault, tradedWh, openWh, cancelledWh, trades }: RollingOutcome): NaiveOutcome {
  return { code: fault?.code ?? null, tradedWh, openWh, cancelledWh, trades: listOf(trades) }
}

/** A book and its twin that are given the same events, and everything the book answered. */
class Twins {
  readonly room: ArcRoom
  readonly book: RollingBook
  readonly contracts: BilateralContracts
  readonly naive: NaiveRolling
  readonly trades: SessionTrade[] = []
  /** by order: what was handed in or given back since, in all [Wh] */
  readonly askedWh = new Map<number, number>()
  readonly ids: number[] = []
  readonly contractIds: number[] = []
  sequence = 0

  constructor({ network }: Stream) {
    this.room = new ArcRoom(network)
    this.book = new RollingBook(this.room)
    this.contracts = new BilateralContracts(this.room)
    this.naive = new NaiveRolling(new NaiveRoom(network))
  }

  run(event: Event): void {
    this.sequence++
    if (event.kind === 'submit') this.#submit(event)
    if (event.kind === 'cancel') this.#cancel(event)
    if (event.kind === 'replace') this.#replace(event)
    if (event.kind === 'register') this.#register(event)
    if (event.kind === 'revoke') this.#revoke(event)
    if (event.kind === 'rematch') this.rematch()
  }

  rematch(): void {
    const trades = listOf(this.book.rematch())
    expect(trades).toEqual(this.naive.rematch())
    this.trades.push(...trades)
  }

  #submit({ owner, bus, side, limit, quantity }: Event & { kind: 'submit' }): void {
    const { sequence } = this
    const at = bus % this.room.network.busCount
    const order = { sequence, owner, bus: at, side, limitTicks: limit, quantityWh: quantity }
    this.ids.push(sequence)
    const outcome = this.#compare(this.book.submit(order), this.naive.submit(order))
    if (outcome.code === null) this.askedWh.set(sequence, quantity)
  }

  #cancel({ pick }: Event & { kind: 'cancel' }): void {
    const id = this.#idOf(pick)
    const outcome = this.#compare(this.book.cancel(id), this.naive.cancel(id))
    this.askedWh.set(id, (this.askedWh.get(id) ?? 0) - outcome.cancelledWh)
  }

  #replace({ pick, limit, quantity, keepLimit }: Event & { kind: 'replace' }): void {
    const id = this.#idOf(pick)
    const before = this.book.order(id)
    const limitTicks = keepLimit && before ? before.limitTicks : limit
    const change = { sequence: this.sequence, id, limitTicks, quantityWh: quantity }
    const outcome = this.#compare(this.book.replace(change), this.naive.replace(change))
    if (outcome.code === null) this.askedWh.set(id, this.askedWh.get(id)! + quantity - before!.openWh)
  }

  #register({ from, to, quantity }: Event & { kind: 'register' }): void {
    const { busCount } = this.room.network
    const [sellBus, buyBus] = [from % busCount, to % busCount]
    const answer = this.contracts.register({
      sequence: this.sequence,
      seller: 100,
      buyer: 101,
      sellBus,
      buyBus,
      quantityWh: quantity,
      priceTicks: 0,
    })
    expect('contract' in answer).toBe(this.naive.room.mostWh(sellBus, buyBus) >= quantity)
    if (!('contract' in answer)) return
    this.naive.room.take(sellBus, buyBus, quantity)
    this.contractIds.push(this.sequence)
  }

  #revoke({ pick }: Event & { kind: 'revoke' }): void {
    if (this.contractIds.length === 0) return
    const [id] = this.contractIds.splice(pick % this.contractIds.length, 1)
    const answer = this.contracts.cancel(id!)
    if (!('contract' in answer)) throw new Error('the contract stands')
    const { sellBus, buyBus, quantityWh } = answer.contract
    this.naive.room.take(sellBus, buyBus, -quantityWh)
  }

  #idOf(pick: number): number {
    return this.ids.length === 0 ? 0 : this.ids[pick % this.ids.length]!
  }

  #compare(outcome: RollingOutcome, naive: NaiveOutcome): NaiveOutcome {
    const here = plain(outcome)
    expect(here).toEqual(naive)
    this.trades.push(...here.trades)
    return here
  }
}

function run(stream: Stream, each: (twins: Twins, event: Event) => void = () => {}): Twins {
  const twins = new Twins(stream)
  for (const event of stream.events) {
    twins.run(event)
    each(twins, event)
  }
  return twins
}

function applyNaively(naive: NaiveRolling, operations: Operations, at: number): NaiveOutcome {
  const { kind, id, owner, bus, side, limitTicks, quantityWh } = operations
  const sequence = at + 1
  if (kind[at] === 1) return naive.cancel(id[at]!)
  const terms = { sequence, limitTicks: limitTicks[at]!, quantityWh: quantityWh[at]! }
  if (kind[at] === 2) return naive.replace({ ...terms, id: id[at]! })
  return naive.submit({ ...terms, owner: owner[at]!, bus: bus[at]!, side: side[at]! })
}

const byTime = (a: { sequence: number }, b: { sequence: number }) => a.sequence - b.sequence

describe('RollingBook equals its naive twin event by event: outcomes, trades, what waits, the room of the arcs', () => {
  const same = (twins: Twins) => {
    expect(twins.book.orders()).toEqual(twins.naive.waiting.toSorted(byTime))
    expect(twins.book.count).toBe(twins.naive.waiting.length)
    const left = twins.room.left()
    expect([...left.capacityUpWh]).toEqual(twins.naive.room.upWh)
    expect([...left.capacityDownWh]).toEqual(twins.naive.room.downWh)
  }

  test('on random trees with limits, contracts coming and going', () => {
    fc.assert(
      fc.property(streams(), (stream) => void run(stream, same)),
      { numRuns: 3000, seed: 40 },
    )
  })

  test('on one bus with many orders of few prices', () => {
    fc.assert(
      fc.property(streams({ buses: 1, events: 300, owners: 12 }), (stream) => void run(stream, same)),
      { numRuns: 150, seed: 41 },
    )
  })

  test('on the streams of bench/rolling.ts, with more orders than the columns begin with', () => {
    for (const [buses, waiting] of [
      [1, 1500],
      [3, 100],
    ] as const) {
      const network = oneBus(buses)
      const operations = rollingStream(network, 4000, waiting)
      const book = new RollingBook(new ArcRoom(network))
      const naive = new NaiveRolling(new NaiveRoom(network))
      for (let at = 0; at < operations.count; at++)
        expect(plain(apply(book, operations, at))).toEqual(applyNaively(naive, operations, at))
      expect(book.orders()).toEqual(naive.waiting.toSorted(byTime))
    }
  })

  test('on wide trees with many orders', () => {
    fc.assert(
      fc.property(
        streams({ buses: 24, events: 200, owners: 9, prices: 14 }),
        (stream) => void run(stream, (twins, { kind }) => kind === 'rematch' && same(twins)),
      ),
      { numRuns: 60, seed: 42 },
    )
  })
})

test('two waiting orders cross only while a full arc stands between them', () => {
  fc.assert(
    fc.property(streams(), (stream) => {
      run(stream, (twins, { kind }) => {
        if (kind === 'revoke') twins.rematch()
        const waiting = twins.book.orders()
        for (const sell of waiting.filter(({ side }) => side === 1))
          for (const buy of waiting.filter(({ side }) => side === 0))
            if (twins.naive.gainOf(sell, buy) >= 0) expect(twins.room.mostWh(sell.bus, buy.bus)).toBe(0)
      })
    }),
    { numRuns: 1500, seed: 43 },
  )
})

test('every order: traded + waiting = handed in − cancelled', () => {
  fc.assert(
    fc.property(streams(), (stream) => {
      const { trades, askedWh, book } = run(stream)
      const foundWh = new Map(book.orders().map(({ id, openWh }) => [id, openWh]))
      for (const { sellId, buyId, quantityWh } of trades)
        for (const id of [sellId, buyId]) foundWh.set(id, (foundWh.get(id) ?? 0) + quantityWh)
      for (const [id, energyWh] of askedWh) expect(foundWh.get(id) ?? 0).toBe(energyWh)
      for (const id of foundWh.keys()) expect(askedWh.has(id)).toBe(true)
    }),
    { numRuns: 1500, seed: 44 },
  )
})

test('trades and contracts together stay within every arc, each direction by itself', () => {
  fc.assert(
    fc.property(streams(), (stream) => {
      const { network } = stream
      const busOf = new Map<number, number>()
      const twins = run(stream, ({ sequence }, event) => {
        if (event.kind === 'submit') busOf.set(sequence, event.bus % network.busCount)
      })
      const upWh = new Float64Array(network.busCount)
      const downWh = new Float64Array(network.busCount)
      const carry = (from: number, to: number, energyWh: number) => {
        const { up, down } = pathOf(network, from, to)
        for (const bus of up) upWh[bus]! += energyWh
        for (const bus of down) downWh[bus]! += energyWh
      }
      for (const { sellId, buyId, quantityWh } of twins.trades)
        carry(busOf.get(sellId)!, busOf.get(buyId)!, quantityWh)
      for (const { sellBus, buyBus, quantityWh } of twins.contracts.contracts())
        carry(sellBus, buyBus, quantityWh)
      const left = twins.room.left()
      for (let bus = 1; bus < network.busCount; bus++) {
        expect(left.capacityUpWh[bus]! + upWh[bus]!).toBe(network.capacityUpWh[bus]!)
        expect(left.capacityDownWh[bus]! + downWh[bus]!).toBe(network.capacityDownWh[bus]!)
        expect(left.capacityUpWh[bus]!).toBeGreaterThanOrEqual(0)
        expect(left.capacityDownWh[bus]!).toBeGreaterThanOrEqual(0)
      }
    }),
    { numRuns: 1500, seed: 45 },
  )
})

test('nobody trades beyond its limit or with itself, and one of the two trades at its limit', () => {
  fc.assert(
    fc.property(streams(), (stream) => {
      // A limit may change while an order waits, so it is looked up when the trade is made.
      const limits = new Map<number, number>()
      let seen = 0
      run(stream, (twins, event) => {
        const { naive, trades, sequence } = twins
        if (event.kind === 'submit') limits.set(sequence, event.limit)
        for (const { id, limitTicks } of naive.waiting) limits.set(id, limitTicks)
        if (event.kind === 'replace') {
          // An order that a replacement filled waits no more; its limit is that of the event unless it was kept.
          const id = twins.ids[event.pick % Math.max(1, twins.ids.length)]
          if (id !== undefined && !event.keepLimit && !twins.book.order(id)) limits.set(id, event.limit)
        }
        for (; seen < trades.length; seen++) {
          const { sellId, buyId, sellOwner, buyOwner, sellerTicks, pathFeeTicks, quantityWh } = trades[seen]!
          expect(quantityWh).toBeGreaterThan(0)
          expect(sellOwner).not.toBe(buyOwner)
          expect(sellerTicks).toBeGreaterThanOrEqual(limits.get(sellId)!)
          expect(sellerTicks + pathFeeTicks).toBeLessThanOrEqual(limits.get(buyId)!)
          expect([limits.get(sellId)!, limits.get(buyId)! - pathFeeTicks]).toContain(sellerTicks)
        }
      })
    }),
    { numRuns: 1500, seed: 46 },
  )
})

const oneBus = (buses = 1) => ({
  busCount: buses,
  parent: Int32Array.from({ length: buses }, (_, bus) => bus - 1),
  feeUpTicks: new Float64Array(buses),
  feeDownTicks: new Float64Array(buses),
  capacityUpWh: new Float64Array(buses).fill(Infinity),
  capacityDownWh: new Float64Array(buses).fill(Infinity),
})

function bookOn(network = oneBus(), range?: { floorTicks: number; capTicks: number }) {
  const room = new ArcRoom(network)
  const book = new RollingBook(room, range)
  let sequence = 0
  const submit = (side: number, limitTicks: number, quantityWh: number, owner = side, bus = 0) =>
    plain(book.submit({ sequence: ++sequence, owner, bus, side, limitTicks, quantityWh }))
  const replace = (id: number, limitTicks: number, quantityWh: number) =>
    plain(book.replace({ sequence: ++sequence, id, limitTicks, quantityWh }))
  return { room, book, submit, replace }
}

const buysFrom = ({ trades }: NaiveOutcome) => trades.map(({ sellId, quantityWh }) => [sellId, quantityWh])

describe('replace(id)', () => {
  test('keeps the place in time when only the quantity falls', () => {
    const { submit, replace } = bookOn()
    submit(1, 100, 10)
    submit(1, 100, 10)
    expect(replace(1, 100, 4)).toMatchObject({ code: null, openWh: 4, tradedWh: 0 })
    expect(buysFrom(submit(0, 100, 5))).toEqual([
      [1, 4],
      [2, 1],
    ])
  })

  test('keeps it when nothing changes', () => {
    const { submit, replace } = bookOn()
    submit(1, 100, 10)
    submit(1, 100, 10)
    replace(1, 100, 10)
    expect(buysFrom(submit(0, 100, 5))).toEqual([[1, 5]])
  })

  test.each([
    ['rises', 100, 11],
    ['falls, but the limit has moved there and back', 101, 4],
  ])('loses it when the quantity %s', (_, limitTicks, quantityWh) => {
    const { submit, replace } = bookOn()
    submit(1, 100, 10)
    submit(1, 100, 10)
    replace(1, limitTicks, quantityWh)
    if (limitTicks !== 100) replace(1, 100, quantityWh)
    expect(buysFrom(submit(0, 100, 12))).toEqual([
      [2, 10],
      [1, 2],
    ])
  })

  test('may trade at its new limit, as the one who comes later', () => {
    const { book, submit, replace } = bookOn()
    submit(1, 100, 10)
    submit(0, 90, 10)
    const { trades, openWh } = replace(1, 80, 12)
    expect(trades).toMatchObject([{ sellId: 1, buyId: 2, quantityWh: 10, sellerTicks: 90 }])
    expect(openWh).toBe(2)
    expect(book.order(1)).toMatchObject({ id: 1, sequence: 3, limitTicks: 80, openWh: 2 })
  })

  test('that would cross an own order is refused, and the order waits on in its place', () => {
    const { book, submit, replace } = bookOn()
    submit(1, 100, 10, 7)
    submit(1, 100, 10, 8)
    submit(0, 90, 10, 7)
    expect(replace(1, 90, 10).code).toBe('self-trade')
    expect(book.order(1)).toMatchObject({ sequence: 1, limitTicks: 100, openWh: 10 })
    expect(buysFrom(submit(0, 100, 1, 9))).toEqual([[1, 1]])
  })
})

test('cancel(id) takes back what is left, once', () => {
  const { book, submit } = bookOn()
  submit(1, 100, 10)
  submit(0, 100, 4)
  expect(plain(book.cancel(1))).toMatchObject({ code: null, cancelledWh: 6, openWh: 0 })
  expect(book.cancel(1).fault).toMatchObject({ code: 'unknown-order', path: 'id', came: '1' })
  expect(book.cancel(2).fault?.code).toBe('unknown-order')
  expect(submit(0, 100, 4).trades).toEqual([])
})

test('a sell that waits gets its limit, a buy that waits pays its limit, and the path fee is the buyer’s', () => {
  const network = { ...oneBus(2), feeUpTicks: Float64Array.of(0, 30), feeDownTicks: Float64Array.of(0, 70) }
  const { submit } = bookOn(network)
  submit(1, 400, 10, 1, 1)
  expect(submit(0, 429, 10, 2, 0).trades).toEqual([])
  expect(submit(0, 450, 10, 2, 0).trades).toMatchObject([
    { sellerTicks: 400, pathFeeTicks: 30, quantityWh: 10 },
  ])
  submit(0, 600, 5, 2, 1)
  expect(submit(1, 500, 5, 3, 0).trades).toMatchObject([{ sellerTicks: 530, pathFeeTicks: 70, buyId: 4 }])
})

test('a full arc is passed over for the next best, and matched again once a contract is cancelled', () => {
  const network = {
    ...oneBus(3),
    parent: Int32Array.of(-1, 0, 0),
    capacityUpWh: Float64Array.of(0, 6, Infinity),
  }
  const { room, book, submit } = bookOn(network)
  const contracts = new BilateralContracts(room)
  const contract = { sequence: 1, seller: 8, buyer: 9, sellBus: 1, buyBus: 0, quantityWh: 4, priceTicks: 0 }
  contracts.register(contract)
  submit(1, 100, 10, 1, 1)
  submit(1, 110, 10, 2, 2)
  expect(buysFrom(submit(0, 120, 5, 3, 0))).toEqual([
    [1, 2],
    [2, 3],
  ])
  expect(buysFrom(submit(0, 105, 5, 3, 0))).toEqual([])
  contracts.cancel(1)
  expect(listOf(book.rematch())).toMatchObject([{ sellId: 1, buyId: 4, quantityWh: 4, sellerTicks: 100 }])
  expect(book.order(4)).toMatchObject({ openWh: 1 })
})

test.each([
  ['a quantity of 0', 0, 100, 0, 'quantity-not-positive'],
  ['a broken quantity', 0, 100, 1.5, 'quantity-not-positive'],
  ['an endless quantity', 0, 100, Infinity, 'quantity-not-positive'],
  ['a limit above the cap', 0, 20_001, 1, 'price-out-of-range'],
  ['a limit below the floor', 1, -1, 1, 'price-out-of-range'],
  ['a limit off the tick', 1, 100.5, 1, 'price-out-of-range'],
  ['a limit that is no number', 1, Number.NaN, 1, 'price-out-of-range'],
  ['more than a session holds', 1, 100, 2 ** 52, 'total-too-large'],
  ['a limit that crosses an own order', 1, 50, 1, 'self-trade'],
])('submit() refuses %s and changes nothing', (_, side, limitTicks, quantityWh, code) => {
  const { book, submit } = bookOn(oneBus(), { floorTicks: 0, capTicks: 20_000 })
  submit(0, 60, 5, 4)
  const before = book.orders()
  expect(submit(side, limitTicks, quantityWh, 4)).toEqual({
    code,
    tradedWh: 0,
    openWh: 0,
    cancelledWh: 0,
    trades: [],
  })
  expect(book.orders()).toEqual(before)
})

test('a self-trade is told with both limits', () => {
  const { book, submit } = bookOn()
  submit(0, 4500, 5, 4)
  const order = { sequence: 2, owner: 4, bus: 0, side: 1, limitTicks: 4400, quantityWh: 1 }
  expect(book.submit(order).fault).toEqual({
    code: 'self-trade',
    path: 'limitTicks',
    wanted: "a limit that does not cross the owner's own orders",
    came: 'a sell at 0.4400 CNY/kWh against own buy 1 at 0.4500 CNY/kWh',
  })
})

test('events whose numbers do not rise, and rows that do not exist, are mistakes of the program', () => {
  const { book } = bookOn()
  const order = { sequence: 5, owner: 0, bus: 0, side: 0, limitTicks: 1, quantityWh: 1 }
  book.submit(order)
  expect(() => book.submit(order)).toThrow('event 5 comes after event 5')
  expect(() => book.submit({ ...order, sequence: 6, bus: 1 })).toThrow('bus 1')
  expect(() => book.submit({ ...order, sequence: 7, side: 2 })).toThrow('side 2')
  expect(() => book.submit({ ...order, sequence: 8, owner: 2 ** 22 })).toThrow('owners')
})

test('limits of a billion ticks either way trade exactly', () => {
  const { submit, book } = bookOn()
  submit(1, -1_000_000_000, 2 ** 40, 1)
  submit(1, 1_000_000_000, 7, 1)
  expect(submit(0, 1_000_000_000, 2 ** 40 + 3, 2).trades).toMatchObject([
    { quantityWh: 2 ** 40, sellerTicks: -1_000_000_000 },
    { quantityWh: 3, sellerTicks: 1_000_000_000 },
  ])
  expect(book.depth(0, 1)).toEqual([{ limitTicks: 1_000_000_000, openWh: 4, orders: 1 }])
})

test('depth(bus, side) adds up what waits, best price first', () => {
  const { submit, book } = bookOn()
  for (const [side, limit, quantity] of [
    [1, 300, 1],
    [1, 200, 2],
    [1, 300, 4],
    [0, 100, 8],
    [0, 150, 16],
  ] as const)
    submit(side, limit, quantity)
  expect(book.depth(0, 1)).toEqual([
    { limitTicks: 200, openWh: 2, orders: 1 },
    { limitTicks: 300, openWh: 5, orders: 2 },
  ])
  expect(book.depth(0, 0).map(({ limitTicks }) => limitTicks)).toEqual([150, 100])
})

test('a chain of 20,000 buses is searched from end to end', () => {
  const buses = 20_000
  const { submit } = bookOn({ ...oneBus(buses), feeUpTicks: new Float64Array(buses).fill(1, 1) })
  submit(1, -buses, 5, 1, buses - 1)
  submit(1, 0, 5, 2, 0)
  expect(submit(0, 0, 7, 3, 0).trades).toMatchObject([
    { sellId: 1, quantityWh: 5, sellerTicks: -buses, pathFeeTicks: buses - 1 },
    { sellId: 2, quantityWh: 2, sellerTicks: 0 },
  ])
})
