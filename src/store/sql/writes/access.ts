/** Participants and keys. Every change counts `access_version` up, so that other processes read them anew. */
import type { Kysely } from 'kysely'
import type { By, NewKey, NewParticipant } from '../../port.ts'
import type { Tables } from '../tables.ts'
import { note } from './notes.ts'

export interface AddParticipantsArgs {
  readonly participants: readonly NewParticipant[]
  readonly by: By
}

/** @returns the first one's number; nothing, and nothing added, when a name is taken */
export async function addParticipants(
  db: Kysely<Tables>,
  { participants, by }: AddParticipantsArgs,
): Promise<number | undefined> {
  const names = participants.map(({ name }) => name)
  if (new Set(names).size < names.length || (await anyTaken(db, names))) return undefined
  const { last } = await db
    .selectFrom('participant')
    .select((row) => row.fn.max('id').as('last'))
    .executeTakeFirstOrThrow()
  const first = (last ?? 0) + 1
  for (const [index, { name, role, bus = null, publicJson, privateJson }] of participants.entries())
    await db
      .insertInto('participant')
      .values({
        id: first + index,
        name,
        role,
        bus,
        public_json: publicJson,
        private_json: privateJson,
        created_ms: by.atMs,
        retired_ms: null,
      })
      .execute()
  await noteAccess(db, by, 'add-participants', { names })
  return first
}

async function anyTaken(db: Kysely<Tables>, names: readonly string[]): Promise<boolean> {
  for (const name of names) {
    const taken = await db.selectFrom('participant').select('id').where('name', '=', name).executeTakeFirst()
    if (taken) return true
  }
  return false
}

export interface ChangeParticipantArgs {
  readonly id: number
  readonly change: Partial<Pick<NewParticipant, 'role' | 'publicJson' | 'privateJson'>>
  readonly retire: boolean
  readonly by: By
}

/** @returns false when there is none */
export async function changeParticipant(
  db: Kysely<Tables>,
  { id, change, retire, by }: ChangeParticipantArgs,
): Promise<boolean> {
  const values = {
    ...(change.role !== undefined && { role: change.role }),
    ...(change.publicJson !== undefined && { public_json: change.publicJson }),
    ...(change.privateJson !== undefined && { private_json: change.privateJson }),
    ...(retire && { retired_ms: by.atMs }),
  }
  // An update without columns is no statement; setting the number to itself asks whether there is one.
  const { numUpdatedRows } = await db
    .updateTable('participant')
    .set({ id, ...values })
    .where('id', '=', id)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) return false
  await noteAccess(db, by, retire ? 'retire-participant' : 'change-participant', {
    id,
    changed: Object.keys(change),
  })
  return true
}

export interface AddKeyArgs {
  readonly key: NewKey
  readonly revoking: readonly string[]
  readonly by: By
}

/** @returns false when the id is taken */
export async function addKey(db: Kysely<Tables>, { key, revoking, by }: AddKeyArgs): Promise<boolean> {
  const { id, participant, hash, label } = key
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('access_key')
    .values({ id, participant, hash, label, created_ms: by.atMs, revoked_ms: null })
    .onConflict((row) => row.column('id').doNothing())
    .executeTakeFirst()
  if (!numInsertedOrUpdatedRows) return false
  for (const old of revoking) await revoke(db, old, by.atMs)
  await noteAccess(db, by, 'add-key', { id, participant, label, revoking })
  return true
}

/** @returns false when there is no such key in force */
export async function revokeKey(db: Kysely<Tables>, { id, by }: { id: string; by: By }): Promise<boolean> {
  if (!(await revoke(db, id, by.atMs))) return false
  await noteAccess(db, by, 'revoke-key', { id })
  return true
}

async function revoke(db: Kysely<Tables>, id: string, atMs: number): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('access_key')
    .set({ revoked_ms: atMs })
    .where('id', '=', id)
    .where('revoked_ms', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

async function noteAccess(db: Kysely<Tables>, by: By, action: string, detail: object): Promise<void> {
  await db
    .updateTable('market')
    .set((row) => ({ access_version: row('access_version', '+', 1) }))
    .execute()
  await note(db, by, action, detail)
}
