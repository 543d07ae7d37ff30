/** Scenario runs and their files. */
import type { Kysely, Selectable } from 'kysely'
import type { Run, RunFile, RunState } from '../../port.ts'
import type { Tables } from '../tables.ts'

export async function getRun(db: Kysely<Tables>, id: string): Promise<Run | undefined> {
  const row = await db.selectFrom('run').selectAll().where('id', '=', id).executeTakeFirst()
  return row && runOf(row)
}

export async function listRuns(
  db: Kysely<Tables>,
  { participant, limit, before }: { participant?: number; limit: number; before?: string },
): Promise<Run[]> {
  let query = db
    .selectFrom('run')
    .selectAll()
    .orderBy('created_ms', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
  if (participant !== undefined) query = query.where('participant', '=', participant)
  const last = before === undefined ? undefined : await getRun(db, before)
  if (last)
    query = query.where((run) =>
      run.or([
        run('created_ms', '<', last.createdMs),
        run.and([run('created_ms', '=', last.createdMs), run('id', '<', last.id)]),
      ]),
    )
  return (await query.execute()).map(runOf)
}

export async function runFiles(
  db: Kysely<Tables>,
  id: string,
): Promise<{ name: string; mediaType: string; bytes: number }[]> {
  const rows = await db
    .selectFrom('run_file')
    .select((row) => ['name', 'media_type', row.fn<number>('length', ['content']).as('bytes')])
    .where('run', '=', id)
    .orderBy('name')
    .execute()
  return rows.map(({ name, media_type, bytes }) => ({ name, mediaType: media_type, bytes }))
}

export async function runFile(db: Kysely<Tables>, id: string, name: string): Promise<RunFile | undefined> {
  const row = await db
    .selectFrom('run_file')
    .selectAll()
    .where('run', '=', id)
    .where('name', '=', name)
    .executeTakeFirst()
  return row && { name, mediaType: row.media_type, content: row.content }
}

function runOf(row: Selectable<Tables['run']>): Run {
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
