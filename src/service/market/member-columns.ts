/** What an auction has to know of members, as columns by participant number: they go from thread to thread with the book. */
import type { Members } from './members.ts'

export interface MemberColumns {
  /** kind of its rows in the simulation's books, and its number among that kind */
  readonly rowKind: Uint8Array
  readonly who: Int32Array
  /** number of its owner */
  readonly owner: Int32Array
  readonly owners: number
  /** fee on its own connection, which its buys pay beside the path's, in the interval at hand [ticks] */
  readonly withdrawalTicks: Int32Array
}

/** @param withdrawalTicks by participant */
export function memberColumns(
  members: Members,
  withdrawalTicks: (participant: number) => number,
): MemberColumns {
  const rows = 1 + Math.max(0, ...members.all.map(({ participant }) => participant))
  const columns = {
    rowKind: new Uint8Array(rows),
    who: new Int32Array(rows),
    owner: new Int32Array(rows),
    owners: members.owners,
    withdrawalTicks: new Int32Array(rows),
  }
  for (const { participant, rowKind, who } of members.all) {
    columns.rowKind[participant] = rowKind
    columns.who[participant] = who
    columns.owner[participant] = members.ownerOf(participant)
    columns.withdrawalTicks[participant] = withdrawalTicks(participant)
  }
  return columns
}
