/** `summary.json`: the run in one object. Money in CNY, energy in kWh, shares from 0 to 1. */
import { regimeName } from '../grid/regimes/index.ts'
import type {
  BiddingEffect,
  DispatchYearResult,
  HeadlineRow,
  LoadYearResult,
  MachinesResult,
  SimulationResult,
} from '../simulation/result.ts'
import { settlementCalendar } from '../simulation/settlement-calendar.ts'
import { assumptionsOf } from './assumptions.ts'
import { biddingBystanders, biddingFigures, biddingGroups } from './bidding.ts'
import { auctionFigures } from './auctions.ts'
import { arcRows, gridFigures } from './grid-use.ts'
import {
  accountKinds,
  carbonFigures,
  changeOf,
  meanPriceCny,
  plannerFigures,
  savingsOf,
} from './indicators.ts'
import type { Assessment } from '../finance/project.ts'
import { cny, kwh, shareE11 } from './numbers.ts'
import { projectGroups, type ProjectGroup, type ProjectReport } from './projects.ts'
import { ratesOf } from './projects-csv.ts'
import { storageRows } from './storage.ts'

export function summarize(result: SimulationResult) {
  const { main, zone } = result
  const auctions = auctionFigures(result)
  return {
    scenario: zone.scenario,
    title: zone.title,
    version: result.version,
    seed: zone.seed,
    from: zone.calendar.from,
    to: zone.calendar.to,
    intervals: zone.calendar.intervals,
    resultHash: result.resultHash,
    regime: regimeName(zone.wheeling.regime),
    energy: Object.fromEntries(
      Object.entries(main.energy).map(([key, energyWh]) => [key.replace(/Wh$/, 'Kwh'), kwh(energyWh)]),
    ) as Record<'loadKwh' | 'pvKwh' | 'tradedKwh' | 'curtailedKwh' | 'selfUseKwh' | 'fedInKwh', number>,
    savings: savingsOf(main),
    accounts: Object.fromEntries(
      accountKinds([main]).map((account) => [account, { changeCny: cny(changeOf(main, account)) }]),
    ),
    ledger: { residualCny: cny(main.ledger.residualE11), postings: main.ledger.postings },
    market: {
      rule: zone.market.rule,
      k: zone.market.kNumerator / 10_000,
      meanPriceCnyPerKwh: meanPriceCny(main),
      intervalsWithTrade: main.trades.intervalsWithTrade,
      pairs: main.trades.pairs,
      uncertified: main.uncertified,
      wheelingExact: main.wheeling.exact,
    },
    ...(result.bidding ? { bidding: biddingEntry(result.bidding) } : {}),
    headline: result.headline.map(headlineEntry),
    planner: plannerFigures(result),
    ...(main.machines ? { machines: machinesEntry(main.machines) } : {}),
    ...(auctions ? { forecasts: auctions } : {}),
    storage: storageRows(result),
    projects: projectGroups(result).map(projectEntry),
    grid: { ...gridFigures(result), arcs: arcRows(result) },
    carbon: carbonFigures(result),
    settlementCalendar: settlementCalendar(zone),
    inputs: result.inputs,
    confidence: {
      unverified: assumptionsOf(result)
        .filter((each) => each.confidence === 'unverified')
        .map((each) => [each.path, each.value].filter(Boolean).join(' = ')),
    },
  }
}

export type Summary = ReturnType<typeof summarize>

/** What strategic bidding loses against truthful bidding; changes are against it too. */
function biddingEntry(effect: BiddingEffect) {
  return {
    ...biddingFigures(effect),
    groups: biddingGroups(effect),
    others: biddingBystanders(effect),
  }
}

function headlineEntry(row: HeadlineRow) {
  return {
    assets: row.assets,
    regime: row.regime,
    cogenerationOutsideCnyPerKwh: row.cogenerationOutsideE8 === null ? null : row.cogenerationOutsideE8 / 1e8,
    storageBaseline: row.storageBaseline,
    tradedKwh: kwh(row.tradedWh),
    enterprises: {
      cny: cny(row.enterprisesE11),
      share: shareE11(row.enterprisesE11, row.enterprisesBillE11),
      shareOfTradedCost: shareE11(row.enterprisesE11, row.tradedCostBeforeE11),
    },
    pvOwners: { cny: cny(row.pvOwnersE11), share: shareE11(row.pvOwnersE11, row.pvIncomeE11) },
    storage: { cny: cny(row.storageE11) },
    cogeneration: { cny: cny(row.cogenerationE11) },
    tAndD: { cny: cny(row.tAndDE11) },
  }
}

/** Loads that are machines, dispatched units, PV turned down; each without and with the market. */
function machinesEntry({ loads, units, curtailed }: MachinesResult) {
  return {
    loads: loads.map(({ id, followsPrices, uncontrolled, before, after }) => ({
      id,
      followsPrices,
      uncontrolled: loadEntry(uncontrolled),
      before: loadEntry(before),
      after: loadEntry(after),
    })),
    units: units.map(({ id, before, after }) => ({ id, before: unitEntry(before), after: unitEntry(after) })),
    curtailed: curtailed.map(({ id, beforeWh, afterWh }) => ({
      id,
      beforeKwh: kwh(beforeWh),
      afterKwh: kwh(afterWh),
    })),
  }
}

function loadEntry({ energyWh, contractE11, service }: LoadYearResult) {
  const energy = { energyKwh: kwh(energyWh), onContractCny: cny(contractE11) }
  if (service.kind === 'charging') {
    const { sessions, wantedWh, shortSessions, shortWh } = service
    return { ...energy, sessions, wantedKwh: kwh(wantedWh), shortSessions, shortKwh: kwh(shortWh) }
  }
  const { warmestMilliC, coldestMilliC, warmIntervals } = service
  return {
    ...energy,
    warmestC: warmestMilliC / 1000,
    coldestC: coldestMilliC / 1000,
    hoursAboveBand: warmIntervals / 4,
  }
}

function unitEntry({ generatedWh, starts, runningIntervals, fuelE11 }: DispatchYearResult) {
  return { generatedKwh: kwh(generatedWh), starts, runningHours: runningIntervals / 4, fuelCny: cny(fuelE11) }
}

function projectEntry({ kind, sum, units }: ProjectGroup) {
  const entry = ({ before, after }: ProjectReport) => ({
    investmentCny: Number(before.flows[0]!.investment),
    before: worth(before),
    after: worth(after),
  })
  return { kind, ...entry(sum), units: units.map((unit) => ({ id: unit.id, ...entry(unit) })) }
}

/** Empty `irr`: no rate at which the flows balance; more than one: no single rate says whether the project pays. */
function worth({ npv, irr, payback, discountedPayback, levelisedCost }: Assessment) {
  const years = (moment: { readonly firstYears: { toFixed(places: number): string } } | null) =>
    moment && Number(moment.firstYears.toFixed(3))
  return {
    npvCny: Number(npv.toFixed(2)),
    irr: ratesOf(irr).map((rate) => Number(rate.toFixed(6))),
    paybackYears: years(payback),
    discountedPaybackYears: years(discountedPayback),
    levelisedCostCnyPerKwh: levelisedCost && Number(levelisedCost.toFixed(6)),
  }
}
