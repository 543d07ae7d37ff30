/**
 * The price of a kWh on an ordinary contract, exact in 1e-8 CNY/kWh.
 *
 *     agency, 2026 rule: m·B + N      B = agency price + line loss + system operation fee, N = T&D energy + funds
 *     agency, 2024 rule: m·(B + N)
 *     retail:            contract + line loss + system operation fee + T&D energy + funds
 *
 * The published band price is billed at 4 decimals; what rounding moves belongs to the time-of-use account.
 */
import { divideHalfEven, parseScaled } from '../base/decimal.ts'
import { assert } from '../base/errors.ts'
import { rateE8, type RateE8 } from '../base/units.ts'
import type { TariffPart, VoltageLevel } from '../grid/voltage.ts'
import type { Band, Rates } from './book.ts'

const multiplierPlaces = 8

/** T&D energy price; a user below 1 kV is always single-part. */
export function tdEnergyE8(rates: Rates, level: VoltageLevel, part: TariffPart): RateE8 {
  return (part === 'two' ? rates.tdEnergyE8.two[level] : null) ?? rates.tdEnergyE8.single[level]
}

/** Multiplier of a band in a month, in 1e-8. */
function multiplierE8({ timeOfUse }: Rates, band: Band, month: number): bigint {
  const figure = timeOfUse.multipliers.months[String(month)]?.[band] ?? timeOfUse.multipliers.default[band]
  assert(figure !== undefined, `no multiplier for the ${band} band in month ${month}`)
  return parseScaled(figure.value, multiplierPlaces)!
}

/** Agency energy price with its multiplier, m·P, to the nearest 1e-8 CNY/kWh. */
export function agencyEnergyE8(rates: Rates, band: Band, month: number): RateE8 {
  const one = 10n ** BigInt(multiplierPlaces)
  return rateE8(Number(divideHalfEven(multiplierE8(rates, band, month) * BigInt(rates.agencyE8), one)))
}

/** The published price of a band for agency customers (代理购电用户分时电价). */
export function agencyPriceE8(
  rates: Rates,
  level: VoltageLevel,
  part: TariffPart,
  band: Band,
  month: number,
): RateE8 {
  const { timeOfUse } = rates
  const multiplier = multiplierE8(rates, band, month)
  const base = BigInt(rates.agencyE8 + rates.lineLossE8 + rates.systemOperationE8)
  const rest = BigInt(tdEnergyE8(rates, level, part) + rates.fundsE8)
  const one = 10n ** BigInt(multiplierPlaces)
  const exact =
    timeOfUse.scales === 'floating-base' ? multiplier * base + one * rest : multiplier * (base + rest)
  const unit = 10n ** BigInt(8 - timeOfUse.priceDecimals)
  return rateE8(Number(divideHalfEven(exact, one * unit) * unit))
}

export interface AgencyComponents {
  readonly agencyE8: number
  readonly lineLossE8: number
  readonly systemE8: number
  readonly tdE8: number
  readonly fundsE8: number
  /** time-of-use gain or loss and the rounding of the published price */
  readonly touE8: number
}

/** Bills ask for the same few prices again and again. */
const knownComponents = new WeakMap<Rates, Map<string, AgencyComponents>>()

/** What the published price is made of; the parts sum to it. */
export function agencyComponentsE8(
  rates: Rates,
  level: VoltageLevel,
  part: TariffPart,
  band: Band,
  month: number,
): AgencyComponents {
  const known = knownComponents.get(rates) ?? new Map<string, AgencyComponents>()
  knownComponents.set(rates, known)
  const key = `${level}/${part}/${band}/${month}`
  const found = known.get(key)
  if (found) return found
  const tdE8 = tdEnergyE8(rates, level, part)
  const { agencyE8, lineLossE8, systemOperationE8: systemE8, fundsE8 } = rates
  const untimed = agencyE8 + lineLossE8 + systemE8 + tdE8 + fundsE8
  const touE8 = agencyPriceE8(rates, level, part, band, month) - untimed
  const parts = { agencyE8, lineLossE8, systemE8, tdE8, fundsE8, touE8 }
  known.set(key, parts)
  return parts
}

/** A market user with a retailer: the contract price and unscaled adders. */
export function retailPriceE8(
  rates: Rates,
  level: VoltageLevel,
  part: TariffPart,
  contractE8: number,
): RateE8 {
  return rateE8(
    contractE8 + rates.lineLossE8 + rates.systemOperationE8 + tdEnergyE8(rates, level, part) + rates.fundsE8,
  )
}
