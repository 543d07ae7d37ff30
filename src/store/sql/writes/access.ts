/** Participants and keys. Every change counts `access_version` up, so that other processes read them anew. */
import { assert } from '../../../base/errors.ts'
import type { By, NewKey, NewParticipant } from '../../port.ts'
import { type Database, first, insert, sql } from '../query.ts'
import { nextNumber, note } from './notes.ts'

export interface AddParticipantsArgs {
  readonly participants: readonly NewParticipant[]
  readonly by: By
}

/** @returns the first one's number; nothing, and nothing added, when a name is taken */
export async function addParticipants(
  db: Database,
  { participants, by }: AddParticipantsArgs,
): Promise<number | undefined> {
  const names = participants.map(({ name }) => name)
  if (new Set(names).size < names.length || (await anyTaken(db, names))) return undefined
  const firstId = await nextNumber(db, sql`select max(id) as last from participant`)
  for (const [index, { name, role, bus = null, publicJson, privateJson }] of participants.entries()) {
    const told = { public_json: publicJson, private_json: privateJson }
    const life = { created_ms: by.atMs, retired_ms: null }
    await db.run(insert('participant', { id: firstId + index, name, role, bus, ...told, ...life }))
  }
  await noteAccess(db, by, 'add-participants', { names })
  return firstId
}

async function anyTaken(db: Database, names: readonly string[]): Promise<boolean> {
  for (const name of names)
    if (await first(db, sql`select id from participant where name = ${name}`)) return true
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
  db: Database,
  { id, change, retire, by }: ChangeParticipantArgs,
): Promise<boolean> {
  const { role = null, publicJson = null, privateJson = null } = change
  const changed = await db.run(
    sql`update participant set role = coalesce(${role}, role), public_json = coalesce(${publicJson}, public_json),
               private_json = coalesce(${privateJson}, private_json),
               retired_ms = coalesce(${retire ? by.atMs : null}, retired_ms)
        where id = ${id}`,
  )
  if (changed === 0) return false
  const action = retire ? 'retire-participant' : 'change-participant'
  await noteAccess(db, by, action, { id, changed: Object.keys(change) })
  return true
}

export interface AddKeyArgs {
  readonly key: NewKey
  readonly revoking: readonly string[]
  readonly by: By
}

/** @returns false when the id is taken */
export async function addKey(db: Database, { key, revoking, by }: AddKeyArgs): Promise<boolean> {
  const { id, participant, label } = key
  if (!(await insertKey(db, key, by))) return false
  for (const old of revoking) await revoke(db, old, by.atMs)
  await noteAccess(db, by, 'add-key', { id, participant, label, revoking })
  return true
}

/** Adds a key and revokes every other of its holder. @returns how many were revoked */
export async function replaceKeys(
  db: Database,
  { key, from, by }: { readonly key: NewKey; readonly from: string; readonly by: By },
): Promise<number> {
  const { id, participant, label } = key
  const inForce = sql`select id from access_key where participant = ${participant} and revoked_ms is null order by id`
  const revoking = (await db.all<{ id: string }>(inForce)).map((old) => old.id)
  assert(await insertKey(db, key, by), 'two keys drew one id')
  for (const old of revoking) await revoke(db, old, by.atMs)
  await noteAccess(db, by, 'replace-keys', { id, participant, label, revoking, from })
  return revoking.length
}

/** @returns false when the id is taken */
async function insertKey(
  db: Database,
  { id, participant, hash, label }: NewKey,
  { atMs }: By,
): Promise<boolean> {
  const row = insert('access_key', { id, participant, hash, label, created_ms: atMs, revoked_ms: null })
  return (await db.run(sql`${row} on conflict (id) do nothing`)) > 0
}

/** @returns false when there is no such key in force */
export async function revokeKey(db: Database, { id, by }: { id: string; by: By }): Promise<boolean> {
  if (!(await revoke(db, id, by.atMs))) return false
  await noteAccess(db, by, 'revoke-key', { id })
  return true
}

async function revoke(db: Database, id: string, atMs: number): Promise<boolean> {
  const query = sql`update access_key set revoked_ms = ${atMs} where id = ${id} and revoked_ms is null`
  return (await db.run(query)) > 0
}

async function noteAccess(db: Database, by: By, action: string, detail: object): Promise<void> {
  await db.run(sql`update market set access_version = access_version + 1`)
  await note(db, by, action, detail)
}
