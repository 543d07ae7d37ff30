/** The CSV files of a run. Energies in kWh with 3 decimals, prices in CNY/kWh, money in CNY. */
import { isoStart } from '../base/calendar.ts'
import { formatScaled } from '../base/decimal.ts'
import type { SimulationResult, StatementNote, VariantResult } from '../simulation/result.ts'
import { bandCodes } from '../simulation/result.ts'
import { csv, csvChunks, guard } from './csv.ts'
import { arcRows } from './grid-use.ts'
import { cny, kwh, share } from './numbers.ts'

export function participantsCsv({ main, zone }: SimulationResult): string {
  const header = [
    'account',
    'name',
    'group',
    'bus',
    'voltage',
    'tariff_part',
    'contract',
    'load_or_generation_kwh',
    'self_use_kwh',
    'grid_kwh',
    'traded_kwh',
    'before_cny',
    'after_cny',
    'gain_cny',
    'gain_share',
  ]
  const bus = (row: number) => [zone.buses[row]!.id, zone.buses[row]!.level]
  const enterprises = main.enterprises.map((each) => {
    const { name, group, bus: at, connection, contract } = zone.enterprises[each.index]!
    const gainFen = each.billBeforeFen - each.billAfterFen
    return [
      `enterprise:${each.id}`,
      name,
      group,
      ...bus(at),
      connection.part,
      contract.kind,
      kwh(each.loadWh),
      kwh(each.selfUseWh),
      kwh(each.gridWh),
      kwh(each.tradedWh),
      each.billBeforeFen / 100,
      each.billAfterFen / 100,
      gainFen / 100,
      share(gainFen, each.billBeforeFen),
    ]
  })
  const pv = main.pv.map((each) => {
    const unit = zone.pvUnits[each.index]!
    const gain = each.incomeAfterE11 - each.incomeBeforeE11
    return [
      `pv:${each.id}`,
      unit.name,
      unit.host === null ? 'plant' : 'roof',
      ...bus(unit.bus),
      '',
      unit.outside.kind,
      kwh(each.generatedWh),
      kwh(each.selfUseWh),
      kwh(each.surplusWh),
      kwh(each.tradedWh),
      cny(each.incomeBeforeE11),
      cny(each.incomeAfterE11),
      cny(gain),
      share(Number(gain), Number(each.incomeBeforeE11)),
    ]
  })
  return csv(header, [...enterprises, ...pv, ...otherRows(main, zone, bus)])
}

function otherRows(main: VariantResult, zone: SimulationResult['zone'], bus: (row: number) => string[]) {
  const storages = main.storages.map((each) => {
    const unit = zone.storages[each.index]!
    const gain = each.gainMarketE11 - each.gainBaselineE11
    return [
      `storage:${each.id}`,
      unit.name,
      'storage',
      ...bus(unit.bus),
      '',
      unit.baseline,
      kwh(each.soldWh),
      0,
      kwh(each.boughtWh),
      kwh(each.soldWh),
      cny(each.gainBaselineE11),
      cny(each.gainMarketE11),
      cny(gain),
      '',
    ]
  })
  const cogenerations = main.cogenerations.map((each) => {
    const unit = zone.cogenerations[each.index]!
    const gain = each.incomeAfterE11 - each.incomeBeforeE11
    return [
      `cogeneration:${each.id}`,
      unit.name,
      'cogeneration',
      ...bus(unit.bus),
      '',
      unit.outside.kind,
      kwh(each.generatedWh),
      0,
      kwh(each.generatedWh),
      kwh(each.tradedWh),
      cny(each.incomeBeforeE11),
      cny(each.incomeAfterE11),
      cny(gain),
      share(Number(gain), Number(each.incomeBeforeE11)),
    ]
  })
  return [...storages, ...cogenerations]
}

/** One row per line of every monthly statement of both runs; after its total, what is no part of it. */
export function statementsCsv({ main }: SimulationResult): string {
  const header = [
    'account',
    'month',
    'run',
    'role',
    'line',
    'line_zh',
    'line_en',
    'energy_kwh',
    'amount_cny',
    'certificates',
  ]
  const rows = main.statements.flatMap(({ account, month, run, role, lines, totalFen, notes }) => {
    const total = { key: 'total', zh: '合计', en: 'total', amountFen: totalFen }
    return [...lines, total, ...notes].map((line: StatementNote) => [
      account,
      month,
      run,
      role,
      line.key,
      line.zh,
      line.en,
      line.energyWh === undefined ? '' : kwh(line.energyWh),
      line.amountFen === undefined ? '' : line.amountFen / 100,
      line.certificates ?? '',
    ])
  })
  return csv(header, rows)
}

export function intervalsCsv({ main, zone }: SimulationResult): Iterable<string> {
  const { columns } = main
  const header = [
    'start',
    'band',
    'load_kwh',
    'pv_kwh',
    'self_use_kwh',
    'cogeneration_kwh',
    'charge_kwh',
    'discharge_kwh',
    'stored_kwh',
    'traded_kwh',
    'mean_price_cny_per_kwh',
    'wheeling_cny',
    'import_kwh',
    'export_kwh',
    'full_arcs',
  ]
  const energies = [
    columns.loadWh,
    columns.pvWh,
    columns.selfUseWh,
    columns.cogenerationWh,
    columns.chargeWh,
    columns.dischargeWh,
    columns.storedWh,
    columns.tradedWh,
  ]
  return csvChunks(header, zone.calendar.intervals, (row) => {
    const tradedWh = columns.tradedWh[row]!
    const price = tradedWh === 0 ? '' : (columns.tradedValueTickWh[row]! / tradedWh / 10_000).toFixed(6)
    let line = `${isoStart(zone.calendar, row)},${bandCodes[columns.band[row]!]!}`
    for (const column of energies) line += `,${column[row]! / 1000}`
    const wheeling = formatScaled(columns.wheelingTickWh[row]!, 7)
    return `${line},${price},${wheeling},${columns.importWh[row]! / 1000},${columns.exportWh[row]! / 1000},${columns.fullArcs[row]!}`
  })
}

/** The use of every arc; columns as in `summary.json` under `grid.arcs`. */
export function arcsCsv(result: SimulationResult): string {
  const rows = arcRows(result)
  const header = [
    ['bus', 'bus'],
    ['parent', 'parent'],
    ['limitUpKw', 'limit_up_kw'],
    ['limitDownKw', 'limit_down_kw'],
    ['peakUpBeforeKw', 'peak_up_before_kw'],
    ['peakUpAfterKw', 'peak_up_after_kw'],
    ['peakDownBeforeKw', 'peak_down_before_kw'],
    ['peakDownAfterKw', 'peak_down_after_kw'],
    ['loadingAfter', 'loading_after'],
    ['overHours', 'over_hours'],
    ['reverseHoursBefore', 'reverse_hours_before'],
    ['reverseHoursAfter', 'reverse_hours_after'],
    ['fullHours', 'full_hours'],
    ['rentCny', 'rent_cny'],
    ['oneMoreKwCny', 'one_more_kw_cny'],
  ] as const
  return csv(
    header.map(([, name]) => name),
    rows.map((row) => header.map(([key]) => row[key] ?? '')),
  )
}

/** Every settled pair; prices before rounding, in whole ticks. */
export function tradesCsv({ main, zone }: SimulationResult): Iterable<string> {
  const list = main.tradeList!
  const isTwice = zone.market.auctions.dayAhead !== null
  const header = [
    'start',
    'seller',
    'buyer',
    'energy_kwh',
    'seller_cny_per_kwh',
    'buyer_cny_per_kwh',
    'wheeling_cny_per_kwh',
    ...(isTwice ? ['auction'] : []),
  ]
  const names = main.accounts.map(({ account }) => guard(account))
  return csvChunks(header, list.count, (row) =>
    [
      isoStart(zone.calendar, list.interval[row]!),
      names[list.seller[row]!]!,
      names[list.buyer[row]!]!,
      list.energyWh[row]! / 1000,
      list.sellerTicks[row]! / 10_000,
      list.buyerTicks[row]! / 10_000,
      list.wheelingTicks[row]! / 10_000,
      ...(isTwice ? [list.isDayAhead[row] === 1 ? 'day-ahead' : 'intraday'] : []),
    ].join(','),
  )
}
