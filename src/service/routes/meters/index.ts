/** Readings from outside, each with its history. */
import { kwhText, whOf } from '../../../contract/decimals.ts'
import type { NewReading, ReadingAnswer } from '../../../contract/routes/meters.ts'
import type { NewReading as StoreReading, Reading } from '../../../store/port.ts'
import type { Handlers } from '../../answer.ts'
import { enterpriseRow, storageRow } from '../../../simulation/order-rows.ts'
import type { Caller } from '../../access/directory.ts'
import type { LiveMarket } from '../../market/live-market.ts'
import type { Member } from '../../market/members.ts'
import { closesAtMs } from '../../market/statements.ts'
import { endMs, instantText, intervalName } from '../../market/timeline.ts'
import { Refusal } from '../../refusal.ts'
import { intervalNamed, memberNamed } from '../lookups.ts'
import { pageOf } from '../paging.ts'

/** A meter may show more than its connection was made for, but not any number. */
const mostTimes = 4

export function meterRoutes(market: LiveMarket): Handlers<'sendReadings' | 'listReadings'> {
  const { meters } = market.store
  return {
    sendReadings: async ({ body, caller }) => {
      const readings = Array.isArray(body)
        ? body.map((reading, at) => readingOf(market, reading, `body.${at}`))
        : [readingOf(market, body, 'body')]
      const months = monthsOf(market, readings)
      // What was in time when it was looked at may have been overtaken by the statements.
      if ((await meters.add(readings, market.by(caller), months)) === 'late')
        throw new Refusal('month-closed', { came: months.join(', ') })
      market.pulse.wake()
      const kept = await Promise.all(
        readings.map(({ participant, interval }) => newest(market, participant, interval)),
      )
      return { readings: kept.map((each) => answerOf(market, each)) }
    },
    listReadings: async ({ query, caller }) => {
      const member = memberOf(market, caller, query.participant)
      if (query.interval !== undefined) {
        const interval = intervalNamed(market, query.interval, 'query.interval')
        const history = await meters.history(member.participant, interval)
        return { readings: history.map((each) => answerOf(market, each)), next: null }
      }
      const { first } = market.model.timeline
      const to = market.store.orders.openFrom
      const page = pageOf(query, first)
      const newestOnes = await meters.ofParticipant(member.participant, {
        from: page.from,
        to,
        limit: page.limit,
      })
      return {
        readings: newestOnes.map((each) => answerOf(market, each)),
        next: page.nextAfter(
          newestOnes.map(({ interval }) => interval),
          to,
        ),
      }
    },
  }
}

function monthsOf({ model }: LiveMarket, readings: readonly StoreReading[]): string[] {
  const months = new Set(readings.map(({ interval }) => model.timeline.monthOf(interval)))
  return [...months].map((month) => model.zone.calendar.months[month]!.key)
}

/** Whose readings are asked for: a participant's own, whatever it names. */
function memberOf(market: LiveMarket, caller: Caller, id: string | undefined): Member {
  if (caller.role === 'participant') {
    const own = market.memberOf(caller)
    if (id !== undefined && id !== own.id)
      throw new Refusal('participant-unknown', { came: id, path: 'query.participant' })
    return own
  }
  if (id === undefined)
    throw new Refusal('invalid-request', {
      wanted: 'a participant',
      came: 'nothing',
      path: 'query.participant',
    })
  return memberNamed(market, id, 'query.participant')
}

function readingOf(
  market: LiveMarket,
  { participant, interval: name, energy }: NewReading,
  path: string,
): StoreReading {
  const member = memberNamed(market, participant, `${path}.participant`)
  const interval = intervalNamed(market, name, `${path}.interval`)
  if (endMs(interval) > market.clock.now())
    throw new Refusal('meter-too-early', {
      came: `${name}, which ends at ${instantText(endMs(interval))}`,
      path: `${path}.interval`,
    })
  const month = market.model.timeline.monthOf(interval)
  if (closesAtMs(market.model.zone, month) <= market.clock.now())
    throw new Refusal('month-closed', { came: name, path: `${path}.interval` })
  if (member.rowKind === storageRow)
    throw new Refusal('participant-unknown', {
      wanted: 'an enterprise or a plant; a battery does what it traded',
      came: participant,
      path: `${path}.participant`,
    })
  const energyWh = whOf(energy)
  const mostWh = member.mostWh * mostTimes
  if (energyWh > mostWh)
    throw new Refusal('beyond-connection', {
      wanted: `at most ${kwhText(mostWh)} kWh`,
      came: energy,
      path: `${path}.energy`,
    })
  const isBuyer = member.rowKind === enterpriseRow
  return {
    participant: member.participant,
    interval,
    importWh: isBuyer ? energyWh : 0,
    exportWh: isBuyer ? 0 : energyWh,
  }
}

async function newest({ store }: LiveMarket, participant: number, interval: number): Promise<Reading> {
  return (await store.meters.history(participant, interval)).at(-1)!
}

function answerOf(
  { members }: LiveMarket,
  { participant, interval, importWh, exportWh, version, atMs, by }: Reading,
): ReadingAnswer {
  return {
    participant: members.byParticipant(participant).id,
    interval: intervalName(interval),
    energy: kwhText(importWh + exportWh),
    version,
    source: by === undefined ? 'simulated' : 'sent',
    received: instantText(atMs),
  }
}
