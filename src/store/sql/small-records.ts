/** The records that are rows and nothing else: reads go to the database, writes through the executor. */
import { assert } from '../../base/errors.ts'
import type {
  AccessRecords,
  AuditRecords,
  EventRecords,
  MarketClock,
  MeterRecords,
  Participant,
  RunRecords,
  StatementRecords,
} from '../port.ts'
import { type Engine, readWith } from './engine.ts'
import { writeBy } from './executor.ts'
import type { Database } from './query.ts'
import { accessKey, accessKeys, participant, participants } from './reads/access.ts'
import { auditAfter, eventsAfter, readCarried, readStanding } from './reads/market.ts'
import {
  correctedAfterSettlement,
  newestStatement,
  readingHistory,
  readingsOfInterval,
  readingsOfParticipant,
  statementMonths,
} from './reads/meters.ts'
import { getRun, listRuns, runFile, runFiles } from './reads/runs.ts'
import type { WriteArgs, WriteName, WriteResult } from './writes.ts'

/** Both ways into the database; every write is followed by a look for those who watch. */
export interface Ways {
  readonly read: <Value>(read: (db: Database) => Promise<Value>) => Promise<Value>
  readonly write: <Name extends WriteName>(name: Name, args: WriteArgs<Name>) => Promise<WriteResult<Name>>
}

export function waysInto(engine: Engine, written: () => void): Ways {
  return {
    read: (read) => readWith(engine, read),
    write: (name, args) => writeBy(engine.executor, name, args).finally(written),
  }
}

export function clockRecords({ read, write }: Ways, toleranceMs: number): MarketClock {
  return {
    position: async () => (await read(readStanding)).clockMs,
    advance: (toMs) => write('advanceClock', { toMs, toleranceMs }),
    carried: (name) => read((db) => readCarried(db, name)),
  }
}

export function accessRecords({ read, write }: Ways): AccessRecords {
  const changed = async (id: number, exists: boolean): Promise<Participant | undefined> =>
    exists ? read((db) => participant(db, id)) : undefined
  return {
    add: async (added, by) => {
      const id = await write('addParticipants', { participants: [added], by })
      return id === undefined ? undefined : read((db) => participant(db, id))
    },
    addAll: async (added, by) => {
      const first = await write('addParticipants', { participants: added, by })
      assert(first !== undefined, 'participants have equal names')
      return (await read((db) => participants(db, first))).slice(0, added.length)
    },
    update: async (id, change, by) =>
      changed(id, await write('changeParticipant', { id, change, retire: false, by })),
    retire: async (id, by) =>
      changed(id, await write('changeParticipant', { id, change: {}, retire: true, by })),
    participants: () => read(participants),
    addKey: (key, by, revoking = []) => write('addKey', { key, revoking, by }),
    replaceKeys: (key, by, from) => write('replaceKeys', { key, from, by }),
    revokeKey: (id, by) => write('revokeKey', { id, by }),
    keys: () => read(accessKeys),
    key: (id) => read((db) => accessKey(db, id)),
  }
}

export function meterRecords({ read, write }: Ways): MeterRecords {
  return {
    add: (readings, by, months = []) => write('addReadings', { readings, by, months }),
    ofInterval: (interval, upToSeq) => read((db) => readingsOfInterval(db, { interval, upToSeq })),
    ofParticipant: (id, range) => read((db) => readingsOfParticipant(db, id, range)),
    history: (participant, interval) => read((db) => readingHistory(db, { participant, interval })),
    correctedAfterSettlement: (query) => read((db) => correctedAfterSettlement(db, query)),
  }
}

export function statementRecords({ read, write }: Ways): StatementRecords {
  return {
    issue: (month, range, statements, by) => write('issueStatements', { month, range, statements, by }),
    get: (participant, month) => read((db) => newestStatement(db, { participant, month })),
    months: (id) => read((db) => statementMonths(db, id)),
  }
}

export function runRecords({ read, write }: Ways): RunRecords {
  return {
    add: (run, by) => write('addRun', { ...run, by }),
    take: async (worker, atMs) => {
      const id = await write('takeRun', { worker, atMs })
      return id === undefined ? undefined : read((db) => getRun(db, id))
    },
    progress: (id, progress) => write('setProgress', { id, progress }),
    end: (id, end, atMs) => write('endRun', { id, ...end, atMs }),
    cancel: (id, by) => write('cancelRun', { id, by }),
    requeue: (workers) => write('requeueRuns', { workers }),
    get: (id) => read((db) => getRun(db, id)),
    list: (query) => read((db) => listRuns(db, query)),
    files: (id) => read((db) => runFiles(db, id)),
    file: (id, name) => read((db) => runFile(db, id, name)),
  }
}

export function eventRecords({ read, write }: Ways): EventRecords {
  return {
    add: (event) => write('addEvent', event),
    after: (seq, limit) => read((db) => eventsAfter(db, seq, limit)),
    last: async () => (await read(readStanding)).lastEvent,
  }
}

export function auditRecords({ read, write }: Ways): AuditRecords {
  return {
    add: (line) => write('addAudit', line),
    after: (seq, limit) => read((db) => auditAfter(db, seq, limit)),
  }
}
