/**
 * The Italian day-ahead market cleared anew: bids, limits and exchange with other countries go in, published prices and flows
 * are what the result is compared with.
 *
 * The engine does not see a published price. Exchange it does see, so prices that Europe decides come out as a range, and
 * the published one must lie in it.
 */
import { count, table, type Findings, type Section } from '../findings.ts'
import { apartFromHighs } from './highs.ts'
import { beyond, italyFolder, italyScale, marketOf, readItaly, zones, type MarketHour } from './italy-data.ts'
import { apartFromProRata, cutTies, netSales } from './italy-ties.ts'
import { caseOfMarket, clearMarket, type BusOutcome, type Outcome } from './market.ts'

export interface ZoneHour {
  readonly hour: MarketHour
  readonly zone: string
  readonly ours: BusOutcome
  /** [EUR/MWh] */
  readonly publishedPrice: number
  /** how far the published price lies outside our range [EUR/MWh] */
  readonly outside: number
}

export interface LinkHour {
  readonly hour: MarketHour
  /** the link from this zone to its parent */
  readonly zone: string
  /** positive upward [MWh] */
  readonly ours: number
  readonly published: number
}

export interface ItalianDay {
  readonly zoneHours: readonly ZoneHour[]
  readonly linkHours: readonly LinkHour[]
  readonly outcomes: ReadonlyMap<MarketHour, Outcome>
}

export function clearItaly(hours: readonly MarketHour[]): ItalianDay {
  const outcomes = new Map(hours.map((hour) => [hour, clearMarket(marketOf(hour), italyScale, beyond)]))
  return {
    outcomes,
    zoneHours: hours.flatMap((hour) => zones.map((zone) => zoneHour(hour, zone, outcomes.get(hour)!))),
    linkHours: hours.flatMap((hour) =>
      zones.slice(1).map((zone) => ({
        hour,
        zone,
        ours: outcomes.get(hour)!.buses[zone]!.flowUp,
        published: hour.published.flowUp[zone]!,
      })),
    ),
  }
}

function zoneHour(hour: MarketHour, zone: string, outcome: Outcome): ZoneHour {
  const ours = outcome.buses[zone]!
  const publishedPrice = hour.published.price[zone]!
  const outside = Math.max(0, ours.low - publishedPrice, publishedPrice - ours.high)
  return { hour, zone, ours, publishedPrice, outside }
}

/** Energy differs where it differs by a whole unit of the scale. */
const differs = (apart: number) => Math.abs(apart) * italyScale.whPerQuantity > 0.5

export const italySection: Section = {
  name: 'clearing/italy',
  needs: italyFolder,
  sliceIsAll: true,
  run: () => {
    const hours = readItaly()
    return findings(hours, clearItaly(hours))
  },
}

const largest = (values: readonly number[]) =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
const source = 'Italian day-ahead market'

function findings(hours: readonly MarketHour[], day: ItalianDay): Findings {
  const { zoneHours, linkHours, outcomes } = day
  const single = zoneHours.filter(({ ours }) => ours.low === ours.high)
  const apart = (each: ZoneHour) => each.ours.price - each.publishedPrice
  const nets = hours.flatMap((hour) => {
    const { buses } = outcomes.get(hour)!
    const ours = netSales(Object.fromEntries(zones.slice(1).map((zone) => [zone, buses[zone]!.flowUp])))
    return netSales(hour.published.flowUp).map((net, at) => ours[at]! - net)
  })
  const highs = hours.map((hour) => apartFromHighs(caseOfMarket(marketOf(hour), italyScale)))
  const agree = highs.filter(
    ({ welfare, volume, ends }) => welfare === 0n && volume === 0 && ends.every((end) => end === 0),
  )
  const saw = 'exchange abroad'
  const euros = (of: readonly number[]) => `${largest(of).toFixed(3)} EUR/MWh`
  const energy = (of: readonly number[]) => `${largest(of).toFixed(3)} MWh`
  const flows = linkHours.map(({ ours, published }) => ours - published)
  const equal = (of: readonly number[]) => count(of.filter((each) => !differs(each)).length)
  return {
    rows: [
      [
        source,
        'published zonal price inside our range',
        count(zoneHours.length),
        count(zoneHours.filter(({ outside }) => outside === 0).length),
        `${euros(zoneHours.map(({ outside }) => outside))} outside`,
        saw,
      ],
      [
        source,
        'zonal price, where only one supports the result',
        count(single.length),
        count(single.filter((each) => apart(each) === 0).length),
        euros(single.map(apart)),
        saw,
      ],
      [
        source,
        'zonal price at k = 0.5, every zone-hour',
        count(zoneHours.length),
        count(zoneHours.filter((each) => apart(each) === 0).length),
        `${euros(zoneHours.map(apart))}, inside the range`,
        saw,
      ],
      [source, 'flows on the six links', count(flows.length), equal(flows), energy(flows), saw],
      [source, 'energy sold less bought, by zone', count(nets.length), equal(nets), energy(nets), saw],
      [
        source,
        'welfare, volume and price ranges against HiGHS',
        count(highs.length),
        count(agree.length),
        `${largest(highs.map(({ welfare }) => Number(welfare)))} EUR`,
        'no',
      ],
    ],
    blocks: { 'italy-ranges': rangesTable(zoneHours), 'italy-flows': flowsTable(hours, day) },
    misses: [
      ...zoneHours
        .filter(({ outside }) => outside > 0)
        .map(({ hour, zone }) => `${hour.day} hour ${hour.hour}, ${zone}: published price outside our range`),
      ...hours
        .filter((hour) => !outcomes.get(hour)!.proved)
        .map(({ day, hour }) => `${day} hour ${hour}: not proved`),
      ...(agree.length < highs.length ? ['HiGHS finds another optimum'] : []),
    ],
  }
}

/** Where several prices support the result, and where in the range the published one lies. */
function rangesTable(zoneHours: readonly ZoneHour[]): string {
  const wide = zoneHours.filter(({ ours }) => ours.low < ours.high)
  const groups = [...Map.groupBy(wide, ({ hour, ours }) => `${hour.day} ${hour.hour} ${ours.low}`).values()]
  const rows = groups.map((group) => {
    const { hour, ours, publishedPrice } = group[0]!
    const zonesOf = group.length === zones.length ? 'all zones' : group.map(({ zone }) => zone).join(', ')
    const at = (publishedPrice - ours.low) / (ours.high - ours.low)
    return [nameOf(hour), zonesOf, `${ours.low}`, `${ours.high}`, `${publishedPrice}`, at.toFixed(2)]
  })
  return table(['hour', 'zones', 'our lowest', 'our highest', 'published', 'share of the range'], rows)
}

/** Hours whose flows differ, and what explains them. */
function flowsTable(hours: readonly MarketHour[], { linkHours, outcomes }: ItalianDay): string {
  const rows = hours.flatMap((hour) => {
    const links = linkHours.filter((each) => each.hour === hour && differs(each.ours - each.published))
    if (links.length === 0) return []
    const cut = cutTies(hour).map(({ zone, mwh }) => `${zone} ${mwh.toFixed(3)}`)
    return [
      [
        nameOf(hour),
        links.map(({ zone, ours, published }) => `${zone} ${(ours - published).toFixed(3)}`).join(', '),
        cut.join(', ') || 'none',
        apartFromProRata(hour, outcomes.get(hour)!).toFixed(3),
      ],
    ]
  })
  const head = [
    'hour',
    'ours − published',
    'tied energy beyond an arc’s limit',
    'published − flat pro rata, most',
  ]
  return table(head, rows, false)
}

const nameOf = ({ day, hour }: MarketHour) => `${day}, ${hour}`
