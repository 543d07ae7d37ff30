/** Random charging sessions within 60 intervals, small enough to be solved by other means. */
import fc from 'fast-check'
import type { ChargingSession } from '../../src/assets/charging/sessions.ts'

export function someSessions({ most = 8, intervals = 60, stay = 12 } = {}): fc.Arbitrary<ChargingSession[]> {
  const session = fc
    .record({
      arrival: fc.integer({ min: 0, max: intervals - stay - 1 }),
      stay: fc.integer({ min: 1, max: stay }),
      energyWh: fc.integer({ min: 0, max: 60 }),
      powerWh: fc.integer({ min: 1, max: 12 }),
    })
    .map(({ arrival, stay, ...rest }) => ({ arrival, departure: arrival + stay, ...rest }))
  return fc
    .array(session, { maxLength: most })
    .map((sessions) =>
      sessions.toSorted((a, b) => a.arrival - b.arrival).map((each, vehicle) => ({ ...each, vehicle })),
    )
}
