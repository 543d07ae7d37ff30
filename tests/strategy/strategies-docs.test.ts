/** The worked example of docs/concepts/strategies.md; OVERWALL_UPDATE=1 npx vitest run tests/strategy writes it anew. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { openBidder } from '../../src/strategy/bidding/index.ts'
import { holdTable } from '../hold-table.ts'

const page = 'docs/concepts/strategies.md'

const price = (ticks: number) => (ticks / 10_000).toFixed(4)

/** A buyer worth 0.30 against an ask of 0.20, at half the difference, in the four quarter-hours from noon of each day. */
function haggling(): { rows: string[][]; refused: number } {
  const terms = { id: 'buyer', seed: 1, side: 0 as const, floorTicks: 0, capTicks: 20_000 }
  const buyer = openBidder({ kind: 'adaptive' }, terms)!
  const rows: string[][] = []
  let refused = 0
  for (let day = 0; day < 60; day++) {
    for (let quarter = 48; quarter < 52; quarter++) {
      const interval = 96 * day + quarter
      const bid = buyer.limitTicks(3000, interval)
      const isAccepted = bid >= 2000
      const paid = Math.floor((bid + 2000) / 2)
      if (!isAccepted) refused++
      if (day === 0 || day === 9 || day === 59) {
        const name = `${day + 1}, 12:${String(15 * (quarter - 48)).padStart(2, '0')}`
        rows.push([name, price(bid), isAccepted ? price(paid) : 'refused'])
      }
      buyer.learn!(
        {
          limitTicks: bid,
          quantityWh: 1000,
          acceptedWh: isAccepted ? 1000 : 0,
          priceTicks: isAccepted ? paid : NaN,
        },
        interval,
      )
    }
  }
  return { rows, refused }
}

test('the worked example of docs/concepts/strategies.md is what the strategy does', () => {
  const { rows, refused } = haggling()
  holdTable(page, 1, [['day, quarter-hour', 'bids', 'pays'], ...rows])
  expect(readFileSync(page, 'utf8')).toContain(`In 60 days it is refused ${refused} times in 240.`)
})
