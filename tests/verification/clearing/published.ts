/** The published cases cleared, and how our answer stands to the source's. */
import { count, table, type Section } from '../findings.ts'
import { clearMarket, welfareOfAccepted, type Outcome } from './market.ts'
import { publishedCases, type Answer, type PublishedCase } from './published-cases.ts'

export interface Judged {
  readonly published: PublishedCase
  readonly outcome: Outcome
  /** whether we find what is right: every quantity, and each named price within our range */
  readonly isRight: boolean
  /** whether that is the source's answer as well */
  readonly isTheirs: boolean
  /** our welfare, and that of the source's quantities */
  readonly welfare: number
  readonly theirWelfare: number
}

export function judge(published: PublishedCase): Judged {
  const { market, scale, theirs, right = theirs } = published
  const outcome = clearMarket(market, scale, { floor: -1, cap: 4000 })
  return {
    published,
    outcome,
    isRight: outcome.proved && agrees(published, outcome, right),
    isTheirs: agrees(published, outcome, theirs),
    welfare: outcome.welfare,
    theirWelfare: welfareOfAccepted(market, scale, theirs.accepted),
  }
}

function agrees({ market }: PublishedCase, { accepted, buses }: Outcome, answer: Answer): boolean {
  const sameQuantities = market.orders.every(({ id }) => accepted[id] === (answer.accepted[id] ?? 0))
  const supported = Object.entries(answer.prices).every(
    ([bus, price]) => buses[bus]!.low <= price && price <= buses[bus]!.high,
  )
  return sameQuantities && supported
}

export const publishedSection: Section = {
  name: 'clearing/published',
  sliceIsAll: true,
  run: () => {
    const judged = publishedCases.map(judge)
    const kinds = [...Map.groupBy(judged, ({ published }) => published.kind)]
    return {
      rows: kinds.map(([kind, cases]) => [
        `published cases: ${kind}`,
        'quantities, and prices within our range',
        count(cases.length),
        count(cases.filter(({ isRight }) => isRight).length),
        differing(cases),
        'no',
      ]),
      blocks: {
        published: table(['case', 'source', 'their prices', 'our range', ''], judged.map(line), false),
      },
      misses: judged.filter(({ isRight }) => !isRight).map(({ published }) => published.name),
    }
  },
}

/** How many sources say something else than what is right. */
function differing(cases: readonly Judged[]): string {
  const other = cases.filter(({ isTheirs }) => !isTheirs).length
  return other === 0 ? '0' : `0; the source differs in ${other}, see below`
}

function line({ published, outcome, isTheirs, welfare, theirWelfare }: Judged): string[] {
  const { name, source, theirs, because } = published
  const named = Object.keys(theirs.prices)
  const ranges = named.map((bus) => {
    const { low, high } = outcome.buses[bus]!
    return low === high ? `${low}` : `${low} to ${high}`
  })
  const gained = welfare - theirWelfare
  const worth = gained > 1e-9 ? `; welfare ${round(welfare)} instead of ${round(theirWelfare)}` : ''
  return [
    name,
    source,
    named.map((bus) => `${theirs.prices[bus]}`).join(', ') || 'no trade',
    ranges.join(', ') || 'no trade',
    isTheirs ? 'equal' : `${because}${worth}`,
  ]
}

const round = (value: number) => Number(value.toFixed(5))
