/** Participants and keys. */
import type { AccessKey, Participant, Role } from '../../port.ts'
import { type Database, first, sql } from '../query.ts'
import type { Tables } from '../tables.ts'

/** @param from number of the first */
export async function participants(db: Database, from = 1): Promise<Participant[]> {
  const query = sql`select * from participant where id >= ${from} order by id`
  return (await db.all<Tables['participant']>(query)).map(participantOf)
}

export async function participant(db: Database, id: number): Promise<Participant | undefined> {
  const row = await first<Tables['participant']>(db, sql`select * from participant where id = ${id}`)
  return row && participantOf(row)
}

export async function accessKeys(db: Database): Promise<AccessKey[]> {
  const rows = await db.all<Tables['access_key']>(sql`select * from access_key order by created_ms, id`)
  return rows.map(keyOf)
}

export async function accessKey(db: Database, id: string): Promise<AccessKey | undefined> {
  const row = await first<Tables['access_key']>(db, sql`select * from access_key where id = ${id}`)
  return row && keyOf(row)
}

function participantOf(row: Tables['participant']): Participant {
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

function keyOf(row: Tables['access_key']): AccessKey {
  return {
    id: row.id,
    participant: row.participant,
    hash: row.hash,
    label: row.label,
    createdMs: row.created_ms,
    ...(row.revoked_ms !== null && { revokedMs: row.revoked_ms }),
  }
}
