/** Mean weather of each quarter-hour, one entry per interval of the calendar. */
export interface Weather {
  /** global horizontal, direct normal, diffuse horizontal irradiance [W/m²] */
  readonly ghiWm2: Float64Array
  readonly dniWm2: Float64Array
  readonly dhiWm2: Float64Array
  readonly airTempC: Float64Array
  readonly windMs: Float64Array
}
