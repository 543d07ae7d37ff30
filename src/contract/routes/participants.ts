/** A participant's own side: who it is, how it bids, what it is billed and what it saves. */
import { z } from 'zod'
import { fen, kwh } from '../decimals.ts'
import { month, side } from '../names.ts'
import { defineRoutes } from '../route.ts'
import { participantKind } from './zones.ts'

/**
 * `strategy`: the service bids for it in intervals where it placed nothing; `own`: it bids itself or not at all, as do all whose
 * strategy in the scenario is external.
 */
export const bidding = z.enum(['strategy', 'own']).meta({ id: 'Bidding' })
export const participant = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    kind: participantKind,
    owner: z.string(),
    bus: z.string(),
    sides: z.array(side).meta({ description: 'what it may do' }),
    mostPerInterval: kwh.meta({ description: 'what its connection carries in a quarter-hour' }),
    bidding,
  })
  .meta({ id: 'Participant' })
export type ParticipantAnswer = z.infer<typeof participant>

const line = z.strictObject({
  key: z.string(),
  zh: z.string(),
  en: z.string(),
  energy: kwh.nullable(),
  amount: fen,
})

export const statement = z
  .strictObject({
    participant: z.string(),
    month,
    role: z
      .enum(['buyer', 'seller'])
      .meta({ description: 'a buyer pays the amounts, a seller receives them' }),
    lines: z.array(line),
    total: fen,
    withoutMarket: fen.nullable().meta({ description: 'the same month on the ordinary contract, or fed in' }),
    dates: z
      .strictObject({ checkBy: z.string(), confirmBy: z.string(), finalBy: z.string(), billBy: z.string() })
      .meta({ description: '发改能源规〔2025〕976号 Art. 38, 39, 42' }),
  })
  .meta({ id: 'Statement' })
export type StatementAnswer = z.infer<typeof statement>

export const savings = z
  .strictObject({
    participant: z.string(),
    months: z.array(
      z.strictObject({
        month,
        closed: z.boolean(),
        withMarket: fen,
        withoutMarket: fen,
        saved: fen.meta({ description: 'of a seller: gained' }),
        traded: kwh,
      }),
    ),
    saved: fen,
  })
  .meta({
    id: 'Savings',
    description:
      'settled intervals only; monthly charges, which the market does not change, come with the closed month',
  })
export type SavingsAnswer = z.infer<typeof savings>

export const participantRoutes = defineRoutes({
  getMe: {
    method: 'GET',
    path: '/v1/participants/me',
    roles: ['participant'],
    tag: 'participant',
    summary: 'Who the key speaks for',
    answer: { status: 200, schema: participant },
    problems: [],
  },
  setBidding: {
    method: 'PUT',
    path: '/v1/participants/me/bidding',
    roles: ['participant'],
    tag: 'participant',
    summary: 'Bid by strategy where nothing was placed, or not at all',
    body: z.strictObject({ bidding }),
    answer: { status: 200, schema: participant },
    problems: ['no-strategy', 'store-refuses'],
  },
  listStatements: {
    method: 'GET',
    path: '/v1/participants/me/statements',
    roles: ['participant'],
    tag: 'participant',
    summary: 'The months that are closed',
    answer: { status: 200, schema: z.strictObject({ months: z.array(month) }) },
    problems: [],
  },
  getStatement: {
    method: 'GET',
    path: '/v1/participants/me/statements/{month}',
    roles: ['participant'],
    tag: 'participant',
    summary: 'The statement of a closed month',
    answer: { status: 200, schema: statement, cached: true },
    problems: ['statement-unknown'],
  },
  getSavings: {
    method: 'GET',
    path: '/v1/participants/me/savings',
    roles: ['participant'],
    tag: 'participant',
    summary: 'What the market has changed, month by month',
    answer: { status: 200, schema: savings },
    problems: [],
  },
})
