/** The output folder of `overwall compare`. */
import { biddingFigures } from '../bidding.ts'
import { csv } from '../csv.ts'
import type { ReportFile } from '../files.ts'
import { accountKinds, billBeforeE11, changeOf } from '../indicators.ts'
import { cny, kwh, perKwh, shareE11, ticksToCny } from '../numbers.ts'
import { commonRun, groupFigures, type ComparedCase, type Comparison } from './cases.ts'
import { compareHtml } from './page.ts'

export function compareFiles(comparison: Comparison): ReportFile[] {
  return [
    { name: 'compare.json', content: `${JSON.stringify(summarizeComparison(comparison), null, 2)}\n` },
    { name: 'compare.csv', content: casesCsv(comparison) },
    { name: 'compare.html', content: compareHtml(comparison) },
  ]
}

const settingsObject = (settings: ComparedCase['settings']) =>
  Object.fromEntries(settings.map(({ lever, value }) => [lever, value]))

/** `compare.json`: energy in kWh, money in CNY, fees in CNY/kWh. */
export function summarizeComparison(comparison: Comparison) {
  const { zone, version, command, cases, zones, resultHash } = comparison
  return {
    overwall: version,
    command,
    scenario: {
      name: zone.scenario,
      title: zone.title,
      ...commonRun(comparison),
    },
    cases: cases.map(({ settings, zone: own, variant, bidding }) => ({
      settings: settingsObject(settings),
      ...(bidding ? { bidding: biddingFigures(bidding) } : {}),
      tradedKwh: kwh(variant.energy.tradedWh),
      enterprisesSavingShare: shareE11(changeOf(variant, 'enterprise'), billBeforeE11(variant)),
      changesCny: Object.fromEntries(
        accountKinds([variant]).map((account) => [account, cny(changeOf(variant, account))]),
      ),
      groups: groupFigures({ zone: own, variant }).map(
        ({ group, tradedWh, wheelingE11, savingE11, billSavingFen }) => ({
          group,
          tradedKwh: kwh(tradedWh),
          wheelingCnyPerKwh: perKwh(wheelingE11, tradedWh),
          savingCnyPerKwh: perKwh(savingE11, tradedWh),
          savingCny: cny(savingE11),
          billSavingCny: billSavingFen / 100,
        }),
      ),
      wheeling: variant.wheeling,
    })),
    breakEven: zones.map(({ settings, breakEven }) => ({
      settings: settingsObject(settings),
      groups: breakEven.map(({ group, curve, lastFeeTicks }) => ({
        group,
        savesUpToFeeCnyPerKwh: lastFeeTicks === null ? null : ticksToCny(lastFeeTicks),
        curve: curve.map(({ feeTicks, tradedWh, savingE11 }) => ({
          feeCnyPerKwh: ticksToCny(feeTicks),
          tradedKwh: kwh(tradedWh),
          savingCny: cny(savingE11),
        })),
      })),
    })),
    resultHash,
  }
}

function casesCsv({ cases }: Comparison): string {
  const levers = cases[0]!.settings.map(({ lever }) => lever)
  const kinds = accountKinds(cases.map(({ variant }) => variant))
  const isStrategic = cases.some(({ bidding }) => bidding)
  return csv(
    [
      ...levers,
      'traded_kwh',
      'enterprises_saving_share',
      ...kinds.map((account) => `${account}_cny`),
      ...(isStrategic ? ['welfare_cny', 'welfare_if_truthful_cny', 'welfare_lost_share'] : []),
    ],
    cases.map(({ settings, variant, bidding }) => [
      ...settings.map(({ value }) => value),
      kwh(variant.energy.tradedWh),
      shareE11(changeOf(variant, 'enterprise'), billBeforeE11(variant)),
      ...kinds.map((account) => cny(changeOf(variant, account))),
      ...(isStrategic ? welfareCells(bidding) : []),
    ]),
  )
}

function welfareCells(bidding: ComparedCase['bidding']): (string | number)[] {
  if (!bidding) return ['', '', '']
  const { welfareCny, truthfulWelfareCny, lostShare } = biddingFigures(bidding)
  return [welfareCny, truthfulWelfareCny, lostShare]
}
