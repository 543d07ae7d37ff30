/**
 * The members of a market: every unit of the zone that can stand in the book. The simulation knows them by kind of row and
 * number, the store by a participant number, people by an id.
 */
import { assert } from '../../base/errors.ts'
import { limitWhOf } from '../../base/units.ts'
import type { ParticipantKind } from '../../contract/routes/zones.ts'
import type { Zone } from '../../scenario/zone.ts'
import type { Chart } from '../../settlement/chart.ts'
import { isExternal } from '../../strategy/bidding/index.ts'
import { enterpriseRow, sellerRow, storageRow } from '../../simulation/order-rows.ts'

/** What a zone says of a member. */
export interface Unit {
  readonly id: string
  readonly name: string
  readonly kind: ParticipantKind
  /** whose it is; nobody trades with itself */
  readonly owner: string
  /** row of its bus */
  readonly bus: number
  readonly buys: boolean
  readonly sells: boolean
  /** whether its orders come from nobody but itself */
  readonly isExternal: boolean
  /** what its connection carries in a quarter-hour [Wh] */
  readonly mostWh: number
  /** kind of its rows in the simulation's books, and its number among that kind */
  readonly rowKind: number
  readonly who: number
  /** row of the ledger's chart */
  readonly account: number
}

/** A unit under its number in the store. */
export interface Member extends Unit {
  readonly participant: number
}

/** All units, in the sequence in which a new market enters them in the store. */
export function unitsOf(zone: Zone, chart: Chart): Unit[] {
  return [...enterprises(zone, chart), ...plants(zone, chart), ...batteries(zone, chart)]
}

function enterprises({ enterprises: list }: Zone, chart: Chart): Unit[] {
  return list.map(({ id, name, bus, connection, annualKwh, strategy }, who) => ({
    id,
    name,
    kind: 'enterprise',
    owner: id,
    bus,
    buys: true,
    sells: false,
    isExternal: isExternal(strategy),
    // Where no transformer is told, eight times the mean load of the year stands for the connection.
    mostWh: limitWhOf(connection.transformerKva > 0 ? connection.transformerKva : (8 * annualKwh) / 8760),
    rowKind: enterpriseRow,
    who,
    account: chart.enterprise + who,
  }))
}

/** PV units first, then cogeneration, as the simulation lists its sellers. */
function plants({ pvUnits, cogenerations }: Zone, chart: Chart): Unit[] {
  const seller = { buys: false, sells: true, rowKind: sellerRow }
  const pv = pvUnits.map(({ id, name, owner, bus, system, strategy }, who) => ({
    ...seller,
    isExternal: isExternal(strategy),
    id,
    name,
    kind: 'pv' as const,
    owner,
    bus,
    mostWh: limitWhOf(Math.max(system.inverterKwAc, system.capacityKwDc)),
    who,
    account: chart.pv + who,
  }))
  const cogeneration = cogenerations.map(({ id, name, bus, spec, strategy }, unit) => ({
    ...seller,
    isExternal: isExternal(strategy),
    id,
    name,
    kind: 'cogeneration' as const,
    owner: id,
    bus,
    mostWh: limitWhOf(spec.electricKw),
    who: pvUnits.length + unit,
    account: chart.cogeneration + unit,
  }))
  return [...pv, ...cogeneration]
}

function batteries({ storages }: Zone, chart: Chart): Unit[] {
  return storages.map(({ id, name, bus, spec, bids }, who) => ({
    id,
    name,
    kind: 'storage',
    owner: id,
    bus,
    buys: true,
    sells: true,
    isExternal: bids === 'external',
    mostWh: limitWhOf(spec.powerKw),
    rowKind: storageRow,
    who,
    account: chart.storage + who,
  }))
}

/** The members of a running market, found by every name they have. */
export class Members {
  readonly all: readonly Member[]
  readonly #byParticipant: ReadonlyMap<number, Member>
  readonly #byId: ReadonlyMap<string, Member>
  /** number of each owner, by participant; owners are numbered in the sequence of their first member */
  readonly #ownerOf: ReadonlyMap<number, number>
  readonly owners: number
  /** members of each owner */
  readonly #kin: readonly (readonly Member[])[]

  constructor(members: readonly Member[]) {
    const owners = new Map<string, number>()
    for (const { owner } of members) if (!owners.has(owner)) owners.set(owner, owners.size)
    this.all = members
    this.#byParticipant = new Map(members.map((member) => [member.participant, member]))
    this.#byId = new Map(members.map((member) => [member.id, member]))
    this.#ownerOf = new Map(members.map(({ participant, owner }) => [participant, owners.get(owner)!]))
    this.owners = owners.size
    const byOwner = Map.groupBy(members, ({ owner }) => owner)
    this.#kin = [...owners.keys()].map((owner) => byOwner.get(owner)!)
  }

  byId(id: string): Member | undefined {
    return this.#byId.get(id)
  }

  /** @throws BrokenAssertion for a number that no member has */
  byParticipant(participant: number): Member {
    const member = this.#byParticipant.get(participant)
    assert(member !== undefined, () => `participant ${participant} is no member of the market`)
    return member
  }

  ownerOf(participant: number): number {
    return this.#ownerOf.get(participant)!
  }

  /** Everyone of the same owner, itself included. */
  kin({ participant }: Member): readonly Member[] {
    return this.#kin[this.ownerOf(participant)]!
  }
}
