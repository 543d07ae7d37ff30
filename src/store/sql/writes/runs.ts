/** Scenario runs: queued → running → done, failed or cancelled. */
import type { By, RunFile } from '../../port.ts'
import { type Database, first, insert, sql } from '../query.ts'
import { note } from './notes.ts'

export interface AddRunArgs {
  readonly id: string
  readonly participant: number
  readonly spec: string
  readonly by: By
}

export async function addRun(db: Database, { id, participant, spec, by }: AddRunArgs): Promise<void> {
  const later = { worker: null, started_ms: null, ended_ms: null, note: null }
  const queued = { state: 'queued', progress: 0, created_ms: by.atMs }
  await db.run(insert('run', { id, participant, spec, ...queued, ...later }))
  await note(db, by, 'add-run', { id })
}

/** @returns the id of the run taken */
export async function takeRun(
  db: Database,
  { worker, atMs }: { worker: string; atMs: number },
): Promise<string | undefined> {
  const next = await first<{ id: string }>(
    db,
    sql`select id from run where state = 'queued' order by created_ms, id limit 1`,
  )
  if (!next) return undefined
  await db.run(
    sql`update run set state = 'running', worker = ${worker}, started_ms = ${atMs}, progress = 0 where id = ${next.id}`,
  )
  return next.id
}

export async function setProgress(
  db: Database,
  { id, progress }: { id: string; progress: number },
): Promise<boolean> {
  const query = sql`update run set progress = ${progress} where id = ${id} and state = 'running'`
  return (await db.run(query)) > 0
}

export interface EndRunArgs {
  readonly id: string
  readonly state: 'done' | 'failed'
  readonly note?: string
  readonly files: readonly RunFile[]
  readonly atMs: number
}

export async function endRun(db: Database, args: EndRunArgs): Promise<boolean> {
  const { id, state, note: text = null, files, atMs } = args
  const ended = await db.run(
    sql`update run set state = ${state}, note = ${text}, ended_ms = ${atMs},
               progress = case when ${state === 'done' ? 1 : 0} = 1 then 1 else progress end
        where id = ${id} and state = 'running'`,
  )
  if (ended === 0) return false
  for (const { name, mediaType, content } of files)
    await db.run(insert('run_file', { run: id, name, media_type: mediaType, content }))
  return true
}

export async function cancelRun(db: Database, { id, by }: { id: string; by: By }): Promise<boolean> {
  const cancelled = await db.run(
    sql`update run set state = 'cancelled', ended_ms = ${by.atMs} where id = ${id} and state in ('queued', 'running')`,
  )
  if (cancelled === 0) return false
  await note(db, by, 'cancel-run', { id })
  return true
}

/** Back into the queue with the running runs of these workers. @returns their ids */
export async function requeueRuns(
  db: Database,
  { workers }: { workers: readonly string[] },
): Promise<string[]> {
  if (workers.length === 0) return []
  const gone = await db.all<{ id: string }>(
    sql`select id from run where state = 'running' and worker in ${workers} order by id`,
  )
  const queued = sql`update run set state = 'queued', worker = null, started_ms = null, progress = 0`
  for (const { id } of gone) await db.run(sql`${queued} where id = ${id}`)
  return gone.map(({ id }) => id)
}
