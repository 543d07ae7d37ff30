/** Every figure a run rests on, with where it comes from and how sure it is; what is unverified comes first. */
import type { SimulationResult } from '../simulation/result.ts'

export interface Assumption {
  readonly path: string
  readonly value: string
  readonly source: string
  readonly confidence: 'verified-primary' | 'verified-secondary' | 'derived' | 'unverified'
  readonly note: string
}

const rank = { unverified: 0, derived: 1, 'verified-secondary': 2, 'verified-primary': 3 } as const

export function assumptionsOf({ zone }: SimulationResult): Assumption[] {
  const scenario = zone.provenance.map((each): Assumption => ({
    path: `scenario ${each.path}`,
    value: '',
    source: each.source,
    confidence: each.confidence,
    note: each.note ?? '',
  }))
  const book = zone.book.facts(zone.calendar.from, zone.calendar.to).map((fact): Assumption => ({
    path: `tariff ${fact.path}`,
    value: `${fact.value} ${fact.unit}`,
    source: fact.source,
    confidence: fact.confidence,
    note: fact.note ?? '',
  }))
  const years = [...new Set(zone.calendar.days.map((day) => day.year))]
  const holidays = years.map((year): Assumption => {
    const { source, confidence } = zone.holidays.sourceOf(year)!
    return {
      path: `public holidays ${year}`,
      value: '',
      source,
      confidence: confidence as Assumption['confidence'],
      note: '',
    }
  })
  return [...scenario, ...book, ...holidays].sort((a, b) => rank[a.confidence] - rank[b.confidence])
}
