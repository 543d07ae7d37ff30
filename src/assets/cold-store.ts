/**
 * A cold store (冷库) as physics: goods and room hold cold, walls and work let heat in, a compressor takes it out. The
 * temperature may move within a band, and that is what can be shifted.
 *
 *     C · dT/dt = UA · (T_out − T) + goods − COP · P
 *     T'        = T∞ + (T − T∞) · e^(−UA·Δt/C),   T∞ = T_out + (goods − COP · P) / UA
 *
 * One temperature for all goods, one COP for all weather, and power that can be set anywhere from 0 to its most; no
 * defrosting.
 */
import { hoursPerInterval, intervalsPerDay } from '../base/units.ts'

export interface ColdStore {
  /** electric, all compressors together [kW] */
  readonly compressorKw: number
  /** heat taken out per electric energy (制冷系数) */
  readonly cop: number
  /** C, of goods and room [kWh/K] */
  readonly capacityKwhPerK: number
  /** UA, of walls, roof and floor, above 0 [kW/K] */
  readonly conductanceKwPerK: number
  /** the band the goods must stay in [°C] */
  readonly lowestC: number
  readonly highestC: number
  /** heat of goods, doors, light and people while the store is worked in [kW] */
  readonly goodsHeatKw: number
  /** hours of the day in which it is worked in; from the first to before the second */
  readonly workFromHour: number
  readonly workToHour: number
}

/** Share of a difference of temperature that is still there after an interval. */
export function keptShare({ conductanceKwPerK, capacityKwhPerK }: ColdStore): number {
  return Math.exp((-conductanceKwPerK * hoursPerInterval) / capacityKwhPerK)
}

/** By how much an interval's electric energy lowers the temperature at its end. [K/Wh] */
export function coolingKPerWh(store: ColdStore): number {
  const { cop, conductanceKwPerK } = store
  return ((1 - keptShare(store)) * cop) / conductanceKwPerK / hoursPerInterval / 1000
}

/** Heat let in by work in a quarter of the day. [kW] */
export function goodsHeatKw(store: ColdStore, quarter: number): number {
  const hour = quarter * hoursPerInterval
  return hour >= store.workFromHour && hour < store.workToHour ? store.goodsHeatKw : 0
}

/** Where the temperature ends without cooling. [°C] */
export function warmedC(store: ColdStore, tempC: number, airTempC: number, heatKw: number): number {
  const restC = airTempC + heatKw / store.conductanceKwPerK
  return restC + (tempC - restC) * keptShare(store)
}

/** Temperature at the end of an interval with so much electric energy. [°C] */
export function cooledC(
  store: ColdStore,
  tempC: number,
  air: { readonly airTempC: number; readonly heatKw: number },
  energyWh: number,
): number {
  return warmedC(store, tempC, air.airTempC, air.heatKw) - energyWh * coolingKPerWh(store)
}

/** Most electric energy of one interval, whole. [Wh] */
export function compressorWh({ compressorKw }: ColdStore): number {
  return Math.floor(compressorKw * 1000 * hoursPerInterval)
}

/**
 * Whole electric energy of one interval that keeps the temperature within the band at its end, as far as the compressor
 * can: at least what holds the upper edge, at most what reaches the lower one. [Wh]
 */
export function energyRangeWh(
  store: ColdStore,
  tempC: number,
  air: { readonly airTempC: number; readonly heatKw: number },
): { readonly leastWh: number; readonly mostWh: number } {
  const warmC = warmedC(store, tempC, air.airTempC, air.heatKw)
  const perWh = coolingKPerWh(store)
  const most = compressorWh(store)
  const within = (energyWh: number) => Math.min(most, Math.max(0, energyWh))
  return {
    leastWh: within(Math.ceil((warmC - store.highestC) / perWh)),
    mostWh: within(Math.floor((warmC - store.lowestC) / perWh)),
  }
}

/**
 * A thermostat (恒温控制): every interval ends at one temperature, as far as the compressor can. [Wh]
 *
 * @param airTempC one value per interval, from midnight on
 */
export function thermostatWh(store: ColdStore, holdC: number, airTempC: Float64Array): Int32Array {
  const energyWh = new Int32Array(airTempC.length)
  let tempC = holdC
  for (let interval = 0; interval < airTempC.length; interval++) {
    const air = { airTempC: airTempC[interval]!, heatKw: goodsHeatKw(store, interval % intervalsPerDay) }
    const wantedWh = (warmedC(store, tempC, air.airTempC, air.heatKw) - holdC) / coolingKPerWh(store)
    energyWh[interval] = Math.min(compressorWh(store), Math.max(0, Math.round(wantedWh)))
    tempC = cooledC(store, tempC, air, energyWh[interval]!)
  }
  return energyWh
}

/** The middle of the band: where a thermostat holds it, and where a plan starts and ends. [°C] */
export function middleC({ lowestC, highestC }: ColdStore): number {
  return (lowestC + highestC) / 2
}

/** How a store's goods fared. */
export interface ColdService {
  readonly warmestC: number
  readonly coldestC: number
  /** intervals that ended above the band, by more than rounding */
  readonly warmIntervals: number
}

/** A tenth of a millikelvin: energies are whole Wh. */
const roundingK = 1e-4

/** Follows the temperature through a year of electric energy, from the middle of the band. */
export function coldServiceOf(store: ColdStore, airTempC: Float64Array, energyWh: Int32Array): ColdService {
  let tempC = middleC(store)
  let [warmestC, coldestC, warmIntervals] = [tempC, tempC, 0]
  for (let interval = 0; interval < energyWh.length; interval++) {
    const air = { airTempC: airTempC[interval]!, heatKw: goodsHeatKw(store, interval % intervalsPerDay) }
    tempC = cooledC(store, tempC, air, energyWh[interval]!)
    warmestC = Math.max(warmestC, tempC)
    coldestC = Math.min(coldestC, tempC)
    if (tempC > store.highestC + roundingK) warmIntervals++
  }
  return { warmestC, coldestC, warmIntervals }
}
