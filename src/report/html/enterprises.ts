/** What every enterprise saves, or the two ends of the list where it is long. */
import type { EnterpriseResult, SimulationResult } from '../../simulation/result.ts'
import { grouped, percent, share } from '../numbers.ts'
import { htmlTable, paragraph, section, type HtmlRow } from './escape.ts'

/** More rows than this are for a spreadsheet. */
const longestList = 100
const shownAtEachEnd = 25

export function enterprisesSection({ main, zone }: SimulationResult): string {
  const ranked = main.enterprises.toSorted((a, b) => savedShare(b) - savedShare(a))
  const row = (each: EnterpriseResult) => [
    each.id,
    zone.buses[zone.enterprises[each.index]!.bus]!.id,
    zone.enterprises[each.index]!.contract.kind,
    grouped(each.loadWh / 1e6),
    grouped(each.tradedWh / 1e6),
    grouped(each.billBeforeFen / 100),
    grouped(each.billAfterFen / 100),
    grouped((each.billBeforeFen - each.billAfterFen) / 100),
    percent(savedShare(each)),
    percent(share(each.selfUseWh + each.tradedPvWh, each.loadWh), 1),
  ]
  const rows: HtmlRow[] =
    ranked.length <= longestList
      ? ranked.map(row)
      : [
          { group: `the ${shownAtEachEnd} that save most` },
          ...ranked.slice(0, shownAtEachEnd).map(row),
          { group: `the ${shownAtEachEnd} that save least` },
          ...ranked.slice(-shownAtEachEnd).map(row),
        ]
  return section(
    'enterprises',
    'What each enterprise saves',
    paragraph('Every participant stands in participants.csv, every monthly bill in statements.csv.'),
    htmlTable(
      'Enterprises by saving, MWh and CNY in the span of the run',
      [
        'enterprise',
        'bus',
        'contract',
        'load',
        'traded',
        'bill before',
        'bill after',
        'saved',
        'share',
        'green share',
      ],
      rows,
    ),
  )
}

const savedShare = (each: EnterpriseResult) =>
  share(each.billBeforeFen - each.billAfterFen, each.billBeforeFen)
