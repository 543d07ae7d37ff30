/** Every page of docs/validation and its sections, in the order in which they stand on the page. */
import { averageFeeSection } from './clearing/average-fee.ts'
import { highsSection } from './clearing/highs.ts'
import { italyLoopSection } from './clearing/italy-loop.ts'
import { italySection } from './clearing/italy.ts'
import { monotonicitySection } from './clearing/monotonicity.ts'
import { publishedSection } from './clearing/published.ts'
import { batterySection } from './physics/battery.ts'
import { epwSection } from './physics/epw.ts'
import { loadFactorSection } from './physics/load-factor.ts'
import { plantSection } from './physics/plant.ts'
import { pvwattsSection } from './physics/pvwatts.ts'
import { syntheticSection } from './physics/synthetic-year.ts'
import type { Section } from './findings.ts'
import { pilotDaysSection } from './planner/pilot-days.ts'
import { peakSection } from './storage/peak.ts'
import { scheduleSection } from './storage/schedule.ts'
import { spotSection } from './storage/spot.ts'

export const pages: Readonly<Record<string, readonly Section[]>> = {
  clearing: [
    highsSection,
    italySection,
    italyLoopSection,
    publishedSection,
    averageFeeSection,
    monotonicitySection,
  ],
  physics: [pvwattsSection, plantSection, epwSection, syntheticSection, batterySection, loadFactorSection],
  planner: [pilotDaysSection],
  storage: [scheduleSection, spotSection, peakSection],
}
