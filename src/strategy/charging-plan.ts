/**
 * Price-shifted charging (有序充电): every vehicle has what it wants when it leaves, as far as its charger, its stay and
 * the site's limit allow, at the least cost.
 *
 *     minimise   Σ price_t · Σ_s charge_s,t
 *     subject to Σ_t charge_s,t = what s wants (or the most that can be had), charge ≤ charger, Σ_s charge ≤ site
 *
 * Cost depends on the interval only. Loads by interval that some charging can serve form a polymatroid, so taking the
 * cheapest interval first, with as much as can be served beside what is already taken, is exact. What can be served is
 * found by augmenting paths: a session takes room in a full interval from another that can charge elsewhere.
 */
import type { ChargingSession } from '../assets/charging/sessions.ts'
import { emptySchedule, type ChargingSchedule } from '../assets/charging/schedule.ts'

export interface ChargingTask {
  readonly sessions: readonly ChargingSession[]
  /** most energy of all chargers in one interval, Infinity for no limit [Wh] */
  readonly siteWh: number
  /** price by interval, counted like the sessions' arrivals */
  readonly priceTicks: ArrayLike<number>
}

/** @returns of several cheapest schedules the one that charges earliest, interval by interval of one price */
export function planCharging(task: ChargingTask): ChargingSchedule {
  const planner = new ChargingPlanner(task)
  const { priceTicks } = task
  const cheapestFirst = planner.intervals.sort((a, b) => priceTicks[a]! - priceTicks[b]! || a - b)
  for (const interval of cheapestFirst) planner.fill(interval)
  return planner.schedule
}

class ChargingPlanner {
  readonly schedule: ChargingSchedule
  /** in which somebody is there */
  readonly intervals: number[]
  readonly #sessions: readonly ChargingSession[]
  readonly #isLimited: boolean
  /** by session, and by all of them together [Wh] */
  readonly #leftWh: Float64Array
  #allLeftWh: number
  /** by interval, as it is counted by the sessions */
  readonly #roomWh: Float64Array
  readonly #present: number[][]

  constructor({ sessions, siteWh }: ChargingTask) {
    const end = sessions.reduce((most, { departure }) => Math.max(most, departure), 0)
    this.schedule = emptySchedule(sessions)
    this.#sessions = sessions
    this.#isLimited = siteWh < Infinity
    this.#leftWh = Float64Array.from(sessions, (session) => session.energyWh)
    this.#allLeftWh = sessions.reduce((sum, session) => sum + session.energyWh, 0)
    this.#roomWh = new Float64Array(end).fill(siteWh)
    this.#present = Array.from({ length: end }, () => [])
    // Who leaves first charges first, which leaves the longest stays for later.
    const byDeparture = sessions
      .map((_, at) => at)
      .sort((a, b) => sessions[a]!.departure - sessions[b]!.departure)
    for (const at of byDeparture) {
      const { arrival, departure } = sessions[at]!
      for (let interval = arrival; interval < departure; interval++) this.#present[interval]!.push(at)
    }
    this.intervals = [...this.#present.keys()].filter((interval) => this.#present[interval]!.length > 0)
  }

  /** Takes as much in an interval as can be served beside what earlier ones have. */
  fill(interval: number): void {
    for (const session of this.#present[interval]!) this.#push(interval, session)
    if (!this.#isLimited) return
    while (this.#roomWh[interval]! > 0 && this.#allLeftWh > 0 && this.#augment(interval));
  }

  #chargedWh(session: number, interval: number): number {
    return this.schedule.chargeWh[session]![interval - this.#sessions[session]!.arrival]!
  }

  #chargerRoomWh(session: number, interval: number): number {
    return this.#sessions[session]!.powerWh - this.#chargedWh(session, interval)
  }

  #push(interval: number, session: number): void {
    const roomWh = Math.min(this.#roomWh[interval]!, this.#chargerRoomWh(session, interval))
    const energyWh = Math.min(roomWh, this.#leftWh[session]!)
    if (energyWh <= 0) return
    this.#move(session, interval, energyWh)
    this.#serve(session, interval, energyWh)
  }

  /** A session has so much more, and an interval carries it. */
  #serve(session: number, interval: number, energyWh: number): void {
    this.#leftWh[session]! -= energyWh
    this.#allLeftWh -= energyWh
    this.#roomWh[interval]! -= energyWh
  }

  #move(session: number, interval: number, energyWh: number): void {
    const { arrival } = this.#sessions[session]!
    this.schedule.chargeWh[session]![interval - arrival]! += energyWh
  }

  /**
   * One more path: a session here gives up energy in an interval that is full, to another that wants more there, or that
   * again gives up some elsewhere. Breadth first, so paths are short. Only full intervals can hold anybody back.
   *
   * @returns whether there was one
   */
  #augment(start: number): boolean {
    // Where each session was met, and who would give up energy in each interval that was reached.
    const metAt = new Map<number, number>()
    const giverAt = new Map<number, number>()
    const reached = [start]
    for (const interval of reached) {
      for (const session of this.#present[interval]!) {
        if (metAt.has(session) || this.#chargerRoomWh(session, interval) <= 0) continue
        metAt.set(session, interval)
        if (this.#leftWh[session]! > 0) {
          this.#shift(this.#pathTo(session, start, metAt, giverAt), session, start)
          return true
        }
        this.#reachFull(session, start, giverAt, reached)
      }
    }
    return false
  }

  /** Full intervals in which a session charges, and could charge less. */
  #reachFull(session: number, start: number, giverAt: Map<number, number>, reached: number[]): void {
    const { arrival } = this.#sessions[session]!
    const chargeWh = this.schedule.chargeWh[session]!
    for (let since = 0; since < chargeWh.length; since++) {
      const interval = arrival + since
      if (chargeWh[since] === 0 || this.#roomWh[interval]! > 0) continue
      if (interval === start || giverAt.has(interval)) continue
      giverAt.set(interval, session)
      reached.push(interval)
    }
  }

  /** Steps from the session that wants more back to the start: who takes, in which interval, from whom. */
  #pathTo(
    session: number,
    start: number,
    metAt: ReadonlyMap<number, number>,
    giverAt: ReadonlyMap<number, number>,
  ): PathStep[] {
    const path: PathStep[] = []
    for (let taker = session; ;) {
      const interval = metAt.get(taker)!
      const giver = interval === start ? null : giverAt.get(interval)!
      path.push({ taker, interval, giver })
      if (giver === null) return path
      taker = giver
    }
  }

  /** Moves what the whole path can carry. */
  #shift(path: readonly PathStep[], session: number, start: number): void {
    const energyWh = Math.min(
      this.#leftWh[session]!,
      this.#roomWh[start]!,
      ...path.map(({ taker, interval }) => this.#chargerRoomWh(taker, interval)),
      ...path.map(({ giver, interval }) => (giver === null ? Infinity : this.#chargedWh(giver, interval))),
    )
    for (const { taker, interval, giver } of path) {
      this.#move(taker, interval, energyWh)
      if (giver !== null) this.#move(giver, interval, -energyWh)
    }
    this.#serve(session, start, energyWh)
  }
}

interface PathStep {
  readonly taker: number
  readonly interval: number
  /** who gives up what the taker takes; null where the interval has room */
  readonly giver: number | null
}
