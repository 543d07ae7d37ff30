/** `strategies.csv`: one row a member, what strategic bidding changes for it. */
import type { BiddingEffect } from '../simulation/result.ts'
import { csv } from './csv.ts'
import { cny, kwh } from './numbers.ts'

export function biddingCsv({ members }: BiddingEffect): string {
  return csv(
    ['account', 'kind', 'strategy', 'traded_kwh', 'traded_if_truthful_kwh', 'change_cny'],
    members.map(({ account, kind, strategy, tradedWh, truthfulTradedWh, changeE11 }) => [
      account,
      kind,
      strategy,
      kwh(tradedWh),
      kwh(truthfulTradedWh),
      cny(changeE11),
    ]),
  )
}
