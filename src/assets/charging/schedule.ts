/**
 * What a charging site does with its sessions: energy by session and interval, within charger, stay and the site's own
 * limit. A schedule says how much each session gets; whoever made it, the same rules hold.
 */
import { assert } from '../../base/errors.ts'
import type { ChargingSession } from './sessions.ts'

export interface ChargingSchedule {
  /** one column per session, from its arrival to its departure [Wh] */
  readonly chargeWh: readonly Int32Array[]
}

/** Nobody charges yet. */
export function emptySchedule(sessions: readonly ChargingSession[]): ChargingSchedule {
  return { chargeWh: sessions.map(({ arrival, departure }) => new Int32Array(departure - arrival)) }
}

/**
 * Uncontrolled charging (无序充电): each takes full power from its arrival until it has what it wants. Where the site is
 * full, who came first charges first.
 *
 * @param sessions in order of arrival
 * @param siteWh most energy of all chargers together in one interval, Infinity for no limit [Wh]
 */
export function chargeOnArrival(sessions: readonly ChargingSession[], siteWh: number): ChargingSchedule {
  const schedule = emptySchedule(sessions)
  const wantedWh = sessions.map((session) => session.energyWh)
  const last = sessions.reduce((latest, { departure }) => Math.max(latest, departure), 0)
  let next = 0
  let present: number[] = []
  for (let interval = sessions[0]?.arrival ?? 0; interval < last; interval++) {
    while (next < sessions.length && sessions[next]!.arrival === interval) present.push(next++)
    let roomWh = siteWh
    for (const at of present) {
      const { arrival, powerWh } = sessions[at]!
      const chargeWh = Math.min(powerWh, wantedWh[at]!, roomWh)
      schedule.chargeWh[at]![interval - arrival] = chargeWh
      wantedWh[at]! -= chargeWh
      roomWh -= chargeWh
    }
    present = present.filter((at) => wantedWh[at]! > 0 && sessions[at]!.departure > interval + 1)
  }
  return schedule
}

/** Energy of all sessions by interval of the run. [Wh] */
export function siteLoadWh(
  sessions: readonly ChargingSession[],
  { chargeWh }: ChargingSchedule,
  intervals: number,
): Int32Array {
  const loadWh = new Int32Array(intervals)
  sessions.forEach(({ arrival }, at) => {
    chargeWh[at]!.forEach((energyWh, since) => (loadWh[arrival + since]! += energyWh))
  })
  return loadWh
}

/** What a site did for its vehicles. */
export interface ChargingService {
  readonly sessions: number
  readonly wantedWh: number
  readonly chargedWh: number
  /** vehicles that left with less than they wanted, and by how much together [Wh] */
  readonly shortSessions: number
  readonly shortWh: number
}

/** @throws BrokenAssertion where a session got more than it wanted or than its charger gives */
export function serviceOf(
  sessions: readonly ChargingSession[],
  { chargeWh }: ChargingSchedule,
): ChargingService {
  const service = { sessions: sessions.length, wantedWh: 0, chargedWh: 0, shortSessions: 0, shortWh: 0 }
  sessions.forEach(({ energyWh, powerWh }, at) => {
    let chargedWh = 0
    for (const part of chargeWh[at]!) {
      assert(part >= 0 && part <= powerWh, () => `a charger of ${powerWh} Wh an interval gave ${part} Wh`)
      chargedWh += part
    }
    assert(chargedWh <= energyWh, () => `a vehicle that wanted ${energyWh} Wh was given ${chargedWh} Wh`)
    service.wantedWh += energyWh
    service.chargedWh += chargedWh
    service.shortSessions += chargedWh < energyWh ? 1 : 0
    service.shortWh += energyWh - chargedWh
  })
  return service
}
