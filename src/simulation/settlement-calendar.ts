/** When each month of a run is settled, by the working days of the scenario's holiday calendar. */
import { isWorkday } from '../assets/holidays.ts'
import type { Zone } from '../scenario/zone.ts'
import { settlementDates, settlementRule, type SettlementDates } from '../settlement/settlement-dates.ts'

export interface SettlementMonth extends SettlementDates {
  /** the month that is settled, `2027-01` */
  readonly month: string
  /** the rule, and what is known of the holidays these days were counted by */
  readonly basis: string
}

export function settlementCalendar({
  calendar,
  holidays,
}: Pick<Zone, 'calendar' | 'holidays'>): SettlementMonth[] {
  return calendar.months.map(({ key, year, month }) => ({
    month: key,
    ...settlementDates({ year, month }, (day) => isWorkday(holidays, day)),
    basis: `${settlementRule}; ${daysKnown(holidays, month === 12 ? year + 1 : year)}`,
  }))
}

/** A year that is not in the data has neither holidays nor working weekends (调休), so only its weekends are off. */
function daysKnown(holidays: Zone['holidays'], year: number): string {
  const known = holidays.sourceOf(year)
  return known
    ? `public holidays of ${year}: ${known.confidence}`
    : `public holidays of ${year} are not known: weekends only`
}
