/** What an operator does; all of it stands in the audit log. */
import type { CredentialAnswer } from '../../../contract/routes/operator.ts'
import type { AccessKey, Participant } from '../../../store/port.ts'
import type { Handlers } from '../../answer.ts'
import type { Caller } from '../../access/directory.ts'
import { ManualClock } from '../../clock.ts'
import { makeKeyFor, officeOf } from '../../market/enter-members.ts'
import type { LiveMarket } from '../../market/live-market.ts'
import { endMs, instantText } from '../../market/timeline.ts'
import { Refusal } from '../../refusal.ts'
import { memberNamed } from '../lookups.ts'
import { numberOf } from '../paging.ts'
import { participantAnswer } from '../participants/index.ts'
import { clockOf } from '../zones/index.ts'
import { quarterStartMs } from '../../../base/quarter.ts'

export function operatorRoutes(
  market: LiveMarket,
): Handlers<
  | 'listParticipants'
  | 'getParticipant'
  | 'setParticipant'
  | 'listCredentials'
  | 'makeCredential'
  | 'rotateCredential'
  | 'revokeCredential'
  | 'moveClock'
  | 'listAudit'
> {
  const { directory, store } = market
  return {
    listParticipants: () => ({
      participants: market.members.all.map((member) => participantAnswer(market, member)),
    }),
    getParticipant: ({ params }) => participantAnswer(market, memberNamed(market, params.participant)),
    setParticipant: async ({ params, body, caller }) => {
      const member = memberNamed(market, params.participant)
      await market.setBidding(member, body.bidding, market.by(caller))
      return participantAnswer(market, member)
    },
    listCredentials: () => ({ keys: [...directory.keys].map((key) => credentialAnswer(market, key)) }),
    makeCredential: async ({ body, caller }) => {
      const holder = await holderOf(market, caller, body)
      return newCredential(market, caller, holder, body.label)
    },
    rotateCredential: async ({ params, caller }) => {
      const key = keyNamed(market, params.credential)
      return newCredential(market, caller, directory.participant(key.participant)!, key.label, [key.id])
    },
    revokeCredential: async ({ params, caller }) => {
      const key = keyNamed(market, params.credential)
      await store.access.revokeKey(key.id, market.by(caller))
      await directory.refresh()
      return credentialAnswer(market, directory.key(key.id)!)
    },
    moveClock: async ({ body }) => {
      const { clock } = market
      if (!(clock instanceof ManualClock)) throw new Refusal('clock-not-manual', { came: clock.kind })
      await Promise.all([market.followClock(), market.store.orders.refresh()])
      const ms = 'to' in body ? Date.parse(body.to) : afterIntervals(market, body.intervals)
      await moveTo(market, clock, ms, 'to' in body ? body.to : `${body.intervals} intervals`)
      return clockOf(market)
    },
    listAudit: async ({ query }) => {
      const after = query.cursor === undefined ? 0 : numberOf(query.cursor)
      const lines = await store.audit.after(after, query.limit)
      const entries = lines.map(({ seq, atMs, actor, action, detail }) => ({
        id: seq,
        at: instantText(atMs),
        participant: actor === undefined ? null : nameOf(market, actor),
        action,
        detail,
      }))
      return { entries, next: lines.length < query.limit ? null : String(lines.at(-1)!.seq) }
    },
  }
}

function keyNamed({ directory }: LiveMarket, id: string): AccessKey {
  const key = directory.key(id)
  if (!key || key.revokedMs !== undefined) throw new Refusal('credential-unknown', { came: id.slice(0, 100) })
  return key
}

function nameOf({ members, directory }: LiveMarket, participant: number): string {
  const holder = directory.participant(participant)
  return holder?.role === 'participant'
    ? members.byParticipant(participant).id
    : (holder?.name ?? String(participant))
}

/** Whom a new key speaks for: the named participant, or the office of the role. */
async function holderOf(
  market: LiveMarket,
  caller: Caller,
  { role, participant }: { readonly role: Caller['role']; readonly participant?: string | undefined },
): Promise<Pick<Participant, 'id'>> {
  if (role === 'participant') {
    if (participant !== undefined)
      return { id: memberNamed(market, participant, 'body.participant').participant }
    throw new Refusal('invalid-request', {
      wanted: 'whom the key speaks for',
      came: 'nothing',
      path: 'body.participant',
    })
  }
  if (participant !== undefined)
    throw new Refusal('invalid-request', {
      wanted: `nobody, with role ${role}`,
      came: participant,
      path: 'body.participant',
    })
  const { directory, store } = market
  const known = [...directory.participants].find((each) => each.role === role)
  if (known) return known
  await store.access.add(officeOf(role), market.by(caller))
  await directory.refresh()
  return [...directory.participants].find((each) => each.role === role)!
}

async function newCredential(
  market: LiveMarket,
  caller: Caller,
  holder: Pick<Participant, 'id'>,
  label: string,
  revoking: readonly string[] = [],
) {
  const { directory, store } = market
  const key = await makeKeyFor(store.access, holder, label, market.by(caller), revoking)
  await directory.refresh()
  return { credential: credentialAnswer(market, directory.key(key.split('_')[1]!)!), key }
}

function credentialAnswer(
  market: LiveMarket,
  { id, participant, label, createdMs, revokedMs }: AccessKey,
): CredentialAnswer {
  const { role } = market.directory.participant(participant)!
  return {
    id,
    role,
    participant: role === 'participant' ? nameOf(market, participant) : null,
    label,
    made: instantText(createdMs),
    revoked: revokedMs === undefined ? null : instantText(revokedMs),
  }
}

/** The n-th gate from now on: where the clock stands on a gate, that one has closed. */
function afterIntervals({ store }: LiveMarket, intervals: number): number {
  return quarterStartMs(store.orders.openFrom + intervals - 1)
}

/** Nothing happens after the market's last month is closed, so no clock has to go there. */
const mostBeyondMs = 90 * 86_400_000

async function moveTo(market: LiveMarket, clock: ManualClock, ms: number, came: string): Promise<void> {
  const latestMs = endMs(market.model.timeline.end) + mostBeyondMs
  // An offset that no place on earth has makes no instant.
  if (!(ms > clock.now() && ms <= latestMs)) {
    const wanted = `an instant after ${instantText(clock.now())} and until ${instantText(latestMs)}`
    throw new Refusal('clock-not-forward', { wanted, came })
  }
  await clock.moveTo(ms)
  await market.caughtUp(ms)
}
