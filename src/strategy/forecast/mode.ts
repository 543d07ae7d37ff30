/** How a participant knows what its meter will show; one file a mode beside this one. */

export type ForecastMode =
  | { readonly kind: 'perfect' }
  | { readonly kind: 'persistence' }
  | NoisyMode
  | { readonly kind: 'independent'; readonly errorShare: number }

/** An error that shrinks towards delivery. */
export interface NoisyMode {
  readonly kind: 'noisy'
  /** standard deviation of the relative error at the lead below */
  readonly errorShare: number
  readonly atLeadHours: number
  /** correlation of the errors of two quarter-hours that follow each other, from 0 to below 1 */
  readonly neighbourCorrelation: number
}
