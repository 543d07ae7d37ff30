/** Distances of 0 to 2^31 in classes that widen with them: eight to a doubling. */

const perDoubling = 8
export const mostClassesOfDistance = 32 * perDoubling

export function distanceClass(distance: number): number {
  const whole = Math.min(distance, 2 ** 31 - 1) + perDoubling
  const doubling = 31 - Math.clz32(whole)
  return (doubling - 3) * perDoubling + ((whole >>> (doubling - 3)) & (perDoubling - 1))
}

/** The largest distance of a class. */
export function distanceOfClass(place: number): number {
  const doubling = Math.floor(place / perDoubling)
  return 2 ** doubling * (perDoubling + (place % perDoubling) + 1) - 1 - perDoubling
}
