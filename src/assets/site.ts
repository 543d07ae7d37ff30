/** Where a zone lies. One weather serves all of it: a zone hangs under one or a few substations. */
export interface Site {
  /** north positive [°] */
  readonly latitudeDeg: number
  /** east positive [°] */
  readonly longitudeDeg: number
  readonly altitudeM: number
}
