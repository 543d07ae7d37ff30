/**
 * What can go wrong with a database, as values of one kind, so that a service can answer 503 and say why. A fault never
 * leaves half a transaction behind.
 *
 * | code | what happened |
 * |---|---|
 * | `full` | no room is left on the disk, or the database reached its size limit |
 * | `read-only` | file, disk or server take no writes |
 * | `busy` | another process held the database for too long |
 * | `overloaded` | more orders are waiting to be written than the store takes; try again later |
 * | `unreachable` | file cannot be opened, server does not answer, connection was cut |
 * | `unsure` | the connection was cut while a transaction was being committed: it may or may not have been kept |
 * | `newer-schema` | a newer version of the program wrote this database |
 * | `foreign` | the file or schema belongs to another program |
 * | `damaged` | the database or a record in it does not carry the checksum it should |
 * | `clock-backwards` | the clock lies before what is already recorded |
 * | `empty` | the database holds no market yet |
 * | `other-market` | the database holds a market of another zone |
 * | `io` | any other error of the disk |
 * | `closed` | the store was closed |
 */
export type StoreFaultCode =
  | 'full'
  | 'read-only'
  | 'busy'
  | 'overloaded'
  | 'unreachable'
  | 'unsure'
  | 'newer-schema'
  | 'foreign'
  | 'damaged'
  | 'clock-backwards'
  | 'empty'
  | 'other-market'
  | 'io'
  | 'closed'

export class StoreFault extends Error {
  readonly code: StoreFaultCode

  constructor(code: StoreFaultCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause })
    this.name = 'StoreFault'
    this.code = code
  }
}
