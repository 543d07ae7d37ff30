import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decideGate, decideOrders } from '../../src/store/journal/decide.ts'
import { clearedEvent, closedEvent, EventBuffer, type JournalRow } from '../../src/store/journal/events.ts'
import type { ChangeJob, GateJob, OrderJob, PlaceJob } from '../../src/store/journal/jobs.ts'
import { JournalMemory } from '../../src/store/journal/memory.ts'
import type { OpenOrders } from '../../src/store/journal/open-orders.ts'
import type { NewKey } from '../../src/store/journal/remembered-keys.ts'
import { orderId } from '../../src/store/order-id.ts'
import type { OrderKey, PlaceAnswer, StoredOrder } from '../../src/store/port.ts'
import { NaiveOrders } from './naive-orders.ts'
import { type Asked, asked } from './order-requests.ts'

const first = 1_998_336
const dayMs = 86_400_000
const silent = { resolve: () => {}, reject: () => {} }

/** Decides and adds up group after group, as the store does, with a journal in memory. */
class MemoryJournal {
  readonly rows: JournalRow[] = []
  readonly memory = new JournalMemory({ openFrom: first, clearFrom: first, seq: 0, atMs: 0 }, dayMs)
  journalFrom = 1
  #requests = 0

  write(jobs: readonly OrderJob[]): void {
    const events = new EventBuffer()
    const context = { memory: this.memory, events, atMs: this.rows.length }
    const keys = decideOrders(jobs, { ...context, randomRequest: () => this.#requests++ })
    this.#keep(events, keys)
  }

  gate(job: GateJob): void {
    const events = new EventBuffer()
    decideGate(job, this.orders, events)
    const from = this.orders.firstSeqNeeded(job.interval + 1)
    if (job.event === clearedEvent) this.journalFrom = from
    this.#keep(events, [])
  }

  get orders(): OpenOrders {
    return this.memory.orders
  }

  #keep(events: EventBuffer, keys: readonly NewKey[]): void {
    if (events.count === 0) return
    const row = {
      seq: this.rows.length + 1,
      atMs: this.rows.length,
      bytes: events.bytes(),
      keys: JSON.stringify(keys),
    }
    this.rows.push(row)
    this.memory.addOwn(events.events(), keys, row.atMs)
  }
}

function rebuilt(journal: MemoryJournal, afterSeq: number): OpenOrders {
  const { openFrom, clearFrom } = journal.orders
  const memory = new JournalMemory({ openFrom, clearFrom, seq: afterSeq, atMs: 0 }, dayMs)
  for (const row of journal.rows.slice(afterSeq)) memory.add(row)
  return memory.orders
}

/** Plays the same requests to journal and twin; orders picked are those placed so far. */
function play(groups: readonly (readonly Asked[])[]): { journal: MemoryJournal; naive: NaiveOrders } {
  const journal = new MemoryJournal()
  const naive = new NaiveOrders(first)
  const placed: OrderKey[] = []
  for (const group of groups) {
    const jobs: { job: OrderJob; check: () => void }[] = []
    const flush = () => {
      journal.write(jobs.map(({ job }) => job))
      for (const { check } of jobs) check()
      jobs.length = 0
    }
    for (const ask of group) {
      if (ask.kind === 'place') jobs.push(place(ask, naive, placed))
      else if (ask.kind === 'change' && placed.length > 0) jobs.push(change(ask, naive, placed))
      else if (ask.kind === 'close' || ask.kind === 'clear') {
        flush()
        moveGate(ask.kind, journal, naive)
      }
    }
    flush()
  }
  return { journal, naive }
}

function place(ask: Extract<Asked, { kind: 'place' }>, naive: NaiveOrders, placed: OrderKey[]) {
  const orders = ask.orders.map(({ later, ...terms }) => ({ ...terms, interval: first + later }))
  const request = { participant: ask.participant, origin: ask.origin, orders } as const
  const job: PlaceJob = { kind: 'place', request, ...silent }
  return {
    job,
    check: () => {
      const answer = job.answer as PlaceAnswer
      const number = answer.outcome === 'placed' ? answer.request : -1
      const late = naive.place(ask, number, orders)
      if (late !== undefined)
        expect(answer).toEqual({ outcome: 'closed', interval: late, openFrom: naive.openFrom })
      else {
        expect(answer).toMatchObject({ outcome: 'placed', orders, repeated: false })
        for (const [index, { interval }] of orders.entries())
          placed.push({ interval, request: number, index })
      }
    },
  }
}

function change(ask: Extract<Asked, { kind: 'change' }>, naive: NaiveOrders, placed: readonly OrderKey[]) {
  const key = placed[ask.pick % placed.length]!
  const request = { participant: ask.participant, key, expectedVersion: ask.version }
  const job: ChangeJob = { kind: 'change', request, ...(ask.terms && { terms: ask.terms }), ...silent }
  return {
    job,
    check: () => {
      const outcome = naive.change(ask.participant, key, ask.version, ask.terms)
      expect(job.answer!.outcome).toBe(outcome)
    },
  }
}

function moveGate(kind: 'close' | 'clear', journal: MemoryJournal, naive: NaiveOrders): void {
  if (kind === 'clear' && naive.clearFrom === naive.openFrom) return
  const [event, interval] =
    kind === 'close' ? ([closedEvent, naive.openFrom] as const) : ([clearedEvent, naive.clearFrom] as const)
  const write = () => ({ name: 'touch', args: undefined }) as const
  journal.gate({ kind: 'gate', event, interval, write, ...silent })
  naive[kind]()
}

function same(orders: OpenOrders, naive: NaiveOrders): void {
  expect([orders.openFrom, orders.clearFrom]).toEqual([naive.openFrom, naive.clearFrom])
  const byId = (all: readonly StoredOrder[]) =>
    all.toSorted((a, b) => (orderId(a.key) < orderId(b.key) ? -1 : 1))
  const found = naive.all().map(({ key }) => orders.find(key))
  expect(found).toEqual(naive.all())
  const byOwner = [1, 2, 3].flatMap((owner) =>
    orders.intervalsOf(owner).flatMap((interval) => orders.interval(interval)!.ofParticipant(owner)),
  )
  expect(byId(byOwner)).toEqual(byId(naive.all()))
  for (let interval = naive.clearFrom; interval < first + 5; interval++) sameInterval(orders, naive, interval)
}

function sameInterval(orders: OpenOrders, naive: NaiveOrders, interval: number): void {
  const wanted = naive.booked(interval)
  for (const owner of [1, 2, 3])
    expect(orders.held(owner, interval)).toMatchObject(naive.held(owner, interval))
  const kept = orders.interval(interval)
  if (!kept) return expect(wanted).toEqual([])
  const booked = kept.booked()
  const rows = Array.from({ length: booked.count }, (_, row) => ({
    key: { interval, request: booked.request[row], index: booked.index[row] },
    participant: booked.participant[row],
    side: booked.side[row],
    bus: booked.bus[row],
    limitTicks: booked.limitTicks[row],
    quantityWh: booked.quantityWh[row],
    version: booked.version[row],
    sequence: booked.sequence[row],
  }))
  expect(rows).toEqual(
    wanted.map(({ origin: _origin, state: _state, interval: _interval, ...order }) => order),
  )
  const sum = (side: number) =>
    wanted.filter((order) => order.side === side).reduce((total, { quantityWh }) => total + quantityWh, 0)
  const all = naive.all().filter((order) => order.interval === interval).length
  expect(kept.totals()).toEqual({
    live: wanted.length,
    cancelled: all - wanted.length,
    buyWh: sum(0),
    sellWh: sum(1),
  })
}

const groups = fc.array(fc.array(asked, { maxLength: 6 }), { maxLength: 12 })

test('groups of requests decide and add up as one request after another would', () => {
  fc.assert(
    fc.property(groups, (asking) => {
      const { journal, naive } = play(asking)
      same(journal.orders, naive)
    }),
    { numRuns: 400 },
  )
})

test('the journal alone gives the orders back, whole or from the first row that is needed', () => {
  fc.assert(
    fc.property(groups, (asking) => {
      const { journal, naive } = play(asking)
      same(rebuilt(journal, 0), naive)
      same(rebuilt(journal, journal.journalFrom - 1), naive)
    }),
    { numRuns: 300 },
  )
})

test('a journal that misses a row, or changes an order it never placed, is refused', () => {
  const place: Asked = {
    kind: 'place',
    participant: 1,
    origin: 0,
    orders: [{ side: 0, bus: 1, limitTicks: 1, quantityWh: 1, later: 0 }],
  }
  const change: Asked = { kind: 'change', participant: 1, pick: 0, version: 1, terms: undefined }
  const { journal } = play([[place], [change]])
  const empty = () => new JournalMemory({ openFrom: first, clearFrom: first, seq: 0, atMs: 0 }, dayMs)
  expect(() => empty().add(journal.rows[1]!)).toThrow('journal row 2 came after 0')
  expect(() => empty().add({ ...journal.rows[1]!, seq: 1 })).toThrow('never placed')
})

test('decideGate(job) refuses to skip an interval, and to clear one that is open', () => {
  const { journal } = play([[{ kind: 'close' }]])
  const gate = (event: typeof closedEvent | typeof clearedEvent, interval: number) =>
    journal.gate({
      kind: 'gate',
      event,
      interval,
      write: () => ({ name: 'touch', args: undefined }),
      ...silent,
    })
  expect(() => gate(closedEvent, first + 2)).toThrow(RangeError)
  expect(() => gate(clearedEvent, first + 1)).toThrow(RangeError)
  gate(clearedEvent, first)
  expect(() => gate(clearedEvent, first + 1)).toThrow(RangeError)
})
