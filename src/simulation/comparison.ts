/** The market year less the baseline year: who gains, who pays, and by how much. */
import { bands } from '../tariff/book.ts'
import type { BaselineRun } from './baseline-run.ts'
import type { MarketRun } from './market-run.ts'
import { addersE8, eachSlot } from './rates.ts'
import type {
  AccountResult,
  CogenerationResult,
  EnterpriseResult,
  HeadlineRow,
  PvResult,
  StorageResult,
  VariantResult,
} from './result.ts'
import { machinesOf, turnedDownWh } from './machines.ts'
import { sources, type RunState } from './run-state.ts'
import { notedStatements } from './statement-notes.ts'
import { storageCostE11 } from './storage-lines.ts'
import { regimeName, type Regime } from '../grid/regimes/index.ts'

/** Everything a report needs of one variant. */
export function compare(
  name: string,
  baseline: BaselineRun,
  market: MarketRun,
  behindMeter: readonly StorageResult['behindMeter'][] = [],
): VariantResult {
  const accounts = accountResults(baseline, market)
  const enterprises = enterpriseResults(baseline, market)
  const pv = pvResults(baseline, market)
  const storages = storageResults(baseline, market, behindMeter)
  const tAndD = accounts.find(({ account }) => account === 'tAndD')!.changeE11
  const { fillings } = market.wheeling
  return {
    name,
    accounts,
    enterprises,
    pv,
    storages,
    cogenerations: cogenerationResults(baseline, market),
    statements: [
      ...baseline.sheets.flatMap((sheet) => sheet.statements),
      ...notedStatements(baseline, market),
    ],
    splits: market.tallies?.splits(storageCostE11(market.state), tAndD) ?? [],
    trades: {
      cells: market.tallies?.cells() ?? [],
      pairs: market.pairs,
      intervalsWithTrade: market.intervalsWithTrade,
    },
    columns: market.columns!.columns,
    energy: energyTotals(baseline, market, enterprises, pv),
    ledger: { residualE11: market.state.ledger.residual(), postings: market.state.ledger.postings },
    uncertified: 0,
    wheeling: {
      exact: fillings.every((filling) => filling.exact),
      note: [...new Set(fillings.map((filling) => filling.note))].filter(Boolean).join(' '),
    },
    grid: market.grid!.against(baseline.state),
    ...machinesOf(baseline, market),
    ...(market.auctions ? { auctions: market.auctions.result(market.state) } : {}),
    tradeList: market.recorder?.list() ?? null,
  }
}

function accountResults(baseline: BaselineRun, market: MarketRun): AccountResult[] {
  const before = baseline.state.ledger
  const after = market.state.ledger
  return market.state.world.chart.names.map((account, row) => {
    const beforeE11 = before.balance(row)
    const afterE11 = after.balance(row)
    return { account, beforeE11, afterE11, changeE11: afterE11 - beforeE11 }
  })
}

function enterpriseResults(baseline: BaselineRun, market: MarketRun): EnterpriseResult[] {
  const { zone, series, meter, buyers } = market.state.world
  return zone.enterprises.map((enterprise, index) => {
    const { beforeE11, afterE11 } = tradedCost(baseline, market, index)
    const fromSource = (source: number) => tradedFrom(market.state, index, source)
    const loadWh = total(series.loadWh[index]!)
    return {
      index,
      id: enterprise.id,
      loadWh,
      selfUseWh: loadWh - total(meter.netLoadWh[index]!),
      gridWh: total(buyers[index]!.meteredWh),
      tradedWh: fromSource(0) + fromSource(1) + fromSource(2),
      tradedPvWh: fromSource(0),
      tradedStorageWh: fromSource(1),
      tradedCogenerationWh: fromSource(2),
      billBeforeFen: baseline.sheets.reduce((sum, sheet) => sum + sheet.statements[index]!.totalFen, 0),
      billAfterFen: market.sheets.reduce((sum, sheet) => sum + sheet.statements[index]!.totalFen, 0),
      tradedCostBeforeE11: beforeE11,
      tradedCostAfterE11: afterE11,
      wheelingE11: sumRows(market.state.wheelingTickWh, index, market.state.months) * 10_000n,
    }
  })
}

function tradedFrom({ tradedBySourceWh, months }: RunState, enterprise: number, source: number): number {
  let sumWh = 0
  for (let row = enterprise * months; row < (enterprise + 1) * months; row++) {
    sumWh += tradedBySourceWh[row * sources.length + source]!
  }
  return sumWh
}

/** Cost of the traded kWh on the contract they replace, and in the market; neither with monthly charges. */
export function tradedCost(
  baseline: BaselineRun,
  market: MarketRun,
  enterprise: number,
): { tradedWh: number; beforeE11: bigint; afterE11: bigint } {
  const run = market.state
  const { slots } = run.world
  const { fullE8 } = baseline.state.world.buyers[enterprise]!.rates
  let tradedWh = 0
  let beforeE11 = 0n
  let afterE11 = 0n
  eachSlot(slots, (slot) => {
    tradedWh += run.tradedWh[enterprise * slots.slots + slot]!
    const energyWh = BigInt(run.tradedWh[enterprise * slots.slots + slot]!)
    beforeE11 += energyWh * BigInt(fullE8[slot]!)
    afterE11 += energyWh * BigInt(addersE8(market.wheeling.adders[Math.floor(slot / bands.length)]!))
  })
  for (const column of [run.tradePaidTickWh, run.wheelingTickWh, run.rentTickWh]) {
    afterE11 += sumRows(column, enterprise, run.months) * 10_000n
  }
  return { tradedWh, beforeE11, afterE11 }
}

function sumRows(column: Float64Array, row: number, width: number): bigint {
  let sum = 0n
  for (let at = row * width; at < (row + 1) * width; at++) sum += BigInt(column[at]!)
  return sum
}

function pvResults(baseline: BaselineRun, market: MarketRun): PvResult[] {
  const { zone, meter, chart } = market.state.world
  return zone.pvUnits.map((unit, index) => {
    const surplusWh = total(meter.surplusWh[index]!) - turnedDownWh(market.state, index)
    const selfUseWh = total(meter.selfUseWh[index]!)
    return {
      index,
      id: unit.id,
      generatedWh: surplusWh + selfUseWh,
      selfUseWh,
      surplusWh,
      tradedWh: Number(sumRows(market.state.soldWh, index, market.state.months)),
      incomeBeforeE11: baseline.state.ledger.balance(chart.pv + index),
      incomeAfterE11: market.state.ledger.balance(chart.pv + index),
    }
  })
}

function cogenerationResults(baseline: BaselineRun, market: MarketRun): CogenerationResult[] {
  const { zone, chart } = market.state.world
  return zone.cogenerations.map((unit, index) => ({
    index,
    id: unit.id,
    generatedWh: total(market.state.sellers[zone.pvUnits.length + index]!.meteredWh),
    tradedWh: Number(sumRows(market.state.soldWh, zone.pvUnits.length + index, market.state.months)),
    incomeBeforeE11: baseline.state.ledger.balance(chart.cogeneration + index),
    incomeAfterE11: market.state.ledger.balance(chart.cogeneration + index),
  }))
}

function storageResults(
  baseline: BaselineRun,
  market: MarketRun,
  behindMeter: readonly StorageResult['behindMeter'][],
): StorageResult[] {
  const { world, storage, months } = market.state
  const { zone, chart } = world
  const year = (column: Float64Array, unit: number) => Number(sumRows(column, unit, months))
  return zone.storages.map((unit, index) => ({
    index,
    id: unit.id,
    boughtWh: year(storage.boughtWh, index),
    soldWh: year(storage.soldWh, index),
    lostWh: year(storage.lostWh, index),
    gainMarketE11: market.state.ledger.balance(chart.storage + index),
    gainBaselineE11: baseline.state.ledger.balance(chart.storage + index),
    behindMeter: behindMeter[index] ?? null,
    spread: market.spreads?.of(index) ?? null,
  }))
}

function energyTotals(
  baseline: BaselineRun,
  market: MarketRun,
  enterprises: readonly EnterpriseResult[],
  pv: readonly PvResult[],
): VariantResult['energy'] {
  const { world, sellers, fedInWh } = market.state
  const cogeneration = sellers.filter(({ kind }) => kind === 'cogeneration')
  return {
    loadWh: enterprises.reduce((sum, each) => sum + each.loadWh, 0),
    pvWh: pv.reduce((sum, each) => sum + each.generatedWh, 0),
    selfUseWh: pv.reduce((sum, each) => sum + each.selfUseWh, 0),
    cogenerationWh: cogeneration.reduce((sum, { meteredWh }) => sum + total(meteredWh), 0),
    tradedWh: total(market.state.tradedBySourceWh) + total(market.state.storage.boughtWh),
    fedInWh: total(fedInWh),
    curtailedWh: world.curtailedWh.reduce((sum, each) => sum + each, 0),
    importBeforeWh: baseline.state.importWh,
    importAfterWh: market.state.importWh,
    exportBeforeWh: baseline.state.exportWh,
    exportAfterWh: market.state.exportWh,
  }
}

function total(column: Int32Array | Float64Array): number {
  let sum = 0
  for (let row = 0; row < column.length; row++) sum += column[row]!
  return sum
}

/** One line of the headline. */
export function headlineRow(
  row: Pick<HeadlineRow, 'assets' | 'cogenerationOutsideE8' | 'storageBaseline'> & {
    readonly regime: Regime
  },
  baseline: BaselineRun,
  market: MarketRun,
): HeadlineRow {
  const { chart, world } = { chart: market.state.world.chart, world: market.state.world }
  const before = baseline.state.ledger
  const after = market.state.ledger
  const change = (first: number, count: number) => {
    let sum = 0n
    for (let account = first; account < first + count; account++)
      sum += after.balance(account) - before.balance(account)
    return sum
  }
  const enterprises = world.buyers.length
  let billE11 = 0n
  let costE11 = 0n
  for (let index = 0; index < enterprises; index++) {
    billE11 -= before.balance(index)
    costE11 += tradedCost(baseline, market, index).beforeE11
  }
  const units = world.zone.pvUnits.length
  let pvIncomeE11 = 0n
  for (let index = 0; index < units; index++) pvIncomeE11 += before.balance(chart.pv + index)
  return {
    assets: row.assets,
    regime: regimeName(row.regime),
    cogenerationOutsideE8: row.cogenerationOutsideE8,
    storageBaseline: row.storageBaseline,
    tradedWh: total(market.state.tradedBySourceWh),
    enterprisesE11: change(chart.enterprise, enterprises),
    enterprisesBillE11: billE11,
    tradedCostBeforeE11: costE11,
    pvOwnersE11: change(chart.pv, units),
    pvIncomeE11,
    storageE11: change(chart.storage, world.zone.storages.length),
    cogenerationE11: change(chart.cogeneration, world.zone.cogenerations.length),
    tAndDE11: change(chart.tAndD, 1),
  }
}
