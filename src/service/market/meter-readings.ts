/** What the meters of an interval show: what was sent in, and the scenario's physical year for everybody else. */
import type { Readings } from '../../simulation/readings.ts'
import type { NewReading, Reading } from '../../store/port.ts'
import { enterpriseRow, sellerRow } from '../../simulation/order-rows.ts'
import type { MarketModel } from './market-model.ts'
import type { Members } from './members.ts'

/** The year as it was simulated; columns of the world are written over with what is read. */
export class SimulatedYear {
  readonly #boughtWh: readonly Int32Array[]
  readonly #sentWh: readonly Int32Array[]
  readonly #selfUseWh: readonly Int32Array[]

  constructor({ world, sellers }: MarketModel) {
    this.#boughtWh = world.buyers.map(({ meteredWh }) => meteredWh.slice())
    this.#sentWh = sellers.map(({ meteredWh }) => meteredWh.slice())
    this.#selfUseWh = world.meter.selfUseWh
  }

  /** @param index of the interval within the calendar */
  at(index: number): Readings {
    const row = (columns: readonly Int32Array[]) => Int32Array.from(columns, (column) => column[index]!)
    return { boughtWh: row(this.#boughtWh), sentWh: row(this.#sentWh), selfUseWh: row(this.#selfUseWh) }
  }
}

/** Simulated readings with those written over that were sent in. */
export function withSent(simulated: Readings, sent: readonly Reading[], members: Members): Readings {
  const boughtWh = simulated.boughtWh.slice()
  const sentWh = simulated.sentWh.slice()
  for (const { participant, importWh, exportWh } of sent) {
    const { rowKind, who } = members.byParticipant(participant)
    if (rowKind === enterpriseRow) boughtWh[who] = importWh
    if (rowKind === sellerRow) sentWh[who] = exportWh
  }
  return { ...simulated, boughtWh, sentWh }
}

/** Readings of everybody whose meter is read and who sent none, as the market keeps them. */
export function missingReadings(
  interval: number,
  simulated: Readings,
  sent: readonly Reading[],
  members: Members,
): NewReading[] {
  const known = new Set(sent.map(({ participant }) => participant))
  return members.all.flatMap(({ participant, rowKind, who }) => {
    if (known.has(participant)) return []
    if (rowKind === enterpriseRow)
      return [{ participant, interval, importWh: simulated.boughtWh[who]!, exportWh: 0 }]
    if (rowKind === sellerRow)
      return [{ participant, interval, importWh: 0, exportWh: simulated.sentWh[who]! }]
    return []
  })
}
