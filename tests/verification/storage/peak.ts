/** Months of a host whose peak has a price, planned by the search over caps and solved by HiGHS as one program. */
import { count, type Section } from '../findings.ts'
import { peakCase } from '../../strategy/peak-cases.ts'

/** Of what the battery can gain at most. */
const wantedShare = 1e-4

export const peakSection: Section = {
  name: 'storage/peak',
  run: (size) => {
    const days = size === 'full' ? 30 : 7
    const outcomes = Array.from({ length: size === 'full' ? 100 : 3 }, (_, at) => peakCase(at + 1, days))
    const short = outcomes.map(({ optimum, reached, resting }) => (optimum - reached) / (optimum - resting))
    const blind = outcomes.map(({ optimum, unpriced, resting }) => (optimum - unpriced) / (optimum - resting))
    const missed = outcomes.flatMap((_, at) => (holds(short[at]!) ? [] : [`peak of seed ${at + 1}`]))
    const lowered = outcomes.map(({ capKwh, loadPeakKwh }) => 1 - capKwh / loadPeakKwh)
    return {
      rows: [
        [
          'months of a factory with a price on its peak',
          'what the battery gains, energy and peak, against the program that sees both',
          'within 0.01 %',
          `${percent(most(short), 4)} less at most`,
          count(outcomes.length),
          count(outcomes.length - missed.length),
          'no',
        ],
        [
          'the same months',
          'what a schedule blind to the price of the peak misses',
          '–',
          `${percent(mean(blind), 1)} in the mean, ${percent(most(blind), 1)} at most`,
          count(outcomes.length),
          '–',
          'no',
        ],
        [
          'the same months',
          'how much lower the highest quarter-hour is than the load’s',
          '–',
          `${percent(mean(lowered), 1)} in the mean`,
          count(outcomes.length),
          '–',
          'no',
        ],
      ],
      misses: missed,
    }
  },
}

/** Neither better than the optimum nor short of it by more than is allowed. */
const holds = (share: number) => share >= -1e-9 && share < wantedShare
const percent = (share: number, digits: number) => `${(share * 100).toFixed(digits)} %`
const most = (shares: readonly number[]) => shares.reduce((one, other) => Math.max(one, other), -Infinity)
const mean = (shares: readonly number[]) => shares.reduce((sum, share) => sum + share, 0) / shares.length
