/** Months of a host whose peak has a price, planned by the search over caps and solved by HiGHS as one program. */
import { count, type Section } from '../findings.ts'
import { peakCase, type PeakOutcome } from '../../strategy/peak-cases.ts'

/** Of what the battery can gain at most. */
const wantedShare = 1e-4

export const peakSection: Section = {
  name: 'storage/peak',
  run: (size) => {
    const days = size === 'full' ? 30 : 7
    const outcomes = Array.from({ length: size === 'full' ? 100 : 3 }, (_, at) => peakCase(at + 1, days))
    const short = outcomes.map(({ optimum, reached, resting }) => (optimum - reached) / (optimum - resting))
    const blind = outcomes.map(({ optimum, unpriced, resting }) => (optimum - unpriced) / (optimum - resting))
    const hold = short.filter((share) => share >= -1e-9 && share < wantedShare).length
    const lowered = outcomes.map(({ capKwh, loadPeakKwh }) => 1 - capKwh / loadPeakKwh)
    return {
      rows: [
        [
          'months of a factory with a price on its peak',
          'what the battery gains, energy and peak, against the program that sees both',
          'within 0.01 %',
          `${percent(most(short), 4)} less at most`,
          count(outcomes.length),
          count(hold),
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
      misses: hold < outcomes.length ? [missOf(outcomes, short)] : [],
    }
  },
}

function missOf(outcomes: readonly PeakOutcome[], short: readonly number[]): string {
  const seeds = outcomes.flatMap((_, at) => (short[at]! < wantedShare ? [] : [at + 1]))
  return `peak of seeds ${seeds.join(', ')}`
}

const percent = (share: number, digits: number) => `${(share * 100).toFixed(digits)} %`
const most = (shares: readonly number[]) => shares.reduce((one, other) => Math.max(one, other), -Infinity)
const mean = (shares: readonly number[]) => shares.reduce((sum, share) => sum + share, 0) / shares.length
