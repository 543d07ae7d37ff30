/** What the air's temperature makes of the loads of one kind: cooling and heating, felt through the walls. */
import { wholeYears, type Calendar } from '../../base/calendar.ts'
import { hoursPerInterval } from '../../base/units.ts'
import type { LoadArchetype } from './archetype.ts'
import { referenceTempC } from './reference-year.ts'

/** Cooling plants are at their limit above this, [°C], and heating begins below that. */
const hottestC = 36
const heatingBelowC = 10

/** All enterprises of a kind feel the same weather, so its year is worked out once. */
const known = new WeakMap<Float64Array, Map<LoadArchetype, { calendar: Calendar; factors: Float64Array }>>()

/**
 * Factor on the level of every quarter-hour of the whole years that a run touches.
 *
 *     factor = 1 + cooling · K above + heating · K below
 *
 * @param airTempC one value per interval of the run [°C]; the rest of its years has a reference year's
 */
export function weatherFactors(
  archetype: LoadArchetype,
  calendar: Calendar,
  airTempC: Float64Array,
): Float64Array {
  const byKind =
    known.get(airTempC) ?? new Map<LoadArchetype, { calendar: Calendar; factors: Float64Array }>()
  known.set(airTempC, byKind)
  const found = byKind.get(archetype)
  if (found?.calendar === calendar) return found.factors
  const feltC = smoothed(tempOfYears(archetype, calendar, airTempC), archetype.inertiaHours.value)
  const factors = feltC.map((tempC) => factorAt(archetype, tempC))
  byKind.set(archetype, { calendar, factors })
  return factors
}

function tempOfYears(archetype: LoadArchetype, calendar: Calendar, airTempC: Float64Array): Float64Array {
  const { calendar: years, firstInterval } = wholeYears(calendar)
  if (airTempC.length === years.intervals) return airTempC
  const tempC = referenceTempC(archetype.referenceYear, years)
  tempC.set(airTempC, firstInterval)
  return tempC
}

/** What a building feels of the air: yesterday's heat is still in its walls. */
function smoothed(tempC: Float64Array, inertiaHours: number): Float64Array {
  const share = Math.min(1, hoursPerInterval / inertiaHours)
  const feltC = new Float64Array(tempC.length)
  let felt = tempC[0]!
  for (let interval = 0; interval < tempC.length; interval++) {
    felt += share * (tempC[interval]! - felt)
    feltC[interval] = felt
  }
  return feltC
}

function factorAt({ coolingPerK, coolingFromC, heatingPerK }: LoadArchetype, tempC: number): number {
  const warmK = Math.max(0, Math.min(tempC, hottestC) - coolingFromC.value)
  const coldK = Math.max(0, heatingBelowC - tempC)
  return 1 + coolingPerK.value * warmK + heatingPerK.value * coldK
}
