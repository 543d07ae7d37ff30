/** Scenario runs: queued → running → done, failed or cancelled. */
import type { Kysely } from 'kysely'
import type { By, RunFile } from '../../port.ts'
import type { Tables } from '../tables.ts'
import { note } from './notes.ts'

export interface AddRunArgs {
  readonly id: string
  readonly participant: number
  readonly spec: string
  readonly by: By
}

export async function addRun(db: Kysely<Tables>, { id, participant, spec, by }: AddRunArgs): Promise<void> {
  const empty = { worker: null, started_ms: null, ended_ms: null, note: null }
  await db
    .insertInto('run')
    .values({ id, participant, spec, state: 'queued', progress: 0, created_ms: by.atMs, ...empty })
    .execute()
  await note(db, by, 'add-run', { id })
}

/** @returns the id of the run taken */
export async function takeRun(
  db: Kysely<Tables>,
  { worker, atMs }: { worker: string; atMs: number },
): Promise<string | undefined> {
  const next = await db
    .selectFrom('run')
    .select('id')
    .where('state', '=', 'queued')
    .orderBy('created_ms')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  if (!next) return undefined
  await db
    .updateTable('run')
    .set({ state: 'running', worker, started_ms: atMs, progress: 0 })
    .where('id', '=', next.id)
    .execute()
  return next.id
}

export async function setProgress(
  db: Kysely<Tables>,
  { id, progress }: { id: string; progress: number },
): Promise<boolean> {
  return updateWhile(db, { id, states: ['running'] }, { progress })
}

export interface EndRunArgs {
  readonly id: string
  readonly state: 'done' | 'failed'
  readonly note?: string
  readonly files: readonly RunFile[]
  readonly atMs: number
}

export async function endRun(db: Kysely<Tables>, args: EndRunArgs): Promise<boolean> {
  const { id, state, note: text = null, files, atMs } = args
  const ended = { state, note: text, ended_ms: atMs, ...(state === 'done' && { progress: 1 }) }
  if (!(await updateWhile(db, { id, states: ['running'] }, ended))) return false
  for (const { name, mediaType, content } of files)
    await db.insertInto('run_file').values({ run: id, name, media_type: mediaType, content }).execute()
  return true
}

export async function cancelRun(db: Kysely<Tables>, { id, by }: { id: string; by: By }): Promise<boolean> {
  const states = ['queued', 'running']
  if (!(await updateWhile(db, { id, states }, { state: 'cancelled', ended_ms: by.atMs }))) return false
  await note(db, by, 'cancel-run', { id })
  return true
}

/** Back into the queue with the running runs of these workers. @returns their ids */
export async function requeueRuns(
  db: Kysely<Tables>,
  { workers }: { workers: readonly string[] },
): Promise<string[]> {
  if (workers.length === 0) return []
  const gone = await db
    .selectFrom('run')
    .select('id')
    .where('state', '=', 'running')
    .where('worker', 'in', [...workers])
    .orderBy('id')
    .execute()
  for (const { id } of gone)
    await updateWhile(
      db,
      { id, states: ['running'] },
      { state: 'queued', worker: null, started_ms: null, progress: 0 },
    )
  return gone.map(({ id }) => id)
}

async function updateWhile(
  db: Kysely<Tables>,
  { id, states }: { id: string; states: readonly string[] },
  values: Partial<Tables['run']>,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('run')
    .set(values)
    .where('id', '=', id)
    .where('state', 'in', [...states])
    .executeTakeFirst()
  return numUpdatedRows > 0n
}
