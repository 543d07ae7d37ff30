/**
 * A fleet at its chargers (充电桩): when vehicles plug in and leave, and how much energy each wants. Seeded; every vehicle
 * comes at most once a day and never while it is still there.
 *
 *     arrival, stay, energy ~ normal(mean, spread), each cut at two spreads; stay below a day
 *
 * Years are drawn whole, from 1 January, and a run has those visits that lie within it: who came before its first day or
 * leaves after its last is not counted. No trips are modelled: energy is drawn, not driven.
 */
import { wholeYears, type Calendar } from '../../base/calendar.ts'
import type { RandomStream } from '../../base/random.ts'
import { hoursPerInterval, intervalsPerDay } from '../../base/units.ts'
import { isWorkday, type Holidays } from '../holidays.ts'

interface Spread {
  readonly mean: number
  /** standard deviation */
  readonly spread: number
}

export interface Fleet {
  readonly vehicles: number
  /** share of the vehicles that come on a workday, and on a day off */
  readonly workdayShare: number
  readonly dayOffShare: number
  /** hour of the day at which they plug in */
  readonly arrivalHour: Spread
  readonly stayHours: Spread
  readonly energyKwh: Spread
  /** of one charger [kW] */
  readonly powerKw: number
}

/** One vehicle from plugging in to leaving; what happens to it is somebody else's decision. */
export interface ChargingSession {
  readonly vehicle: number
  /** first interval in which it can charge */
  readonly arrival: number
  /** first interval in which it is gone */
  readonly departure: number
  /** what it wants by then, whole [Wh] */
  readonly energyWh: number
  /** most in one interval [Wh] */
  readonly powerWh: number
}

export interface FleetInput {
  readonly fleet: Fleet
  readonly calendar: Calendar
  readonly holidays: Holidays
  readonly random: RandomStream
}

/** @returns the visits of the run, in order of arrival, then of vehicle */
export function drawSessions({ fleet, calendar, holidays, random }: FleetInput): ChargingSession[] {
  const years = wholeYears(calendar)
  const goneAt = new Int32Array(fleet.vehicles)
  const sessions: ChargingSession[] = []
  years.calendar.days.forEach((day, number) => {
    const share = isWorkday(holidays, day) ? fleet.workdayShare : fleet.dayOffShare
    for (let vehicle = 0; vehicle < fleet.vehicles; vehicle++) {
      const visit = drawVisit(fleet, random)
      const first = number * intervalsPerDay + visit.arrival
      if (visit.chance >= share || first < goneAt[vehicle]!) continue
      goneAt[vehicle] = first + visit.stay
      const arrival = first - years.firstInterval
      const departure = arrival + visit.stay
      if (arrival < 0 || departure > calendar.intervals) continue
      const powerWh = Math.floor(fleet.powerKw * 1000 * hoursPerInterval)
      sessions.push({ vehicle, arrival, departure, energyWh: visit.energyWh, powerWh })
    }
  })
  return sessions.sort((a, b) => a.arrival - b.arrival || a.vehicle - b.vehicle)
}

/** The same number of draws whoever comes, so that one visit more or less leaves the others as they are. */
function drawVisit(fleet: Fleet, random: RandomStream) {
  const chance = random.uniform()
  const hour = drawn(fleet.arrivalHour, random)
  const stayHours = drawn(fleet.stayHours, random)
  const energyKwh = drawn(fleet.energyKwh, random)
  const quarters = (hours: number) => Math.round(hours / hoursPerInterval)
  return {
    chance,
    arrival: Math.min(intervalsPerDay - 1, Math.max(0, quarters(hour))),
    stay: Math.min(intervalsPerDay - 1, Math.max(1, quarters(stayHours))),
    energyWh: Math.max(0, Math.round(energyKwh * 1000)),
  }
}

function drawn({ mean, spread }: Spread, random: RandomStream): number {
  return mean + spread * Math.max(-2, Math.min(2, random.normal()))
}
