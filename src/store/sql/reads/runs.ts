/** Scenario runs and their files. */
import type { Run, RunFile, RunState } from '../../port.ts'
import { type Database, first, sql } from '../query.ts'
import type { Tables } from '../tables.ts'

export async function getRun(db: Database, id: string): Promise<Run | undefined> {
  const row = await first<Tables['run']>(db, sql`select * from run where id = ${id}`)
  return row && runOf(row)
}

export async function listRuns(
  db: Database,
  { participant, limit, before }: { participant?: number; limit: number; before?: string },
): Promise<Run[]> {
  const last = before === undefined ? undefined : await getRun(db, before)
  const whose = participant === undefined ? sql`1 = 1` : sql`participant = ${participant}`
  const older = last ? sql`(created_ms, id) < (${last.createdMs}, ${last.id})` : sql`1 = 1`
  const rows = await db.all<Tables['run']>(
    sql`select * from run where ${whose} and ${older} order by created_ms desc, id desc limit ${limit}`,
  )
  return rows.map(runOf)
}

export async function runFiles(
  db: Database,
  id: string,
): Promise<{ name: string; mediaType: string; bytes: number }[]> {
  return db.all(
    sql`select name, media_type as "mediaType", length(content) as bytes from run_file where run = ${id} order by name`,
  )
}

export async function runFile(db: Database, id: string, name: string): Promise<RunFile | undefined> {
  return first(
    db,
    sql`select name, media_type as "mediaType", content from run_file where run = ${id} and name = ${name}`,
  )
}

function runOf(row: Tables['run']): Run {
  return {
    id: row.id,
    participant: row.participant,
    spec: row.spec,
    state: row.state as RunState,
    progress: row.progress,
    ...(row.worker !== null && { worker: row.worker }),
    createdMs: row.created_ms,
    ...(row.started_ms !== null && { startedMs: row.started_ms }),
    ...(row.ended_ms !== null && { endedMs: row.ended_ms }),
    ...(row.note !== null && { note: row.note }),
  }
}
