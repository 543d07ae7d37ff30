/**
 * The thread that writes a SQLite file. Waiting for the disk, checkpoints and the writing of a whole clearing happen
 * here, so that the thread that serves never stands still.
 */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import type { JournalRow } from '../journal/events.ts'
import { LocalExecutor } from '../sql/executor.ts'
import { migrate } from '../sql/migrate.ts'
import type { Group } from '../sql/writer.ts'
import { SqliteDatabase } from './database.ts'
import { sqliteFault } from './faults.ts'
import { openFile } from './file.ts'
import { errorOf, failureOf, type FromWorker, type ToWorker, type WorkerStart } from './messages.ts'
import { SqliteWriter } from './writer.ts'

const port = parentPort!
const questions = new Map<number, { resolve: (group: Group) => void; reject: (error: Error) => void }>()
let asked = 0

serve(port, workerData as WorkerStart).catch((error: unknown) => {
  say({ failed: failureOf(error) })
  port.close()
})

async function serve(port: MessagePort, start: WorkerStart): Promise<void> {
  const executor = new LocalExecutor(await openWriter(start))
  port.on('message', (message: ToWorker) => {
    if ('question' in message) answered(message)
    else if ('close' in message) void executor.close().finally(() => port.close())
    else if ('write' in message) reply(message.id, executor.write(message.write))
    else
      reply(
        message.id,
        executor.group(message.group, (news) => ask(message.id, news)),
      )
  })
  say({ ready: true })
}

async function openWriter({ file, ...options }: WorkerStart): Promise<SqliteWriter> {
  const db = openFile(file, options)
  try {
    db.exec(options.readOnly ? 'begin' : 'begin immediate')
    const { readOnly, make } = options
    await migrate(new SqliteDatabase(db), { kind: 'sqlite', readOnly, make })
    db.exec('commit')
    return new SqliteWriter(db)
  } catch (error) {
    db.close()
    throw sqliteFault(error)
  }
}

function reply(id: number, done: Promise<unknown>): void {
  done.then(
    (results) => say({ id, results }),
    (error: unknown) => say({ id, failure: failureOf(error) }),
  )
}

function ask(of: number, news: readonly JournalRow[]): Promise<Group> {
  const question = ++asked
  say({ question, of, news })
  return new Promise((resolve, reject) => questions.set(question, { resolve, reject }))
}

function answered({ question, group, failure }: Extract<ToWorker, { question: number }>): void {
  const { resolve, reject } = questions.get(question)!
  questions.delete(question)
  if (group) resolve(group)
  else reject(errorOf(failure!))
}

function say(message: FromWorker): void {
  port.postMessage(message)
}
