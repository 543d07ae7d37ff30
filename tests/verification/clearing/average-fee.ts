/**
 * A market that is known to break a uniform price with averaged fees: bids 5, 4 and 3, offers 1, 2.5 and 3 of one unit each,
 * the third pair paying a fee of 2.4. Source: BESTenergytrade/simply, issue 220 (2024-01-15).
 *
 * The source's 3 is the third offer as its buyers see it, the fee of 2.4 in it: its seller asks 0.6. Read the other way, a
 * seller who asks 3 before the fee, the pair would lose 2.4. Both are cleared.
 */
import { table, type Section } from '../findings.ts'
import { clearMarket, type Market, type Outcome, type Scale } from './market.ts'

const scale: Scale = { ticksPerPrice: 10_000, whPerQuantity: 1000 }
const fee = 2.4

/** @param farAsk what the seller beyond the fee asks */
export function averageFeeMarket(farAsk: number): Market {
  const local = { bus: 'cluster 1', quantity: 1 }
  return {
    buses: [{ id: 'cluster 1' }, { id: 'beyond the fee', parent: 'cluster 1', feeUp: fee, feeDown: fee }],
    orders: [
      { id: 'bid 5', side: 'buy', price: 5, ...local },
      { id: 'bid 4', side: 'buy', price: 4, ...local },
      { id: 'bid 3', side: 'buy', price: 3, ...local },
      { id: 'offer 1', side: 'sell', price: 1, ...local },
      { id: 'offer 2.5', side: 'sell', price: 2.5, ...local },
      { id: `offer ${farAsk}, far`, side: 'sell', price: farAsk, quantity: 1, bus: 'beyond the fee' },
    ],
  }
}

export function clearAverageFee(farAsk: number): Outcome {
  return clearMarket(averageFeeMarket(farAsk), scale, { floor: 0, cap: 10 })
}

export interface Share {
  readonly id: string
  readonly accepted: number
  readonly price: number
  readonly gain: number
  /** with all three pairs traded at one price, less the mean fee for every seller, as the issue tries it */
  readonly averagedGain: number
}

/** The price of the last bid for buyers; for sellers that less the mean of the fees of all trades. */
export const averaged = { buyer: 3, seller: 3 - fee / 3 }

export function sharesOf(farAsk: number): Share[] {
  const outcome = clearAverageFee(farAsk)
  return averageFeeMarket(farAsk).orders.map(({ id, bus, side, price: limit }) => {
    const accepted = outcome.accepted[id]!
    const { price } = outcome.buses[bus]!
    const gainAt = (paid: number) => (side === 'buy' ? limit - paid : paid - limit)
    const averagedGain = gainAt(side === 'buy' ? averaged.buyer : averaged.seller)
    return { id, accepted, price, gain: accepted * gainAt(price), averagedGain }
  })
}

/** What buyers pay, sellers get and the fee is. */
export function moneyOf(farAsk: number): {
  readonly paid: number
  readonly received: number
  readonly fees: number
} {
  const total = (side: 'buy' | 'sell') =>
    sharesOf(farAsk)
      .filter((_, at) => averageFeeMarket(farAsk).orders[at]!.side === side)
      .reduce((sum, { accepted, price }) => sum + accepted * price, 0)
  const carried = Math.abs(clearAverageFee(farAsk).buses['beyond the fee']!.flowUp)
  return { paid: total('buy'), received: total('sell'), fees: carried * fee }
}

export const readings = [
  { farAsk: 0.6, block: 'average-fee', reading: 'the offer of 3 has the fee in it' },
  { farAsk: 3, block: 'average-fee-before', reading: 'the seller asks 3 before the fee' },
] as const

export const averageFeeSection: Section = {
  name: 'clearing/average-fee',
  sliceIsAll: true,
  run: () => {
    const results = readings.map(({ farAsk, reading }) => ({
      reading,
      shares: sharesOf(farAsk),
      money: moneyOf(farAsk),
    }))
    const whole = results.map(({ shares }) => shares.filter(({ gain }) => gain >= -1e-9).length)
    return {
      rows: results.map(({ reading, shares, money }, at) => [
        `average fees, ${reading}`,
        'everybody is left whole, and money balances',
        `${shares.length}`,
        `${whole[at]}`,
        `${number(Math.abs(money.paid - money.received - money.fees))} of money`,
        'no',
      ]),
      blocks: Object.fromEntries(readings.map(({ block }, at) => [block, sharesTable(results[at]!.shares)])),
      misses: results.flatMap(({ reading, money }, at) =>
        whole[at] === 6 && Math.abs(money.paid - money.received - money.fees) < 1e-9
          ? []
          : [`average fees, ${reading}`],
      ),
    }
  },
}

const number = (value: number) => `${Number(value.toFixed(4)) + 0}`

function sharesTable(shares: readonly Share[]): string {
  return table(
    ['order', 'accepted', 'price', 'gain', 'gain with the averaged fee'],
    shares.map(({ id, accepted, price, gain, averagedGain }) => [
      id,
      number(accepted),
      accepted === 0 ? '–' : number(price),
      number(gain),
      number(averagedGain),
    ]),
  )
}
