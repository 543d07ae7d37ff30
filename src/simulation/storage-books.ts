/** What a run with the market writes down about its batteries, from which their monthly statements are computed. */

/** Columns by storage unit and month, `unit · months + month`, but for one. */
export interface StorageBooks {
  /** through the meter, and lost between the two [Wh] */
  readonly boughtWh: Float64Array
  readonly soldWh: Float64Array
  readonly lostWh: Float64Array
  /** energy taken out of the battery, which wears it [Wh] */
  readonly dischargedWh: Float64Array
  /** what its purchases bring their sellers, the fees of their paths and the congestion rent between [Wh·tick] */
  readonly boughtTickWh: Float64Array
  readonly pathTickWh: Float64Array
  readonly rentTickWh: Float64Array
  /** what its sales bring it [Wh·tick] */
  readonly soldTickWh: Float64Array
  /** fee on its own connection for the energy that bears fees [Wh·tick] */
  readonly withdrawalTickWh: Float64Array
  /** energy of purchases that bears the fees of a final consumer, by unit and segment [Wh] */
  readonly feeBearingWh: Float64Array
  /** 0 while a battery does just what it sold or bought [1e-11 CNY] */
  readonly deviationE11: Float64Array
}

export function openStorageBooks(size: { units: number; months: number; segments: number }): StorageBooks {
  const byMonth = () => new Float64Array(size.units * size.months)
  return {
    boughtWh: byMonth(),
    soldWh: byMonth(),
    lostWh: byMonth(),
    dischargedWh: byMonth(),
    boughtTickWh: byMonth(),
    pathTickWh: byMonth(),
    rentTickWh: byMonth(),
    soldTickWh: byMonth(),
    withdrawalTickWh: byMonth(),
    feeBearingWh: new Float64Array(size.units * size.segments),
    deviationE11: byMonth(),
  }
}
