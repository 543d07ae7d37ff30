/** Voltage levels of a Chinese distribution grid, and the two kinds of T&D tariff. */

export const voltageLevels = ['0.4kV', '10kV', '35kV', '110kV', '220kV'] as const
/** Ordered from the lowest; 0.4 kV stands for "below 1 kV", 10 kV for "1–10 (20) kV", 220 kV for "220 kV and above". */
export type VoltageLevel = (typeof voltageLevels)[number]

/** 单一制 (energy only) or 两部制 (energy beside a demand or capacity charge). */
export type TariffPart = 'single' | 'two'

export function isVoltageLevel(text: string): text is VoltageLevel {
  return (voltageLevels as readonly string[]).includes(text)
}

/** Rank of a level, 0 for the lowest. */
export function rankOf(level: VoltageLevel): number {
  return voltageLevels.indexOf(level)
}
