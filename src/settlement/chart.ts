/**
 * The chart of accounts of a zone: first its participants, then the public accounts. An account is a row number;
 * its name says whose it is.
 */

/** Accounts that belong to no participant, in the order a report lists them. */
export const publicAccounts = [
  'tAndD',
  'lineLoss',
  'systemOperation',
  'governmentFunds',
  'retailers',
  'agencyPurchase',
  'timeOfUse',
  'mechanismDifference',
  'feedInPurchase',
  'marketSurplus',
  'deviationPool',
  'upstream',
  'wear',
  'rounding',
] as const
export type PublicAccount = (typeof publicAccounts)[number]

export interface Participants {
  readonly enterprises: readonly string[]
  readonly pv: readonly string[]
  readonly storages: readonly string[]
  readonly cogenerations: readonly string[]
  /** whether a unit is dispatched, so that its fuel has an account */
  readonly hasFuel?: boolean
}

export interface Chart extends Readonly<Record<PublicAccount, number>> {
  readonly names: readonly string[]
  readonly enterprise: number
  readonly pv: number
  readonly storage: number
  readonly cogeneration: number
  /** fuel and starts of dispatched units less what their heat saves; −1 where there are none */
  readonly fuel: number
}

/** Row numbers: `chart.enterprise + i` is the i-th enterprise, `chart.tAndD` the T&D account. */
export function makeChart(participants: Participants): Chart {
  const names = [
    ...participants.enterprises.map((id) => `enterprise:${id}`),
    ...participants.pv.map((id) => `pv:${id}`),
    ...participants.storages.map((id) => `storage:${id}`),
    ...participants.cogenerations.map((id) => `cogeneration:${id}`),
  ]
  const pv = participants.enterprises.length
  const storage = pv + participants.pv.length
  const cogeneration = storage + participants.storages.length
  const rows = publicAccounts.map((account, index) => [account, names.length + index] as const)
  const { hasFuel = false } = participants
  return {
    ...(Object.fromEntries(rows) as Record<PublicAccount, number>),
    names: [...names, ...publicAccounts, ...(hasFuel ? ['fuel'] : [])],
    fuel: hasFuel ? names.length + publicAccounts.length : -1,
    enterprise: 0,
    pv,
    storage,
    cogeneration,
  }
}
