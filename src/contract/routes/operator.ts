/** The operator's side: members, keys, the manual clock, the audit log. */
import { z } from 'zod'
import { id, instant, next, page, role } from '../names.ts'
import { defineRoutes } from '../route.ts'
import { bidding, participant } from './participants.ts'
import { clock } from './zones.ts'

export const credential = z
  .strictObject({
    id: z.string(),
    role,
    participant: z.string().nullable(),
    label: z.string(),
    made: instant,
    revoked: instant.nullable(),
  })
  .meta({ id: 'Credential', description: 'what is kept of a key: everything but the key' })
export type CredentialAnswer = z.infer<typeof credential>

export const newCredential = z
  .strictObject({
    role,
    participant: id
      .optional()
      .meta({ description: 'whom it speaks for; with role participant only, and always then' }),
    label: z
      .string()
      .max(100)
      .regex(/^[^\0]*$/, 'text without a character 0')
      .default(''),
  })
  .meta({ id: 'NewCredential' })

const withSecret = z
  .strictObject({
    credential,
    key: z.string().meta({ description: 'shown this once; only its hash is kept' }),
  })
  .meta({ id: 'CredentialWithKey' })

export const auditEntry = z
  .strictObject({
    id: z.int(),
    at: instant,
    participant: z
      .string()
      .nullable()
      .meta({ description: 'who did it; null: the market itself, or who has its database' }),
    action: z.string(),
    detail: z.string(),
  })
  .meta({ id: 'AuditEntry' })

export const operatorRoutes = defineRoutes({
  listParticipants: {
    method: 'GET',
    path: '/v1/participants',
    roles: ['operator'],
    tag: 'operator',
    summary: 'All participants',
    answer: { status: 200, schema: z.strictObject({ participants: z.array(participant) }) },
    problems: [],
  },
  getParticipant: {
    method: 'GET',
    path: '/v1/participants/{participant}',
    roles: ['operator'],
    tag: 'operator',
    summary: 'One participant',
    answer: { status: 200, schema: participant },
    problems: ['participant-unknown'],
  },
  setParticipant: {
    method: 'PUT',
    path: '/v1/participants/{participant}',
    roles: ['operator'],
    tag: 'operator',
    summary: 'Whether a strategy bids for a participant',
    body: z.strictObject({ bidding }),
    answer: { status: 200, schema: participant },
    problems: ['participant-unknown', 'no-strategy', 'store-refuses'],
  },
  listCredentials: {
    method: 'GET',
    path: '/v1/keys',
    roles: ['operator'],
    tag: 'operator',
    summary: 'The keys that were given out, without the keys',
    answer: { status: 200, schema: z.strictObject({ keys: z.array(credential) }) },
    problems: [],
  },
  makeCredential: {
    method: 'POST',
    path: '/v1/keys',
    roles: ['operator'],
    tag: 'operator',
    summary: 'Make a key',
    body: newCredential,
    answer: { status: 201, schema: withSecret },
    problems: ['participant-unknown', 'store-refuses'],
  },
  rotateCredential: {
    method: 'POST',
    path: '/v1/keys/{credential}/rotations',
    roles: ['operator'],
    tag: 'operator',
    summary: 'Replace a key by a new one; the old one ends at once',
    answer: { status: 201, schema: withSecret },
    problems: ['credential-unknown', 'store-refuses'],
  },
  revokeCredential: {
    method: 'DELETE',
    path: '/v1/keys/{credential}',
    roles: ['operator'],
    tag: 'operator',
    summary: 'End a key at once',
    answer: { status: 200, schema: credential },
    problems: ['credential-unknown', 'store-refuses'],
  },
  moveClock: {
    method: 'POST',
    path: '/v1/clock',
    roles: ['operator'],
    tag: 'operator',
    summary: 'Move the manual clock forward',
    description: 'Answered once everything that is due by then has closed, cleared and settled.',
    body: z.union([
      z.strictObject({ to: instant }),
      z.strictObject({ intervals: z.int().min(1).max(35_136) }),
    ]),
    answer: { status: 200, schema: clock },
    problems: ['clock-not-manual', 'clock-not-forward', 'store-refuses'],
  },
  listAudit: {
    method: 'GET',
    path: '/v1/audit',
    roles: ['operator'],
    tag: 'operator',
    summary: 'What operators did, oldest first',
    query: z.strictObject(page),
    answer: { status: 200, schema: z.strictObject({ entries: z.array(auditEntry), next }) },
    problems: ['invalid-cursor'],
  },
})
