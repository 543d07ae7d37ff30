/** Names as the report writes them, the Chinese term beside the English one where a Chinese rule is meant. */
import type { BiddingMember, BuyerGroup, HeadlineRow, Source } from '../simulation/result.ts'

export const accountNames: Readonly<Record<string, string>> = {
  enterprise: 'Enterprises as buyers (用电企业)',
  pv: 'PV owners (光伏业主)',
  storage: 'Storage owners (储能)',
  cogeneration: 'Biomass cogeneration (热电联产)',
  tAndD: 'Grid company, T&D (输配电)',
  lineLoss: 'Line loss (上网环节线损)',
  systemOperation: 'System operation fund (系统运行费)',
  governmentFunds: 'Government funds (政府性基金及附加)',
  retailers: 'Retailers (售电公司)',
  agencyPurchase: 'Agency purchase (代理购电)',
  timeOfUse: 'Time-of-use gain or loss (分时损益)',
  mechanismDifference: 'Mechanism difference (机制电价差价)',
  feedInPurchase: 'Purchase of fed-in energy (上网电量收购)',
  marketSurplus: 'Congestion rent (阻塞盈余)',
  deviationPool: 'Deviation pool (偏差考核)',
  upstream: 'Energy from outside the zone (区外电量)',
  wear: 'Wear of storage (储能损耗)',
  fuel: 'Fuel and starts less heat (燃料与启动)',
  rounding: 'Rounding to fen (尾差)',
}

export const groupNames: Readonly<Record<BuyerGroup, string>> = {
  agency: 'agency buyers (代理购电)',
  'retail-flat': 'retail, flat price (零售固定价)',
  'retail-by-period': 'retail, by period (零售分时价)',
  storage: 'storage (储能)',
}

export const sourceNames: Readonly<Record<Source, string>> = {
  pv: 'PV (光伏)',
  storage: 'storage (储能)',
  cogeneration: 'biomass (生物质)',
}

export const strategyNames: Readonly<Record<BiddingMember['strategy'], string>> = {
  truthful: 'truthful (如实报价)',
  markup: 'markup (固定加价)',
  'zero-intelligence': 'zero-intelligence (零智能)',
  adaptive: 'adaptive (自适应)',
  external: 'external (外部报价)',
  value: 'value of stored energy (储能价值)',
}

export const bandNames: Readonly<Record<string, string>> = {
  sharp: 'sharp (尖)',
  peak: 'peak (峰)',
  flat: 'flat (平)',
  valley: 'valley (谷)',
  'deep-valley': 'deep valley (深谷)',
}

/** `PV + storage + biomass, outside price 0.4153` */
export function describeAssets(row: HeadlineRow): string {
  const assets = row.assets
    .map((asset) => ({ pv: 'PV', storage: 'storage', cogeneration: 'biomass' })[asset])
    .join(' + ')
  const outside = row.assets.includes('cogeneration') && row.cogenerationOutsideE8 !== null
  return outside ? `${assets}, outside price ${row.cogenerationOutsideE8! / 1e8}` : assets
}
