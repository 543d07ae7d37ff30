/** Whose a row of the book is: account, source of what it sells, and what its meter shows. */
import { enterpriseRow, sellerRow, storageRow, type OrderRows } from './order-rows.ts'
import type { Outcome } from './outcome.ts'
import type { Readings } from './readings.ts'
import { sources } from './run-state.ts'
import type { Seller, World } from './world.ts'

export class Roster {
  /** by kind of row, then by participant of the kind */
  readonly #accounts: readonly Int32Array[]
  readonly #sellerSources: Uint8Array

  constructor({ buyers, zone, chart }: World, sellers: readonly Seller[]) {
    const accounts: Int32Array[] = []
    accounts[enterpriseRow] = Int32Array.from(buyers, ({ account }) => account)
    accounts[sellerRow] = Int32Array.from(sellers, ({ account }) => account)
    accounts[storageRow] = Int32Array.from(zone.storages, (_, unit) => chart.storage + unit)
    this.#accounts = accounts
    this.#sellerSources = Uint8Array.from(sellers, ({ kind }) => sources.indexOf(kind))
  }

  accountOf({ kind, who }: OrderRows, row: number): number {
    return this.#accounts[kind[row]!]![who[row]!]!
  }

  /** Where the energy of a selling row comes from, as an index into {@link sources}. */
  sourceOf({ kind, who }: OrderRows, row: number): number {
    return kind[row] === storageRow ? storageSource : this.#sellerSources[who[row]!]!
  }
}

const storageSource = sources.indexOf('storage')

/** A battery does what it sold or bought, as far as it can; everyone else's meter shows the actual year. [Wh] */
export function meteredWh({ rows, clearing }: Outcome, row: number, readings: Readings): number {
  const who = rows.who[row]!
  switch (rows.kind[row]) {
    case enterpriseRow:
      return readings.boughtWh[who]!
    case sellerRow:
      return readings.sentWh[who]!
    default:
      return readings.batteryWh?.[who] ?? clearing.acceptedWh[row]!
  }
}
