/** Where every member stands in the running month, carried along with each settlement so that any process can tell. */
import type { MarketModel } from './market-model.ts'
import type { MonthBooks, Standing } from './month-books.ts'

const carriedName = (monthKey: string) => `standing/${monthKey}`

/** By row of the ledger's chart, members only. */
type StandingJson = Readonly<Record<string, readonly [withE11: string, withoutE11: string, tradedWh: number]>>

export function monthStanding({ zone, units }: MarketModel, books: MonthBooks): Record<string, Uint8Array> {
  const standings: Record<string, StandingJson[string]> = {}
  for (const { account } of units) {
    const { withE11, withoutE11, tradedWh } = books.standing(account)
    standings[account] = [String(withE11), String(withoutE11), tradedWh]
  }
  const { key } = zone.calendar.months[books.month]!
  return { [carriedName(key)]: new TextEncoder().encode(JSON.stringify(standings)) }
}

export function standingName(monthKey: string): string {
  return carriedName(monthKey)
}

/** @returns nothing where the month has no settlement yet */
export function readStanding(bytes: Uint8Array | undefined, account: number): Standing | undefined {
  if (!bytes) return undefined
  const found = (JSON.parse(new TextDecoder().decode(bytes)) as StandingJson)[account]
  return found && { withE11: BigInt(found[0]), withoutE11: BigInt(found[1]), tradedWh: found[2] }
}
