/** What the service refuses, thrown anywhere on the way of a request and answered as a problem. */
import { problemKinds, type Problem, type ProblemCode, type ProblemPart } from '../contract/problems.ts'
import { StoreFault } from '../store/fault.ts'

export interface RefusalDetail {
  /** instead of the kind's general words */
  readonly wanted?: string
  readonly came?: string
  readonly path?: string
  readonly interval?: string
  readonly errors?: readonly ProblemPart[]
  /** when to come back [s] */
  readonly retryAfterS?: number
}

export class Refusal extends Error {
  readonly code: ProblemCode
  readonly detail: RefusalDetail

  constructor(code: ProblemCode, detail: RefusalDetail = {}) {
    super(code)
    this.name = 'Refusal'
    this.code = code
    this.detail = detail
  }
}

/** Parts beyond this are counted, not told. */
const mostParts = 100

/** A problem as it is sent. */
export function problemOf({ code, detail }: Refusal, instance: string): Problem {
  const kind = problemKinds[code]
  const wanted = detail.wanted ?? kind.wanted
  const came = detail.came ?? kind.came
  return {
    type: `/docs/problems#${code}`,
    title: kind.title,
    status: kind.status,
    code,
    detail: `${kind.title}: wanted ${wanted}, came ${came}`,
    wanted,
    came,
    ...(detail.path === undefined ? {} : { path: detail.path }),
    ...(detail.interval === undefined ? {} : { interval: detail.interval }),
    instance,
    ...(detail.errors && detail.errors.length > 0 ? { errors: detail.errors.slice(0, mostParts) } : {}),
  }
}

/** What a fault of the store means to the one who asked; faults that are our own mistake have no refusal. */
export function refusalOfFault(fault: StoreFault): Refusal | undefined {
  switch (fault.code) {
    case 'overloaded':
    case 'busy':
      return new Refusal('overloaded', { came: fault.message, retryAfterS: 1 })
    case 'full':
    case 'read-only':
    case 'unreachable':
    case 'unsure':
    case 'io':
      return new Refusal('store-refuses', { came: fault.code, retryAfterS: 5 })
    case 'clock-backwards':
      return new Refusal('clock-behind', { came: fault.message, retryAfterS: 30 })
    case 'closed':
      return new Refusal('not-ready', { came: 'the service stops', retryAfterS: 5 })
    case 'newer-schema':
    case 'foreign':
    case 'damaged':
    case 'other-market':
      return undefined
  }
}
