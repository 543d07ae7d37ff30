/**
 * `GET /v1/zones/{zone}/stream`: what the market's record of events tells, and to a participant its own fills beside it.
 *
 * An event's id is its number in the record; fills of a clearing are numbered below it, `12.1`, `12.2`, and come before it.
 * So an id says how far its reader has come, and another process can go on from it.
 */
import { kwhText, priceText } from '../../../contract/decimals.ts'
import type { ZoneEvent, ZoneEventName } from '../../../contract/events.ts'
import { orderId } from '../../../store/order-id.ts'
import type { MarketEvent } from '../../../store/port.ts'
import { streamed, type Asking, type Streamed } from '../../answer.ts'
import { EventStream, type StreamEvent, type Streams } from '../../event-stream.ts'
import type { LiveMarket } from '../../market/live-market.ts'
import type { PulseLog } from '../../market/pulse.ts'
import { intervalName } from '../../market/timeline.ts'
import { Refusal } from '../../refusal.ts'
import type { ClearingCache } from '../clearings/cache.ts'
import { meanPrices, outcomeWord } from '../orders/order-answer.ts'

const pageRows = 200

export interface StreamParts {
  readonly clearings: ClearingCache
  readonly streams: Streams
  readonly log: PulseLog
}

interface Position {
  /** number of the last event that was told whole */
  seq: number
  /** fills told of the event after it */
  fills: number
}

export async function followZone(
  market: LiveMarket,
  { clearings, streams, log }: StreamParts,
  { reply, caller, headers }: Asking<'followZone'>,
): Promise<Streamed> {
  if (streams.isFull)
    throw new Refusal('overloaded', { came: `${streams.most} streams are open`, retryAfterS: 30 })
  const position = positionOf(headers['last-event-id']) ?? { seq: await market.store.events.last(), fills: 0 }
  const stream = streams.add(new EventStream(reply), caller)
  const teller = new Teller(
    market,
    clearings,
    caller.role === 'participant' ? caller.participant : null,
    stream,
    position,
  )
  stream.onClose(market.store.watch((news) => news.events && teller.tell()))
  teller.onTrouble = (error) => {
    log.error({ err: error }, 'a stream ended')
    stream.close()
  }
  teller.tell()
  return streamed
}

function positionOf(id: string | undefined): Position | undefined {
  if (id === undefined) return undefined
  const match = /^(\d{1,15})(?:\.(\d{1,9}))?$/.exec(id)
  if (!match)
    throw new Refusal('invalid-cursor', {
      wanted: 'the id of an event',
      came: id,
      path: 'headers.last-event-id',
    })
  // The fills of an event come before it, so who has one of them has not got the event.
  return match[2] === undefined
    ? { seq: Number(match[1]), fills: 0 }
    : { seq: Number(match[1]) - 1, fills: Number(match[2]) }
}

/** Tells one reader, one event after the other, from where it stands. */
class Teller {
  readonly #market: LiveMarket
  readonly #clearings: ClearingCache
  readonly #participant: number | null
  readonly #stream: EventStream
  readonly #position: Position
  #telling = false
  #again = false
  onTrouble: (error: unknown) => void = () => {}

  constructor(
    market: LiveMarket,
    clearings: ClearingCache,
    participant: number | null,
    stream: EventStream,
    position: Position,
  ) {
    this.#market = market
    this.#clearings = clearings
    this.#participant = participant
    this.#stream = stream
    this.#position = position
  }

  tell(): void {
    this.#again = true
    if (this.#telling) return
    this.#telling = true
    this.#tellAll()
      .catch((error: unknown) => this.onTrouble(error))
      .finally(() => {
        this.#telling = false
      })
  }

  async #tellAll(): Promise<void> {
    while (this.#again && !this.#stream.isClosed) {
      this.#again = false
      for (;;) {
        const events = await this.#market.store.events.after(this.#position.seq, pageRows)
        for (const event of events) {
          await this.#stream.flow()
          if (this.#stream.isClosed) return
          await this.#tellOne(event)
        }
        if (events.length < pageRows || this.#stream.isClosed) break
      }
    }
  }

  async #tellOne(event: MarketEvent): Promise<void> {
    if (event.kind === 'cleared') await this.#tellFills(event)
    const told = await this.#toldOf(event)
    if (told) this.#stream.send({ id: String(event.seq), ...told })
    this.#position.seq = event.seq
    this.#position.fills = 0
  }

  async #tellFills({ seq, interval }: MarketEvent): Promise<void> {
    if (this.#participant === null) return
    const { orders, outcomes } = await this.#clearings.book(interval!)
    // Prices of orders that traded at several, or at 0, are looked up when the first of them is told.
    let means: ReadonlyMap<string, string> | undefined
    let fill = 0
    for (let row = 0; row < orders.count; row++) {
      if (orders.participant[row] !== this.#participant || ++fill <= this.#position.fills) continue
      const acceptedWh = outcomes.acceptedWh[row]!
      const key = { interval: interval!, request: orders.request[row]!, index: orders.index[row]! }
      const id = orderId(key)
      const priceTicks = outcomes.priceTicks[row]!
      if (acceptedWh > 0 && priceTicks === 0)
        means ??= await meanPrices(this.#market, this.#participant, interval!)
      const data: ZoneEvent<'fill'> = {
        interval: intervalName(interval!),
        order: id,
        side: orders.side[row] === 0 ? 'buy' : 'sell',
        accepted: kwhText(acceptedWh),
        price: priceTicks === 0 ? (means?.get(id) ?? null) : priceText(priceTicks),
        outcome: outcomeWord(acceptedWh, orders.quantityWh[row]!),
      }
      this.#stream.send({ id: `${seq}.${fill}`, name: 'fill', data })
    }
  }

  async #toldOf({ kind, interval, body }: MarketEvent): Promise<Omit<StreamEvent, 'id'> | undefined> {
    const name = interval === undefined ? '' : intervalName(interval)
    switch (kind) {
      case 'gate-closing':
        return { name: kind, data: JSON.parse(body) as ZoneEvent<'gate-closing'> }
      case 'closed':
        return told('gate-closed', { interval: name })
      case 'cleared':
      case 'published': {
        const { volume, prices } = await this.#clearings.published(interval!)
        return told('cleared', { interval: name, volume, prices, again: kind === 'published' })
      }
      case 'settled':
        return told('settled', { interval: name, round: (JSON.parse(body) as { round: number }).round })
      default:
        return undefined
    }
  }
}

function told<Name extends ZoneEventName>(name: Name, data: ZoneEvent<Name>): Omit<StreamEvent, 'id'> {
  return { name, data }
}
