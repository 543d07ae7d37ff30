/** PostgreSQL's errors, and those of the way to it, as faults of the store. */
import { StoreFault, type StoreFaultCode } from '../fault.ts'

/** by SQLSTATE or its class, see https://www.postgresql.org/docs/current/errcodes-appendix.html */
const faults: readonly (readonly [RegExp, StoreFaultCode, string])[] = [
  [/^53100$/, 'full', 'no room is left for the database'],
  [/^53/, 'busy', 'the server has no room for this now'],
  [/^25006$/, 'read-only', 'the database takes no writes'],
  [/^(55P03|57014|40P01|40001|25P03)$/, 'busy', 'another process holds the database'],
  [/^(57P0|08|28|3D000)/, 'unreachable', 'the database cannot be reached'],
  [/^58/, 'io', 'the server reports an error of its disk'],
  [/^XX00[12]$/, 'damaged', 'the database is damaged'],
  [/^(42501|42P07)$/, 'foreign', 'the schema is not ours to use'],
  [
    /^E(CONN|HOST|NET|PIPE|ADDR|AI_|TIMEDOUT|NOTFOUND|NOENT|ACCES)/,
    'unreachable',
    'the database cannot be reached',
  ],
]

/** The fault an error stands for; an error that is none comes back as it is. */
export function postgresFault(error: unknown): unknown {
  const code = codeOf(error)
  const fault = faults.find(([pattern]) => pattern.test(code))
  return fault ? new StoreFault(fault[1], `${fault[2]} (PostgreSQL: ${messageOf(error)})`, error) : error
}

function codeOf(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: string }
  if (typeof code === 'string') return code
  // The driver names neither of these by a code.
  return /Connection terminated|Client was closed|timeout expired|not queryable/.test(message ?? '')
    ? 'ECONNRESET'
    : ''
}

function messageOf(error: unknown): string {
  // Several addresses tried in vain come as one error without a message.
  const { message, errors } = error as { message?: string; errors?: readonly { message: string }[] }
  return message || (errors ?? []).map((each) => each.message).join(', ')
}
