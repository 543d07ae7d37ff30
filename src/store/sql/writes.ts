/**
 * Every write by its name: a function of a transaction that holds the market's lock, and of plain values, so that it
 * can be asked for from another thread.
 */
import type { Database } from './query.ts'
import { addKey, addParticipants, changeParticipant, replaceKeys, revokeKey } from './writes/access.ts'
import { clearInterval, closeInterval, settleInterval } from './writes/gates.ts'
import { advanceClock, createMarket, touch } from './writes/market.ts'
import { addReadings, issueStatements } from './writes/meters.ts'
import { addAudit, addEvent } from './writes/notes.ts'
import { addRun, cancelRun, endRun, requeueRuns, setProgress, takeRun } from './writes/runs.ts'

export const writes = {
  addAudit,
  addEvent,
  addKey,
  addParticipants,
  addReadings,
  addRun,
  advanceClock,
  cancelRun,
  changeParticipant,
  clearInterval,
  closeInterval,
  createMarket,
  endRun,
  issueStatements,
  replaceKeys,
  requeueRuns,
  revokeKey,
  setProgress,
  settleInterval,
  takeRun,
  touch,
}

export type Writes = typeof writes
export type WriteName = keyof Writes
export type WriteArgs<Name extends WriteName> = Parameters<Writes[Name]>[1]
export type WriteResult<Name extends WriteName> = Awaited<ReturnType<Writes[Name]>>

/** A write that was asked for. */
export interface Write<Name extends WriteName = WriteName> {
  readonly name: Name
  readonly args: WriteArgs<Name>
}

export function doWrite(db: Database, { name, args }: Write): Promise<unknown> {
  const write = writes[name] as (db: Database, args: unknown) => Promise<unknown>
  return write(db, args)
}
