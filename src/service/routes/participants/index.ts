/** A participant's own side: who it is, how it bids, its statements, what the market has changed for it. */
import { fenText, kwhText } from '../../../contract/decimals.ts'
import type {
  ParticipantAnswer,
  SavingsAnswer,
  StatementAnswer,
} from '../../../contract/routes/participants.ts'
import { fenOf } from '../../../settlement/statement.ts'
import { tagged, type Handlers } from '../../answer.ts'
import type { LiveMarket } from '../../market/live-market.ts'
import type { Member } from '../../market/members.ts'
import { readStanding, standingName } from '../../market/standings.ts'
import { Refusal } from '../../refusal.ts'

export function participantRoutes(
  market: LiveMarket,
): Handlers<'getMe' | 'setBidding' | 'listStatements' | 'getStatement' | 'getSavings'> {
  const { statements } = market.store
  return {
    getMe: ({ caller }) => participantAnswer(market, market.memberOf(caller)),
    setBidding: async ({ body, caller }) => {
      const member = market.memberOf(caller)
      await market.setBidding(member, body.bidding, market.by(caller))
      return participantAnswer(market, member)
    },
    listStatements: async ({ caller }) => ({ months: await statements.months(caller.participant) }),
    getStatement: async ({ params, caller }) => {
      const statement = await statements.get(caller.participant, params.month)
      if (!statement) throw new Refusal('statement-unknown', { came: params.month.slice(0, 100) })
      return tagged(readStatement(statement.body), `${params.month}-${statement.version}`)
    },
    getSavings: ({ caller }) => savingsOf(market, market.memberOf(caller)),
  }
}

export function participantAnswer(market: LiveMarket, member: Member): ParticipantAnswer {
  const { id, name, kind, owner, bus, buys, sells, mostWh } = member
  return {
    id,
    name,
    kind,
    owner,
    bus: market.model.zone.buses[bus]!.id,
    sides: [...(buys ? (['buy'] as const) : []), ...(sells ? (['sell'] as const) : [])],
    mostPerInterval: kwhText(mostWh),
    bidding: market.settingsOf(member).bidding,
  }
}

function readStatement(body: Uint8Array): StatementAnswer {
  return JSON.parse(new TextDecoder().decode(body)) as StatementAnswer
}

interface MonthSaving {
  readonly closed: boolean
  readonly withFen: number
  readonly withoutFen: number
  readonly savedFen: number
  readonly tradedWh: number
}

async function savingsOf(market: LiveMarket, member: Member): Promise<SavingsAnswer> {
  const months: SavingsAnswer['months'] = []
  let savedFen = 0
  for (const { key } of market.model.zone.calendar.months) {
    const saving = await monthSaving(market, member, key)
    if (!saving) continue
    savedFen += saving.savedFen
    months.push({
      month: key,
      closed: saving.closed,
      withMarket: fenText(saving.withFen),
      withoutMarket: fenText(saving.withoutFen),
      saved: fenText(saving.savedFen),
      traded: kwhText(saving.tradedWh),
    })
  }
  return { participant: member.id, months, saved: fenText(savedFen) }
}

/** Of a closed month as billed, of a running one as settled so far; nothing where nothing was settled. */
async function monthSaving(
  { store }: LiveMarket,
  { participant, account, kind }: Member,
  key: string,
): Promise<MonthSaving | undefined> {
  const standing = readStanding(await store.clock.carried(standingName(key)), account)
  if (!standing) return undefined
  const { withE11, withoutE11, tradedWh } = standing
  const sign = kind === 'enterprise' ? -1 : 1
  const statement = await store.statements.get(participant, key)
  const { withFen, withoutFen } = statement
    ? billed(readStatement(statement.body))
    : { withFen: fenOf(BigInt(sign) * withE11), withoutFen: fenOf(BigInt(sign) * withoutE11) }
  // Of what is told, so that whoever subtracts finds the same fen.
  const savedFen = sign * (withFen - withoutFen)
  return { closed: statement !== undefined, withFen, withoutFen, savedFen, tradedWh }
}

function billed({ total, withoutMarket }: StatementAnswer): Pick<MonthSaving, 'withFen' | 'withoutFen'> {
  return { withFen: fenOfText(total), withoutFen: fenOfText(withoutMarket ?? '0.00') }
}

function fenOfText(text: string): number {
  return Math.round(Number(text) * 100)
}
