/** What every store owes a market, whatever database it stands on. */
import { hash } from 'node:crypto'
import path from 'node:path'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { StoreFault } from '../../src/store/fault.ts'
import { openAccess } from '../../src/store/open.ts'
import { orderId } from '../../src/store/order-id.ts'
import type { MarketStore, OrderKey, Placed, StoreOptions } from '../../src/store/port.ts'
import { restoreStore } from '../../src/store/restore.ts'
import { temporaryFolder } from './folders.ts'
import {
  by,
  clearingOf,
  closeAndClear,
  create,
  first,
  HandClock,
  open,
  order,
  place,
  settlementOf,
  until,
} from './markets.ts'
import { NaiveOrders } from './naive-orders.ts'
import { asked } from './order-requests.ts'

export interface TestedDatabase {
  readonly name: string
  /** of an empty database */
  address(): Promise<string>
}

export function storeSuite(database: TestedDatabase): void {
  const opened: MarketStore[] = []
  const opening = async (address: string, options: Partial<StoreOptions> = {}): Promise<MarketStore> => {
    const store = await open(address, options)
    opened.push(store)
    return store
  }
  const fresh = async (options: Partial<StoreOptions> = {}): Promise<MarketStore> =>
    opening(await database.address(), options)
  const again = async (store: MarketStore, address: string): Promise<MarketStore> => {
    await store.close()
    return opening(address)
  }
  /** Two processes' worth of stores on one market. */
  const pair = async (): Promise<[MarketStore, MarketStore]> => {
    const address = await database.address()
    return [await opening(address, { pollMs: 50 }), await opening(address, { pollMs: 50 })]
  }

  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close()
  })

  describe(`${database.name}: orders`, () => {
    test('place(request) keeps orders that find, ofParticipant, totals and booked tell, and a restart brings back', async () => {
      const address = await database.address()
      let store = await opening(address)
      const { request } = await place(store, 7, { side: 1, quantityWh: 2_000 }, { interval: first + 1 }, {})
      await place(store, 8, { limitTicks: -50 })
      const look = () => ({
        found: [0, 1, 2].map((index) =>
          store.orders.find({ interval: index === 1 ? first + 1 : first, request, index }),
        ),
        nobody: store.orders.find({ interval: first, request, index: 1 }),
        own: store.orders.ofParticipant(7, first),
        intervals: store.orders.intervalsOf(7),
        totals: store.orders.totals(first),
        booked: store.orders.booked(first),
        book: store.orders.book(first),
      })
      const before = look()
      expect(before.found.map((found) => found?.quantityWh)).toEqual([2_000, 1_500, 1_500])
      expect(before.nobody).toBeUndefined()
      expect(before.own.map(({ key }) => key.index)).toEqual([0, 2])
      expect(before.intervals).toEqual([first, first + 1])
      expect(before.totals).toEqual({ live: 3, cancelled: 0, buyWh: 3_000, sellWh: 2_000 })
      expect([...before.book.limitTicks]).toEqual([4_000, 4_000, -50])
      expect([...before.book.sequence]).toEqual([0, 1, 2])
      store = await again(store, address)
      expect(look()).toEqual(before)
    })

    test('replace and cancel need the version they were made against, and the owner', async () => {
      const store = await fresh()
      const { request } = await place(store, 7, {})
      const key = { interval: first, request, index: 0 }
      const terms = { side: 1, bus: 9, limitTicks: 1, quantityWh: 2 } as const
      const asking = { participant: 7, key, expectedVersion: 1 }
      expect(await store.orders.replace({ ...asking, participant: 8, terms })).toEqual({ outcome: 'unknown' })
      expect(await store.orders.replace({ ...asking, terms })).toMatchObject({
        outcome: 'changed',
        version: 2,
      })
      expect(store.orders.find(key)).toMatchObject({ ...terms, version: 2, sequence: 1 })
      expect(await store.orders.cancel(asking)).toEqual({ outcome: 'conflict', version: 2 })
      expect(await store.orders.cancel({ ...asking, expectedVersion: 2 })).toMatchObject({
        outcome: 'changed',
      })
      expect(await store.orders.cancel({ ...asking, expectedVersion: 3 })).toEqual({ outcome: 'cancelled' })
      const nothing = { ...asking, key: { ...key, index: 5 } }
      expect(await store.orders.cancel(nothing)).toEqual({ outcome: 'unknown' })
    })

    test('of two changes at once one wins and the other is told the version', async () => {
      const store = await fresh()
      const { request } = await place(store, 7, {})
      const key = { interval: first, request, index: 0 }
      const asking = { participant: 7, key, expectedVersion: 1, terms: order() }
      const answers = await Promise.all([store.orders.replace(asking), store.orders.replace(asking)])
      expect(answers.map(({ outcome }) => outcome)).toEqual(['changed', 'conflict'])
    })

    test('keys are remembered by the time of the market, however far ahead the wall clock is at a restart', async () => {
      const address = await database.address()
      const store = await opening(address)
      const asking = {
        participant: 7,
        origin: 0 as const,
        orders: [order()],
        idempotency: { key: 'k', body: 'b' },
      }
      const placed = await store.orders.place(asking)
      await closeAndClear(store)
      await store.close()
      const clock = new HandClock()
      const years = 3 * 365 * 86_400_000
      clock.ms += years
      const reopened = await opening(address, { now: clock.now })
      clock.ms -= years
      expect(await reopened.orders.place(asking)).toEqual({ ...placed, repeated: true })
    })

    test('a repeated request with its key gets the first answer, after a restart too; another request is refused', async () => {
      const address = await database.address()
      let store = await opening(address)
      const asking = (key: string, body: string, quantityWh = 1_500) => ({
        participant: 7,
        origin: 0 as const,
        orders: [order({ quantityWh }), order({ interval: first + 2 })],
        idempotency: { key, body },
      })
      const [one, two] = await Promise.all([
        store.orders.place(asking('a', 'x')),
        store.orders.place(asking('a', 'x')),
      ])
      expect(two).toEqual({ ...one, repeated: true })
      expect(await store.orders.place(asking('a', 'y'))).toEqual({ outcome: 'key-reused' })
      expect(await store.orders.place({ ...asking('a', 'y'), participant: 8 })).toMatchObject({
        repeated: false,
      })
      expect(await store.orders.place(asking('b', 'y', 9))).toMatchObject({ repeated: false })
      store = await again(store, address)
      expect(await store.orders.place(asking('a', 'x'))).toEqual(two)
      expect(store.orders.totals(first).live).toBe(3)
      // What was granted stays granted when the gate has closed; what is new is late.
      await store.intervals.close(first, by)
      const answers = await Promise.all(['a', 'c', 'a'].map((key) => store.orders.place(asking(key, 'x'))))
      expect(answers).toEqual([two, { outcome: 'closed', interval: first, openFrom: first + 1 }, two])
      expect(await store.orders.place(asking('a', 'y'))).toEqual({ outcome: 'key-reused' })
    })

    test('a random course of requests leaves what its naive twin has, before and after a restart', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(asked, { minLength: 10, maxLength: 60 }), async (course) => {
          const address = await database.address()
          const store = await opening(address)
          const naive = new NaiveOrders(first)
          const placed: OrderKey[] = []
          for (const ask of course) {
            if (ask.kind === 'place') {
              const { participant, origin } = ask
              const orders = ask.orders.map(({ later, ...terms }) => ({ ...terms, interval: first + later }))
              const answer = await store.orders.place({ participant, origin, orders })
              const request = answer.outcome === 'placed' ? answer.request : -1
              const late = naive.place(ask, request, orders)
              expect(answer.outcome).toBe(late === undefined ? 'placed' : 'closed')
              if (late === undefined)
                placed.push(...orders.map(({ interval }, index) => ({ interval, request, index })))
            } else if (ask.kind === 'change' && placed.length > 0) {
              const key = placed[ask.pick % placed.length]!
              const { participant, version, terms } = ask
              const asking = { participant, key, expectedVersion: version }
              const answer = await (terms
                ? store.orders.replace({ ...asking, terms })
                : store.orders.cancel(asking))
              expect(answer.outcome).toBe(naive.change(participant, key, version, terms))
            } else if (ask.kind === 'close') {
              expect(await store.intervals.close(naive.openFrom, by)).toBe('closed')
              naive.close()
            } else if (ask.kind === 'clear' && naive.clearFrom < naive.openFrom) {
              const interval = naive.clearFrom
              await store.intervals.clear(clearingOf(interval, store.orders.booked(interval)), by)
              naive.clear()
            }
          }
          sameOrders(store, naive)
          sameOrders(await again(store, address), naive)
        }),
        { numRuns: 4 },
      )
    })

    test('place(request) refuses what cannot be written in columns, and says so loudly', async () => {
      const store = await fresh()
      for (const wrong of [
        { quantityWh: 0 },
        { quantityWh: 0.5 },
        { limitTicks: 2 ** 31 },
        { bus: -1 },
        { interval: 2 ** 32 },
      ])
        await expect(place(store, 1, wrong)).rejects.toThrow('an order of')
      expect(store.orders.totals(first).live).toBe(0)
    })

    test('requests beyond what may wait are refused as overloaded, the others are kept', async () => {
      const store = await fresh({ waitingEventsMax: 50 })
      const answers = await Promise.allSettled(Array.from({ length: 80 }, () => place(store, 1, {})))
      const kept = answers.filter(({ status }) => status === 'fulfilled').length
      expect(kept).toBe(50)
      expect(store.orders.totals(first).live).toBe(50)
      const refused = answers.find(({ status }) => status === 'rejected') as PromiseRejectedResult
      expect(refused.reason).toMatchObject({ name: 'StoreFault', code: 'overloaded' })
    })
  })

  describe(`${database.name}: gates and clearings`, () => {
    test('nothing is acknowledged into a closed interval, and everything acknowledged is in its book', async () => {
      const store = await fresh()
      const placing = Array.from({ length: 300 }, async (_, at) => {
        await new Promise((resolve) => setTimeout(resolve, at / 20))
        return store.orders.place({ participant: 1, origin: 0, orders: [order({ quantityWh: at + 1 })] })
      })
      await new Promise((resolve) => setTimeout(resolve, 6))
      await store.intervals.close(first, by)
      const booked = store.orders.booked(first)
      const answers = await Promise.all(placing)
      const kept = answers.filter(({ outcome }) => outcome === 'placed') as { request: number }[]
      expect(new Set(booked.request)).toEqual(new Set(kept.map(({ request }) => request)))
      expect(answers.filter(({ outcome }) => outcome !== 'placed')).toEqual(
        Array.from({ length: 300 - kept.length }, () => ({
          outcome: 'closed',
          interval: first,
          openFrom: first + 1,
        })),
      )
      expect(kept.length).toBeLessThan(300)
      expect(store.orders.booked(first)).toEqual(booked)
    })

    test('clear(record) keeps everything about an interval, to the last bit and bytes', async () => {
      const address = await database.address()
      let store = await opening(address)
      await place(store, 1, {}, { limitTicks: -7 })
      await place(store, 2, { side: 1, quantityWh: 2 ** 53 - 1 })
      await place(store, 3, { interval: first + 1 })
      const record = { ...(await closeAndClear(store)), carried: {} }
      const { carried: _, ...wanted } = record
      const kept = { ...wanted, hash: hash('sha256', record.result), clearedMs: by.atMs, settlements: [] }
      const check = async () => {
        expect(await store.intervals.record(first)).toEqual(kept)
        expect(await store.intervals.orders(first)).toEqual({
          orders: record.orders,
          outcomes: record.outcomes,
        })
        expect(store.orders.totals(first + 1).live).toBe(1)
        expect(store.orders.ofParticipant(1, first)).toEqual([])
      }
      await check()
      store = await again(store, address)
      await check()
    })

    test('an interval is closed and cleared once, in order, and skipping one is our own mistake', async () => {
      const store = await fresh()
      const record = clearingOf(first, store.orders.booked(first))
      await expect(store.intervals.clear(record, by)).rejects.toThrow('cannot be cleared')
      await expect(store.intervals.close(first + 1, by)).rejects.toThrow('cannot be closed')
      expect(await store.intervals.close(first, by)).toBe('closed')
      expect(await store.intervals.close(first, by)).toBe('late')
      expect(await store.intervals.clear(record, by)).toBe('cleared')
      const other = { ...record, result: new Uint8Array(3) }
      expect(await store.intervals.clear(other, by)).toBe('late')
      expect((await store.intervals.result(first))!.result).toEqual(record.result)
      expect((await store.events.after(0, 10)).map(({ kind, interval }) => [kind, interval])).toEqual([
        ['closed', first],
        ['cleared', first],
      ])
    })

    test('postings that do not sum to 0 are our own mistake, and nothing is kept', async () => {
      const store = await fresh()
      await store.intervals.close(first, by)
      const record = clearingOf(first, store.orders.booked(first))
      const off = record.postings.amountE11.map((amount, row) => amount + (row === 0 ? 1n : 0n))
      const high = record.postings.amountE11.map((amount, row) => amount + (row === 0 ? 2n ** 32n : 0n))
      for (const amountE11 of [off, high])
        await expect(
          store.intervals.clear({ ...record, postings: { ...record.postings, amountE11 } }, by),
        ).rejects.toThrow('postings do not sum to 0')
      expect(store.orders.clearFrom).toBe(first)
      expect(await store.intervals.record(first)).toBeUndefined()
    })

    test('settle(record) keeps one round after the other, and finds readings that came later', async () => {
      const store = await fresh()
      const cleared = await closeAndClear(store)
      expect(await store.intervals.unsettled(10)).toEqual([first])
      const reading = { participant: 1, interval: first, importWh: 10, exportWh: 0 }
      await store.meters.add([reading], by)
      const [known] = await store.meters.ofInterval(first)
      expect(await store.intervals.settle(settlementOf(cleared, 1, known!.seq), by)).toBe('settled')
      expect(await store.intervals.settle(settlementOf(cleared, 1, known!.seq), by)).toBe('late')
      const corrected = (afterSeq: number, from = first, limit = 10) =>
        store.meters.correctedAfterSettlement({ from, afterSeq, limit })
      const none = await corrected(0)
      expect(none.intervals).toEqual([])
      await store.meters.add([{ ...reading, importWh: 11 }], by)
      for (const afterSeq of [0, none.seq])
        expect(await corrected(afterSeq)).toEqual({ intervals: [first], seq: none.seq + 1 })
      expect((await corrected(0, first + 1)).intervals).toEqual([])
      expect((await corrected(none.seq + 1)).intervals).toEqual([])
      // More than were asked for may be left: the next look begins where this one did.
      expect(await corrected(0, first, 1)).toEqual({ intervals: [first], seq: 0 })
      expect(await store.meters.ofInterval(first, known!.seq)).toEqual([known])
      const [newest] = await store.meters.ofInterval(first)
      expect(newest).toMatchObject({ version: 2, importWh: 11 })
      expect(await store.intervals.settle(settlementOf(cleared, 2, newest!.seq), by)).toBe('settled')
      expect((await corrected(0)).intervals).toEqual([])
      expect(await store.intervals.unsettled(10)).toEqual([])
      const record = await store.intervals.record(first)
      expect(record!.settlements).toEqual([
        settlementOf(cleared, 1, known!.seq),
        settlementOf(cleared, 2, newest!.seq),
      ])
    })

    test('list, results and records tell closed, cleared, settled and open intervals in order', async () => {
      const store = await fresh()
      for (let count = 0; count < 3; count++) await closeAndClear(store)
      await store.intervals.settle(settlementOf(clearingOf(first, store.orders.booked(0)), 1, 0), by)
      await store.intervals.close(first + 3, by)
      const all = { from: first, to: first + 6 }
      const rows = await store.intervals.list(all)
      expect(rows.map(({ state }) => state)).toEqual([
        'settled',
        'cleared',
        'cleared',
        'closed',
        'open',
        'open',
      ])
      expect(rows.map(({ interval }) => interval)).toEqual([0, 1, 2, 3, 4, 5].map((later) => first + later))
      expect((await store.intervals.list({ ...all, from: first + 2, limit: 2 })).length).toBe(2)
      const results = await store.intervals.results({ ...all, from: first + 1 })
      expect(results.map(({ interval }) => interval)).toEqual([first + 1, first + 2])
      const records: number[] = []
      for await (const { interval } of store.intervals.records(all)) records.push(interval)
      expect(records).toEqual([first, first + 1, first + 2])
    })

    test('trades(query) gives pages that join without gap or repetition, and a participant its own only', async () => {
      const store = await fresh()
      for (let count = 0; count < 5; count++) {
        const interval = store.orders.openFrom
        await place(store, 1 + (count % 2), { interval })
        await place(store, 9, { interval, side: 1 })
        await closeAndClear(store)
      }
      const range = { from: first, to: first + 5 }
      const pages = [await store.intervals.trades({ ...range, limit: 2 })]
      while (pages.at(-1)!.next)
        pages.push(await store.intervals.trades({ ...range, limit: 2, after: pages.at(-1)!.next! }))
      const joined = pages.flatMap(({ trades }) => trades)
      expect(joined).toEqual((await store.intervals.trades(range)).trades)
      expect(joined.map(({ interval, buyer, seller }) => [interval - first, buyer, seller])).toEqual(
        [1, 2, 1, 2, 1].map((buyer, later) => [later, buyer, 9]),
      )
      const own = await store.intervals.trades({ ...range, participant: 2 })
      expect(own.trades.map(({ interval }) => interval - first)).toEqual([1, 3])
      expect(orderId(own.trades[0]!.buyOrder)).toMatch(new RegExp(`^${first + 1}-`))
      expect((await store.intervals.trades({ ...range, participant: 4 })).trades).toEqual([])
    })

    test('carried state is handed on with the clearing that wrote it', async () => {
      const address = await database.address()
      const store = await opening(address)
      expect(await store.clock.carried('sums')).toBeUndefined()
      for (const value of [1, 2]) {
        const interval = store.orders.openFrom
        await store.intervals.close(interval, by)
        const record = clearingOf(interval, store.orders.booked(interval))
        await store.intervals.clear({ ...record, carried: { sums: Uint8Array.of(value) } }, by)
      }
      expect(await (await again(store, address)).clock.carried('sums')).toEqual(Uint8Array.of(2))
    })
  })

  describe(`${database.name}: several processes`, () => {
    test('what one places the other finds, changes and closes', async () => {
      const [here, there] = await pair()
      const { request } = await place(here, 7, {})
      const key = { interval: first, request, index: 0 }
      const changing = { participant: 7, key, expectedVersion: 1, terms: order({ bus: 4 }) }
      // It has not heard of the order yet; deciding reads the journal to its end.
      expect(await there.orders.replace(changing)).toMatchObject({ outcome: 'changed', version: 2 })
      expect(await here.orders.cancel({ participant: 7, key, expectedVersion: 1 })).toEqual({
        outcome: 'conflict',
        version: 2,
      })
      await place(here, 8, {})
      await there.orders.refresh()
      expect(there.orders.booked(first)).toEqual(here.orders.booked(first))
      await there.intervals.close(first, by)
      await expect(place(here, 7, {})).rejects.toThrow('closed')
      await until(() => here.orders.openFrom === first + 1)
    })

    test('both write at once: every order is kept once, and both see the same book', async () => {
      const [here, there] = await pair()
      const placing = [here, there].map(async (store, at) => {
        const placed: number[] = []
        for (let round = 0; round < 30; round++)
          placed.push(
            ...(await Promise.all([1, 2, 3].map(() => place(store, at + 1, {}, {})))).map(
              ({ request }) => request,
            ),
          )
        return placed
      })
      const placed = (await Promise.all(placing)).flat()
      await Promise.all([here.orders.refresh(), there.orders.refresh()])
      const booked = here.orders.booked(first)
      expect(there.orders.booked(first)).toEqual(booked)
      expect(booked.count).toBe(360)
      expect(new Set(booked.request)).toEqual(new Set(placed))
    })

    test('of two that close, clear or change at once, one does', async () => {
      const [here, there] = await pair()
      const { request } = await place(here, 7, {})
      await there.orders.refresh()
      const changing = { participant: 7, key: { interval: first, request, index: 0 }, expectedVersion: 1 }
      const changes = await Promise.all([here, there].map((store) => store.orders.cancel(changing)))
      expect(changes.map(({ outcome }) => outcome).sort()).toEqual(['cancelled', 'changed'])
      const closed = await Promise.all([here, there].map((store) => store.intervals.close(first, by)))
      expect(closed.sort()).toEqual(['closed', 'late'])
      const cleared = await Promise.all(
        [here, there].map((store, at) => {
          const record = clearingOf(first, store.orders.booked(first))
          return store.intervals.clear({ ...record, result: Uint8Array.of(at) }, by)
        }),
      )
      expect(cleared.toSorted()).toEqual(['cleared', 'late'])
      const winner = cleared.indexOf('cleared')
      for (const store of [here, there])
        expect((await store.intervals.result(first))!.result).toEqual(Uint8Array.of(winner))
      expect((await here.audit.after(0, 99)).filter(({ action }) => action === 'clear').length).toBe(1)
    })

    test('the same idempotency key in two processes is answered once', async () => {
      const [here, there] = await pair()
      const asking = {
        participant: 7,
        origin: 0 as const,
        orders: [order()],
        idempotency: { key: 'k', body: 'b' },
      }
      const answers = await Promise.all([here.orders.place(asking), there.orders.place(asking)])
      const placed = answers.map((answer) => answer as Placed)
      expect(placed.map(({ repeated }) => repeated).toSorted((a, b) => Number(a) - Number(b))).toEqual([
        false,
        true,
      ])
      expect({ ...placed[0], repeated: null }).toEqual({ ...placed[1], repeated: null })
      for (const store of [here, there])
        expect(await store.orders.recall(asking)).toEqual({ ...placed[0], repeated: true })
      await here.orders.refresh()
      expect(here.orders.totals(first).live).toBe(1)
    })

    test('a key is recalled behind what is being placed under it, and by a process that has not heard of it', async () => {
      const [here, there] = await pair()
      const idempotency = { key: 'k', body: 'b' }
      const asking = { participant: 7, origin: 0 as const, orders: [order()], idempotency }
      const [placed, recalled] = await Promise.all([here.orders.place(asking), here.orders.recall(asking)])
      expect(recalled).toEqual({ ...placed, repeated: true })
      expect(await there.orders.recall(asking)).toEqual(recalled)
      const other = { participant: 7, idempotency: { key: 'k', body: 'c' } }
      expect(await there.orders.recall(other)).toEqual({ outcome: 'key-reused' })
      expect(await there.orders.recall({ ...other, participant: 8 })).toBeUndefined()
      await here.orders.refresh()
      expect(here.orders.totals(first).live).toBe(1)
    })

    test('one leads; when it gives the place back or closes, the other gets it', async () => {
      const [here, there] = await pair()
      const leading = await here.lead()
      expect(leading!.lost.aborted).toBe(false)
      expect(await there.lead()).toBeUndefined()
      await leading!.release()
      const next = await there.lead()
      expect(next).toBeDefined()
      expect(await here.lead()).toBeUndefined()
      await there.close()
      await until(async () => (await here.lead()) !== undefined)
    })

    test('watch(listener) hears of gates, access, events and clock, wherever they were written', async () => {
      const [here, there] = await pair()
      const heard = [here, there].map((store) => {
        const all = { intervals: false, access: false, events: false, clock: false }
        store.watch((news) => {
          for (const key of Object.keys(all) as (keyof typeof all)[]) all[key] ||= news[key]
        })
        return all
      })
      await here.intervals.close(first, by)
      await here.access.add({ name: 'a', role: 'observer', publicJson: '{}', privateJson: '{}' }, by)
      await there.clock.advance(by.atMs + 1)
      await until(() => heard.every((all) => Object.values(all).every(Boolean)))
    })
  })

  describe(`${database.name}: other records`, () => {
    test('participants and keys: names and ids are unique, rotation adds and revokes at once', async () => {
      const store = await fresh()
      const person = (name: string) =>
        ({ name, role: 'participant', bus: 2, publicJson: '{"kind":"pv"}', privateJson: '{}' }) as const
      const [a, b] = await store.access.addAll([person('a'), person('b')], by)
      expect([a!.id, b!.id]).toEqual([1, 2])
      expect(await store.access.add(person('a'), by)).toBeUndefined()
      const observer = { name: 'c', role: 'observer', publicJson: '{}', privateJson: '{}' } as const
      expect(await store.access.add(observer, by)).toEqual({ ...observer, id: 3, createdMs: by.atMs })
      const key = (id: string) => ({ id, participant: 1, hash: Uint8Array.of(0, 255, 1), label: 'first' })
      expect(await store.access.addKey(key('k1'), by)).toBe(true)
      expect(await store.access.addKey(key('k1'), by)).toBe(false)
      expect(await store.access.addKey(key('k2'), { atMs: 5 }, ['k1'])).toBe(true)
      expect(await store.access.key('k1')).toEqual({ ...key('k1'), createdMs: by.atMs, revokedMs: 5 })
      expect(await store.access.key('k2')).toEqual({ ...key('k2'), createdMs: 5 })
      expect(await store.access.revokeKey('k2', by)).toBe(true)
      expect(await store.access.revokeKey('k2', by)).toBe(false)
      expect((await store.access.keys()).map(({ id }) => id).sort()).toEqual(['k1', 'k2'])
      expect(await store.access.update(2, { role: 'operator' }, by)).toMatchObject({
        name: 'b',
        role: 'operator',
      })
      expect(await store.access.update(9, {}, by)).toBeUndefined()
      expect(await store.access.retire(2, { atMs: 6, actor: 1 })).toMatchObject({ retiredMs: 6 })
      expect((await store.access.participants()).map(({ name }) => name)).toEqual(['a', 'b', 'c'])
      const audit = await store.audit.after(0, 99)
      expect(audit.map(({ action }) => action)).toEqual([
        'add-participants',
        'add-participants',
        'add-key',
        'add-key',
        'revoke-key',
        'change-participant',
        'retire-participant',
      ])
      expect(audit.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7])
      expect(audit.at(-1)).toMatchObject({ actor: 1, atMs: 6 })
    })

    test('replaceKeys(key) leaves its holder that key alone, without the market being opened, and others hear of it', async () => {
      const address = await database.address()
      const store = await opening(address, { pollMs: 50 })
      const person = (name: string) =>
        ({ name, role: 'operator', publicJson: '{}', privateJson: '{}' }) as const
      await store.access.addAll([person('a'), person('b')], by)
      const key = (id: string, participant: number) => ({
        id,
        participant,
        hash: new Uint8Array(32),
        label: '',
      })
      for (const [id, holder] of Object.entries({ k1: 1, k2: 1, k3: 2, k4: 1 }))
        await store.access.addKey(key(id, holder), by)
      await store.access.revokeKey('k2', { atMs: 3 })
      const heard = Promise.withResolvers<void>()
      store.watch(({ access }) => access && heard.resolve())
      {
        await using other = await openAccess(address)
        expect(other.market.name).toBe('test-zone')
        expect(await other.clock.position()).toBe(by.atMs)
        expect(await other.access.replaceKeys(key('k5', 1), { atMs: 7 }, 'here')).toBe(2)
      }
      await heard.promise
      const revoked = (await store.access.keys()).map(({ id, revokedMs }) => [id, revokedMs])
      expect(Object.fromEntries(revoked)).toEqual({ k1: 7, k2: 3, k3: undefined, k4: 7, k5: undefined })
      const [line] = (await store.audit.after(0, 99)).slice(-1)
      expect(line).toMatchObject({ atMs: 7, action: 'replace-keys' })
      expect(line).not.toHaveProperty('actor')
      expect(JSON.parse(line!.detail)).toEqual({
        id: 'k5',
        participant: 1,
        label: '',
        revoking: ['k1', 'k4'],
        from: 'here',
      })
    })

    test('meter readings: equal ones change nothing, others are corrections beside the former', async () => {
      const store = await fresh()
      const reading = (participant: number, later: number, importWh: number) => ({
        participant,
        interval: first + later,
        importWh,
        exportWh: 5,
      })
      const sent = { ...by, actor: 4 }
      expect(await store.meters.add([reading(1, 0, 10), reading(1, 1, 11), reading(2, 0, 12)], sent)).toEqual(
        {
          added: 3,
          corrected: 0,
          unchanged: 0,
        },
      )
      expect(await store.meters.add([reading(1, 0, 10), reading(1, 1, 99), reading(1, 1, 98)], by)).toEqual({
        added: 0,
        corrected: 2,
        unchanged: 1,
      })
      const newest = await store.meters.ofParticipant(1, { from: first, to: first + 9 })
      expect(newest.map(({ importWh, version }) => [importWh, version])).toEqual([
        [10, 1],
        [98, 3],
      ])
      const history = await store.meters.history(1, first + 1)
      expect(history.map(({ importWh, by: sender }) => [importWh, sender])).toEqual([
        [11, 4],
        [99, undefined],
        [98, undefined],
      ])
      expect((await store.meters.ofInterval(first)).map(({ participant }) => participant)).toEqual([1, 2])
    })

    test('statements keep their versions, and one that is the same is not issued again', async () => {
      const store = await fresh()
      const body = (text: string) => new TextEncoder().encode(text)
      const issue = (text: string) =>
        store.statements.issue(
          '2027-01',
          { from: first, to: first + 96 },
          [
            { participant: 1, body: body(text) },
            { participant: 2, body: body('b') },
          ],
          by,
        )
      expect([await issue('a'), await issue('a'), await issue('c')]).toEqual([2, 0, 1])
      expect(await store.statements.get(1, '2027-01')).toMatchObject({ version: 2, body: body('c') })
      expect(await store.statements.get(2, '2027-01')).toMatchObject({ version: 1, body: body('b') })
      expect(await store.statements.get(1, '2027-02')).toBeUndefined()
      expect(await store.statements.months(1)).toEqual(['2027-01'])
    })

    test('no statement without a reading that came before it, and no reading after it', async () => {
      const store = await fresh()
      const cleared = await closeAndClear(store)
      const month = '2027-01'
      const statements = [{ participant: 1, body: Uint8Array.of(1) }]
      const issue = (from = first) => store.statements.issue(month, { from, to: first + 96 }, statements, by)
      const send = (importWh: number, months?: string[]) =>
        store.meters.add([{ participant: 1, interval: first, importWh, exportWh: 0 }], by, months)
      await store.intervals.settle(settlementOf(cleared, 1, 0), by)
      expect(await send(10, [month])).toMatchObject({ added: 1 })
      expect(await issue()).toBe('late')
      expect(await store.statements.months(1)).toEqual([])
      const [reading] = await store.meters.ofInterval(first)
      await store.intervals.settle(settlementOf(cleared, 2, reading!.seq), by)
      expect(await issue()).toBe(1)
      expect(await send(11, ['2026-12', month])).toBe('late')
      expect(await store.meters.ofInterval(first)).toEqual([reading])
      expect(await send(11, ['2026-12'])).toMatchObject({ corrected: 1 })
      expect(await issue(first + 1)).toBe(0)
    })

    test('runs: the oldest is taken by one worker, ends once with its files, or is cancelled or queued again', async () => {
      const store = await fresh()
      for (const [at, id] of ['r1', 'r2', 'r3'].entries())
        await store.runs.add({ id, participant: 1 + (at % 2), spec: '{}' }, { atMs: at })
      const [one, two] = await Promise.all([store.runs.take('w1', 10), store.runs.take('w2', 11)])
      expect([one!.id, two!.id]).toEqual(['r1', 'r2'])
      expect(one).toMatchObject({ state: 'running', worker: 'w1', startedMs: 10 })
      expect(await store.runs.progress('r1', 0.25)).toBe(true)
      const files = [{ name: 'a.csv', mediaType: 'text/csv', content: Uint8Array.of(1, 2, 3) }]
      expect(await store.runs.end('r1', { state: 'done', note: '{}', files }, 20)).toBe(true)
      expect(await store.runs.end('r1', { state: 'failed', files: [] }, 21)).toBe(false)
      expect(await store.runs.get('r1')).toMatchObject({
        state: 'done',
        progress: 1,
        endedMs: 20,
        note: '{}',
      })
      expect(await store.runs.files('r1')).toEqual([{ name: 'a.csv', mediaType: 'text/csv', bytes: 3 }])
      expect(await store.runs.file('r1', 'a.csv')).toEqual(files[0])
      expect(await store.runs.file('r1', 'b.csv')).toBeUndefined()
      expect(await store.runs.requeue(['w2'])).toEqual(['r2'])
      expect(await store.runs.get('r2')).toMatchObject({ state: 'queued' })
      expect(await store.runs.cancel('r2', by)).toBe(true)
      expect(await store.runs.progress('r2', 0.5)).toBe(false)
      expect(await store.runs.take('w1', 30)).toMatchObject({ id: 'r3' })
      expect(await store.runs.take('w1', 30)).toBeUndefined()
      expect((await store.runs.list({ limit: 9 })).map(({ id }) => id)).toEqual(['r3', 'r2', 'r1'])
      expect((await store.runs.list({ limit: 9, participant: 1, before: 'r3' })).map(({ id }) => id)).toEqual(
        ['r1'],
      )
    })

    test('events are numbered in order and read on from any of them', async () => {
      const store = await fresh()
      expect(await store.events.last()).toBe(0)
      for (const kind of ['a', 'b', 'c'])
        await store.events.add({ kind, interval: first, atMs: 1, body: '{}' })
      await store.events.add({ kind: 'd', atMs: 2, body: '{"x":1}' })
      expect(await store.events.last()).toBe(4)
      expect((await store.events.after(1, 2)).map(({ kind }) => kind)).toEqual(['b', 'c'])
      expect(await store.events.after(3, 9)).toEqual([{ seq: 4, kind: 'd', atMs: 2, body: '{"x":1}' }])
    })
  })

  describe(`${database.name}: clocks, faults, copies`, () => {
    test("the market's clock is kept and never goes back", async () => {
      const address = await database.address()
      let store = await opening(address)
      expect(await store.clock.position()).toBe(by.atMs)
      const later = by.atMs + 5000
      await store.clock.advance(later)
      await store.clock.advance(later - 2000)
      await expect(store.clock.advance(later - 2001)).rejects.toMatchObject({ code: 'clock-backwards' })
      expect(await store.clock.position()).toBe(later)
      store = await again(store, address)
      expect(await store.clock.position()).toBe(later)
    })

    test('a clock that jumps back behind what is written is refused; a small lag is taken to stand still', async () => {
      const clock = new HandClock()
      const address = await database.address()
      const store = await opening(address, { now: clock.now })
      clock.ms += 10_000
      const { atMs } = await place(store, 1, {})
      clock.ms -= 2_000
      expect((await place(store, 1, {})).atMs).toBe(atMs)
      clock.ms -= 1
      await expect(place(store, 1, {})).rejects.toMatchObject({ code: 'clock-backwards' })
      await store.close()
      const reopened = await opening(address, { now: clock.now })
      await expect(place(reopened, 1, {})).rejects.toMatchObject({ code: 'clock-backwards' })
      clock.ms += 1
      await place(reopened, 1, {})
      expect(reopened.orders.totals(first).live).toBe(3)
    })

    test('a database that takes no writes answers every write with a fault and every read as before', async () => {
      const address = await database.address()
      const writing = await opening(address)
      await place(writing, 1, {})
      await closeAndClear(writing)
      await writing.close()
      const store = await opening(address, { readOnly: true })
      const refused = { name: 'StoreFault', code: 'read-only' }
      await expect(place(store, 1, { interval: first + 1 })).rejects.toMatchObject(refused)
      await expect(store.intervals.close(first + 1, by)).rejects.toMatchObject(refused)
      await expect(store.check()).rejects.toMatchObject(refused)
      await expect(store.clock.advance(by.atMs + 9)).rejects.toMatchObject(refused)
      expect((await store.intervals.record(first))!.orders.count).toBe(1)
      expect(store.orders.openFrom).toBe(first + 1)
    })

    test('an empty database and one with another market are refused by name', async () => {
      const address = await database.address()
      const { create: _, ...without } = { create, now: new HandClock().now }
      await expect(open(address, { ...without, create: undefined as never })).rejects.toMatchObject({
        code: 'empty',
      })
      await expect(openAccess(address)).rejects.toMatchObject({ code: 'empty' })
      await opening(address)
      const other = open(address, { create: { ...create, definition: '{}' } })
      await expect(other).rejects.toMatchObject({ code: 'other-market' })
      await expect(other).rejects.toThrow('test-zone')
    })

    test('a closed store refuses, and what was asked for before is kept', async () => {
      const address = await database.address()
      const store = await opening(address)
      const placing = place(store, 1, {})
      const closing = store.close()
      await placing.catch((error: unknown) => expect(error).toMatchObject({ code: 'closed' }))
      await closing
      await expect(place(store, 1, {})).rejects.toMatchObject({ code: 'closed' })
      const kept = (await opening(address)).orders.totals(first).live
      expect(kept).toBe(
        await placing.then(
          () => 1,
          () => 0,
        ),
      )
    })

    test('backup(file) is the market as it stood at one moment; it opens as a market and can be restored', async () => {
      const store = await fresh()
      await place(store, 1, {}, {})
      await place(store, 2, { side: 1 })
      await closeAndClear(store)
      await place(store, 1, { interval: first + 1 })
      await store.access.add({ name: 'a', role: 'observer', publicJson: '{}', privateJson: '{}' }, by)
      await store.meters.add([{ participant: 1, interval: first, importWh: 1, exportWh: 2 }], by)
      const file = path.join(temporaryFolder(), 'copy.db')
      const writing = new AbortController()
      const meanwhile = (async () => {
        while (!writing.signal.aborted)
          await place(store, 3, { interval: first + 2 }, { interval: first + 2 })
      })()
      await store.backup(file)
      writing.abort()
      await meanwhile
      await expect(store.backup(file)).rejects.toThrow('exists already')
      const copy = await opening(`sqlite:${file}`)
      expect(await copy.intervals.record(first)).toEqual(await store.intervals.record(first))
      expect(copy.orders.booked(first + 1)).toEqual(store.orders.booked(first + 1))
      expect(await copy.access.participants()).toEqual(await store.access.participants())
      expect(await copy.meters.ofInterval(first)).toEqual(await store.meters.ofInterval(first))
      expect(await copy.audit.after(0, 99)).toEqual(await store.audit.after(0, 99))
      const { request, index } = copy.orders.booked(first + 2)
      expect(request.length % 2).toBe(0)
      const now = store.orders.booked(first + 2)
      expect(request).toEqual(now.request.slice(0, request.length))
      expect(index).toEqual(now.index.slice(0, index.length))

      const address = await database.address()
      await restoreStore(file, address)
      await expect(restoreStore(file, address)).rejects.toBeInstanceOf(StoreFault)
      const restored = await opening(address)
      expect(await restored.intervals.record(first)).toEqual(await store.intervals.record(first))
      expect(restored.orders.booked(first + 2)).toEqual(copy.orders.booked(first + 2))
      expect(await restored.audit.after(0, 99)).toEqual(await store.audit.after(0, 99))
      await place(restored, 1, { interval: first + 1 })
    })
  })
}

function sameOrders({ orders }: MarketStore, naive: NaiveOrders): void {
  expect([orders.openFrom, orders.clearFrom]).toEqual([naive.openFrom, naive.clearFrom])
  for (const wanted of naive.all()) expect(orders.find(wanted.key)).toEqual(wanted)
  for (let interval = naive.clearFrom; interval < first + 5; interval++) {
    const wanted = naive.booked(interval).map(({ key }) => key.request)
    expect([...orders.booked(interval).request]).toEqual(wanted)
    for (const owner of [1, 2, 3])
      expect(orders.held(owner, interval)).toMatchObject(naive.held(owner, interval))
  }
}
