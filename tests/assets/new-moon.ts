/**
 * Time of a new moon, independent of any calendar library: J. Meeus, Astronomical Algorithms, 2nd edition, chapter 49,
 * with the 25 periodic terms of the new moon and the first planetary one. Good to about a minute.
 */
const rad = Math.PI / 180

/** Coefficient [day], then multiples of M (sun), M' (moon), F, Ω, and the power of E. */
const terms: readonly (readonly number[])[] = [
  [-0.4072, 0, 1, 0, 0, 0],
  [0.17241, 1, 0, 0, 0, 1],
  [0.01608, 0, 2, 0, 0, 0],
  [0.01039, 0, 0, 2, 0, 0],
  [0.00739, -1, 1, 0, 0, 1],
  [-0.00514, 1, 1, 0, 0, 1],
  [0.00208, 2, 0, 0, 0, 2],
  [-0.00111, 0, 1, -2, 0, 0],
  [-0.00057, 0, 1, 2, 0, 0],
  [0.00056, 1, 2, 0, 0, 1],
  [-0.00042, 0, 3, 0, 0, 0],
  [0.00042, 1, 0, 2, 0, 1],
  [0.00038, 1, 0, -2, 0, 1],
  [-0.00024, -1, 2, 0, 0, 1],
  [-0.00017, 0, 0, 0, 1, 0],
  [-0.00007, 2, 1, 0, 0, 0],
  [0.00004, 0, 2, -2, 0, 0],
  [0.00004, 3, 0, 0, 0, 0],
  [0.00003, 1, 1, -2, 0, 0],
  [0.00003, 0, 2, 2, 0, 0],
  [-0.00003, 1, 1, 2, 0, 0],
  [0.00003, -1, 1, 2, 0, 0],
  [-0.00002, -1, 1, -2, 0, 0],
  [-0.00002, 1, 3, 0, 0, 0],
  [0.00002, 0, 4, 0, 0, 0],
]

/** Terrestrial time is ahead of universal time by this much in the 2020s. [s] */
const deltaTSeconds = 69.5

/** The new moon nearest to a date, as UTC epoch milliseconds. */
export function newMoonMs(nearDate: string): number {
  const years = (Date.parse(`${nearDate}T00:00:00Z`) - Date.parse('2000-01-06T18:00:00Z')) / 31_556_952_000
  const k = Math.round(years * 12.3685)
  const t = k / 1236.85
  const mean = 2_451_550.09766 + 29.530588861 * k + 0.00015437 * t ** 2
  const e = 1 - 0.002516 * t
  const angles = [
    2.5534 + 29.1053567 * k - 0.0000014 * t ** 2,
    201.5643 + 385.81693528 * k + 0.0107582 * t ** 2,
    160.7108 + 390.67050284 * k - 0.0016118 * t ** 2,
    124.7746 - 1.56375588 * k + 0.0020672 * t ** 2,
  ]
  const periodic = terms.reduce((sum, [coefficient, m, moon, f, node, power]) => {
    const degrees = angles[0]! * m! + angles[1]! * moon! + angles[2]! * f! + angles[3]! * node!
    return sum + coefficient! * e ** power! * Math.sin(degrees * rad)
  }, 0)
  const planetary = 0.000325 * Math.sin((299.77 + 0.107408 * k - 0.009173 * t ** 2) * rad)
  const julianDay = mean + periodic + planetary
  return (julianDay - 2_440_587.5) * 86_400_000 - deltaTSeconds * 1000
}
