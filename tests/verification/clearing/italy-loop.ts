/**
 * What was cut to make a tree of it. Of the network that the data show, one loop runs through the seven zones: Sardinia,
 * Corsica, central Italy (the SACOI cable), and back over the two mainland links. The published exchange with Corsica
 * carries transit. HiGHS clears the loop itself, and the difference to the tree shows what the cut changes.
 */
import { linksOf, type Link } from '../../../bench/highs-program.ts'
import { table, type Section, type Size } from '../findings.ts'
import { highsOptimum, type Optimum } from './highs-optimum.ts'
import { beyond, italyFolder, italyScale, marketOf, readItaly, zones, type MarketHour } from './italy-data.ts'
import { caseOfMarket, whole, type Market } from './market.ts'

const corsica = 'CORS'

/** What may flow between Corsica and its two neighbours, in both directions. [MWh] */
interface Room {
  readonly sardinia: number
  readonly mainland: number
}

export interface LoopVariant {
  readonly name: string
  readonly roomOf: (hour: MarketHour, hours: readonly MarketHour[]) => Room
}

/** Published exchange of a zone with Corsica, positive out of the zone. [MWh] */
function toCorsica({ exchanges }: MarketHour, zone: string): number {
  return exchanges.find((each) => each.zone === zone && each.abroad === corsica)!.mwh
}

const mostOf = (hours: readonly MarketHour[], day: string, zone: string) =>
  hours
    .filter((each) => each.day === day)
    .reduce((most, each) => Math.max(most, Math.abs(toCorsica(each, zone))), 0)

export const variants: readonly LoopVariant[] = [
  {
    name: 'loop closed, each cable up to the day’s largest published flow',
    roomOf: ({ day }, hours) => ({
      sardinia: mostOf(hours, day, 'SARD'),
      mainland: mostOf(hours, day, 'CNOR'),
    }),
  },
  { name: 'loop closed, cables without a limit', roomOf: () => ({ sardinia: Infinity, mainland: Infinity }) },
  {
    name: 'cut without transit: Corsica fed from Sardinia alone',
    roomOf: () => ({ sardinia: Infinity, mainland: 0 }),
  },
]

export interface LoopHour {
  /** the loop's welfare less the tree's with published transit [EUR] */
  readonly welfareGained: number
  /** how far published prices lie outside the loop's range, at most [EUR/MWh] */
  readonly pricesMoved: number
}

/** Bus by bus the seven zones and Corsica, which takes what it took in all. */
function loopMarket(hour: MarketHour): Market {
  const exchanges = hour.exchanges.filter(({ abroad }) => abroad !== corsica)
  const { buses, orders } = marketOf({ ...hour, exchanges })
  const taken = toCorsica(hour, 'SARD') + toCorsica(hour, 'CNOR')
  const own = { id: corsica, bus: corsica, side: 'buy', price: beyond.cap, quantity: taken } as const
  return { buses: [...buses, { id: corsica, parent: 'SARD' }], orders: [...orders, own] }
}

function loopOptimum(hour: MarketHour, { sardinia, mainland }: Room): Optimum {
  const market = loopMarket(hour)
  const each = caseOfMarket(market, italyScale)
  const bus = (id: string) => market.buses.findIndex((own) => own.id === id)
  const cable = (from: string, to: string, mwh: number): Link => ({
    from: bus(from),
    to: bus(to),
    feeTicks: 0,
    capacityWh: whole(mwh * italyScale.whPerQuantity),
  })
  const cables = [
    cable('SARD', corsica, sardinia),
    cable(corsica, 'SARD', sardinia),
    cable('CNOR', corsica, mainland),
    cable(corsica, 'CNOR', mainland),
  ]
  return highsOptimum(each, [...linksOf(each.network).slice(0, -2), ...cables])
}

export function compareLoop(hour: MarketHour, room: Room): LoopHour {
  const tree = highsOptimum(caseOfMarket(marketOf(hour), italyScale))
  const loop = loopOptimum(hour, room)
  const money = italyScale.ticksPerPrice * italyScale.whPerQuantity
  const moved = zones.map((zone, bus) => {
    const price = whole(hour.published.price[zone]! * italyScale.ticksPerPrice)
    return Math.max(0, loop.face.lowTicks[bus]! - price, price - loop.face.highTicks[bus]!)
  })
  return {
    welfareGained: Number(loop.welfare + transitWorth(hour) - tree.welfare) / money,
    pricesMoved: Math.max(...moved) / italyScale.ticksPerPrice,
  }
}

/** In the tree transit is bought at any price and sold at any price, which counts as welfare although nobody gains. */
function transitWorth(hour: MarketHour): bigint {
  const transit = Math.min(toCorsica(hour, 'SARD'), -toCorsica(hour, 'CNOR'))
  const ticks = whole((beyond.cap - beyond.floor) * italyScale.ticksPerPrice)
  return BigInt(ticks) * BigInt(whole(Math.max(0, transit) * italyScale.whPerQuantity))
}

export const italyLoopSection: Section = {
  name: 'clearing/italy-loop',
  needs: italyFolder,
  run: (size) => {
    const hours = readItaly()
    const results = variants.map((variant) => ({
      variant,
      hours: chosen(hours, size).map((hour) => compareLoop(hour, variant.roomOf(hour, hours))),
    }))
    const [limited] = results
    const same = limited!.hours.filter(
      ({ welfareGained, pricesMoved }) => welfareGained === 0 && pricesMoved === 0,
    )
    const most = limited!.hours.reduce((sum, { welfareGained }) => Math.max(sum, welfareGained), 0)
    return {
      rows: [
        [
          'Italian day-ahead market, loop not cut',
          'welfare and prices of the tree against HiGHS on the loop, cables at the day’s largest flow',
          `${limited!.hours.length}`,
          `${same.length}`,
          `${most.toFixed(2)} EUR`,
          'exchange abroad',
        ],
      ],
      blocks: {
        'italy-loop': table(
          [
            'network',
            'hours',
            'hours of other welfare',
            'welfare, EUR',
            'hours of other prices',
            'largest, EUR/MWh',
          ],
          results.map(({ variant, hours }) => [variant.name, ...summary(hours)]),
        ),
      },
      misses: same.length < limited!.hours.length ? ['the cut changes the result'] : [],
    }
  },
}

/** In a slice, hours with and without transit, with one price and with several. */
function chosen(hours: readonly MarketHour[], size: Size): readonly MarketHour[] {
  return size === 'full' ? hours : hours.filter((_, at) => at % 6 === 3)
}

function summary(hours: readonly LoopHour[]): string[] {
  const gained = hours.reduce((sum, { welfareGained }) => sum + welfareGained, 0)
  const moved = hours.filter(({ pricesMoved }) => pricesMoved > 0)
  const most = moved.reduce((largest, { pricesMoved }) => Math.max(largest, pricesMoved), 0)
  return [
    `${hours.length}`,
    `${hours.filter(({ welfareGained }) => welfareGained !== 0).length}`,
    gained.toLocaleString('en-US', { maximumFractionDigits: 0, signDisplay: 'exceptZero' }),
    `${moved.length}`,
    most.toFixed(2),
  ]
}
