/** Strategic bidding: the welfare it loses, and for whom. */
import type { SimulationResult } from '../../simulation/result.ts'
import { biddingHead, biddingRows, biddingSentence } from '../bidding.ts'
import { htmlTable, paragraph, section } from './escape.ts'

export function biddingSection({ bidding }: SimulationResult): string {
  if (!bidding) return ''
  return section(
    'strategies',
    'What strategic bidding loses',
    paragraph(
      `${biddingSentence(bidding)} The same year is run again with everybody truthful who bids at all; what is left of forecasts ` +
        'and of batteries, which plan on the books they see, is in both.',
    ),
    htmlTable(
      'Who gains and who loses by it: each account less what truthful bidding leaves on it',
      biddingHead,
      biddingRows(bidding),
    ),
  )
}
