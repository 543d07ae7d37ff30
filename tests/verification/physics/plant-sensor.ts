/**
 * How the plant's instrument lies, from its light alone. Beside it a horizontal one is recorded, of a calibration of its own.
 * From May to July the sun stands so high at noon that a small tilt changes next to nothing, so the ratio of the two is their
 * calibration; from December to January the tilted one gains on the horizontal one, and by how much tells the tilt.
 */
import { extraterrestrialWm2, sunAt } from '../../../src/assets/sun.ts'
import { plantSite, type PlantDay, type Quarter } from './plant-data.ts'
import { lightOnPlane } from './plant-model.ts'

/** Noon quarters of strong light on days on which the horizontal instrument worked; for weeks it showed a tenth. */
function noonLight(days: readonly PlantDay[], isTaken: (day: string) => boolean): Quarter[] {
  return days
    .filter(({ day }) => isTaken(day))
    .map(({ quarters }) => quarters.filter(({ hour, totalWm2 }) => hour >= 10 && hour < 15 && totalWm2 > 500))
    .filter((noon) => sumOf(noon, 'horizontalWm2') > 0.5 * sumOf(noon, 'totalWm2'))
    .flat()
}

function sumOf(quarters: readonly Quarter[], column: 'horizontalWm2' | 'totalWm2'): number {
  return quarters.reduce((sum, quarter) => sum + quarter[column], 0)
}

/** Horizontal light as recorded, over horizontal light as a tilt of the other instrument would have it. */
function calibration(noon: readonly Quarter[], tiltDeg: number): number {
  const implied = noon.map(({ totalWm2, middleMs, day }) => {
    const dayOfYear = (Date.parse(day) - Date.parse(`${day.slice(0, 4)}-01-01`)) / 86_400_000 + 1
    return lightOnPlane(totalWm2, tiltDeg, sunAt(plantSite, middleMs), extraterrestrialWm2(dayOfYear)).ghiWm2
  })
  return sumOf(noon, 'horizontalWm2') / implied.reduce((sum, ghi) => sum + ghi, 0)
}

/**
 * The tilt at which winter has the calibration that summer has, to a tenth of a degree.
 *
 * @param inWinter the days of winter on which the instrument lay as it is asked for
 */
export function sensorTiltDeg(days: readonly PlantDay[], inWinter: (day: string) => boolean): number {
  const summer = noonLight(days, (day) => ['05', '06', '07'].includes(day.slice(5, 7)))
  const winter = noonLight(days, (day) => ['12', '01'].includes(day.slice(5, 7)) && inWinter(day))
  let [low, high] = [0, 40]
  // In summer the instrument lay as before its move, nearly flat.
  const wanted = calibration(summer, 10)
  while (high - low > 0.1) {
    const middle = (low + high) / 2
    if (calibration(winter, middle) < wanted) low = middle
    else high = middle
  }
  return Math.round((low + high) * 5) / 10
}
