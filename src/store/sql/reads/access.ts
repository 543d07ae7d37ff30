/** Participants and keys. */
import type { Kysely, Selectable } from 'kysely'
import type { AccessKey, Participant, Role } from '../../port.ts'
import type { Tables } from '../tables.ts'

export async function participants(db: Kysely<Tables>, from = 1): Promise<Participant[]> {
  const rows = await db.selectFrom('participant').selectAll().where('id', '>=', from).orderBy('id').execute()
  return rows.map(participantOf)
}

export async function participant(db: Kysely<Tables>, id: number): Promise<Participant | undefined> {
  const row = await db.selectFrom('participant').selectAll().where('id', '=', id).executeTakeFirst()
  return row && participantOf(row)
}

export async function accessKeys(db: Kysely<Tables>): Promise<AccessKey[]> {
  const rows = await db.selectFrom('access_key').selectAll().orderBy('created_ms').orderBy('id').execute()
  return rows.map(keyOf)
}

export async function accessKey(db: Kysely<Tables>, id: string): Promise<AccessKey | undefined> {
  const row = await db.selectFrom('access_key').selectAll().where('id', '=', id).executeTakeFirst()
  return row && keyOf(row)
}

function participantOf(row: Selectable<Tables['participant']>): Participant {
  return {
    id: row.id,
    name: row.name,
    role: row.role as Role,
    ...(row.bus !== null && { bus: row.bus }),
    publicJson: row.public_json,
    privateJson: row.private_json,
    createdMs: row.created_ms,
    ...(row.retired_ms !== null && { retiredMs: row.retired_ms }),
  }
}

function keyOf(row: Selectable<Tables['access_key']>): AccessKey {
  return {
    id: row.id,
    participant: row.participant,
    hash: row.hash,
    label: row.label,
    createdMs: row.created_ms,
    ...(row.revoked_ms !== null && { revokedMs: row.revoked_ms }),
  }
}
