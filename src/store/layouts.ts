/**
 * The layouts of what is kept as columns. A layout that changes gets a new version and its reader keeps the old one; a
 * number is never given twice.
 */
import type { Layout } from './columns.ts'

/** What happened to orders and gates, one row an event; see `journal/events.ts`. */
export const journalLayout = {
  name: 'the journal',
  number: 1,
  version: 1,
  types: {
    request: Float64Array,
    quantityWh: Float64Array,
    interval: Uint32Array,
    participant: Uint32Array,
    bus: Uint32Array,
    limitTicks: Int32Array,
    version: Uint32Array,
    index: Uint16Array,
    kind: Uint8Array,
    side: Uint8Array,
    origin: Uint8Array,
  },
} as const satisfies Layout

export const ordersLayout = {
  name: 'booked orders',
  number: 2,
  version: 1,
  types: {
    request: Float64Array,
    quantityWh: Float64Array,
    participant: Uint32Array,
    bus: Uint32Array,
    limitTicks: Int32Array,
    version: Uint32Array,
    sequence: Uint32Array,
    index: Uint16Array,
    side: Uint8Array,
    origin: Uint8Array,
  },
} as const satisfies Layout

export const outcomesLayout = {
  name: 'outcomes',
  number: 3,
  version: 1,
  types: { acceptedWh: Float64Array, priceTicks: Int32Array, reason: Uint8Array },
} as const satisfies Layout

export const tradesLayout = {
  name: 'trades',
  number: 4,
  version: 1,
  types: {
    energyWh: Float64Array,
    buyRow: Uint32Array,
    sellRow: Uint32Array,
    buyerTicks: Int32Array,
    sellerTicks: Int32Array,
    feeTicks: Int32Array,
  },
} as const satisfies Layout

export const postingsLayout = {
  name: 'postings',
  number: 5,
  version: 1,
  types: { energyWh: Float64Array, amountE11: BigInt64Array, account: Uint32Array, line: Uint8Array },
} as const satisfies Layout
