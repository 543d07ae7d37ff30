/** From exact whole numbers to the numbers a person or a program reads; each is rounded once, here. */
import { divideHalfEven } from '../base/decimal.ts'

const e11PerFen = 1_000_000_000n

/** CNY with two decimals from 1e-11 CNY. */
export function cny(amountE11: bigint): number {
  return Number(divideHalfEven(amountE11, e11PerFen)) / 100
}

export function kwh(energyWh: number): number {
  return energyWh / 1000
}

/** A share with six decimals; 0 where there is nothing to share. */
export function share(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part / whole) * 1e6) / 1e6
}

export function shareE11(part: bigint, whole: bigint): number {
  return share(Number(part), Number(whole))
}

/** CNY/kWh with six decimals. */
export function perKwh(amountE11: bigint, energyWh: number): number {
  return energyWh === 0 ? 0 : Math.round((Number(amountE11) / 1e11 / (energyWh / 1000)) * 1e6) / 1e6
}

export function ticksToCny(ticks: number): number {
  return ticks / 10_000
}

/** `1,234,567.89`; what rounds to 0 has no sign. */
export function grouped(value: number, decimals = 0): string {
  return value.toLocaleString('en-US', {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
    signDisplay: 'negative',
  })
}

export function percent(value: number, decimals = 2): string {
  return `${(value * 100).toFixed(decimals).replace(/^-(?=[0.]+$)/, '')} %`
}
