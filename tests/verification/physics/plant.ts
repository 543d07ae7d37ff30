/** The measured plant by month and day: what its own light and temperature give by the model, beside what it gave. */
import { table, type Section } from '../findings.ts'
import { directShares, faultsOf, lastDayBeforeMove, type DirectShare, type Fault } from './plant-clean.ts'
import { plantFile, readPlant, type PlantDay, type Quarter } from './plant-data.ts'
import { litQuarters, modelledKw, type Lit, type PlantModel } from './plant-model.ts'
import { sensorTiltDeg } from './plant-sensor.ts'

/** What was fitted, on the clean days of 2019: the losses to the year's energy, the tilt to the least scatter of its months. */
export const fitted: PlantModel = {
  panelTiltDeg: 20,
  lossFraction: 0.0919,
  inverter: 'pvwatts',
  light: 'turned',
}
/** The same for an inverter that turns the same share at every load. */
export const fittedFlat: PlantModel = { ...fitted, panelTiltDeg: 19, lossFraction: 0.0979, inverter: 'flat' }
/** The same with the instrument's light taken for the panels'. */
export const fittedAsShown: PlantModel = { ...fitted, lossFraction: 0.0923, light: 'as shown' }

export interface DayPair {
  readonly day: string
  readonly fault: Fault | undefined
  /** light on the instrument [kWh/m²] */
  readonly lightKwhM2: number
  readonly measuredKwh: number
  readonly modelledKwh: number
}

export interface Plant {
  readonly days: readonly PlantDay[]
  readonly lit: ReadonlyMap<string, readonly Lit[]>
  readonly faults: ReadonlyMap<string, Fault>
  /** tilt of the instrument before it was moved and after [°] */
  readonly sensorTilts: readonly [before: number, after: number]
  readonly moved: string
}

export function preparePlant(): Plant {
  const days = readPlant()
  const moved = lastDayBeforeMove(days)
  const before = sensorTiltDeg(days, (day) => day <= moved)
  const after = sensorTiltDeg(days, (day) => day > moved)
  const lit = new Map(days.map((day) => [day.day, litQuarters(day, day.day <= moved ? before : after)]))
  return { days, lit, faults: faultsOf(days), sensorTilts: [before, after], moved }
}

/** Every day of the record; a day with gaps has only what was recorded. */
export function pairsOf({ days, lit, faults }: Plant, model: PlantModel): DayPair[] {
  return days.map(({ day, quarters }) => {
    const own = lit.get(day)!
    return {
      day,
      fault: faults.get(day),
      lightKwhM2: own.reduce((sum, { quarter }) => sum + quarter.totalWm2, 0) / 4000,
      measuredKwh: quarters.reduce((sum, { powerKw }) => sum + Math.max(0, powerKw), 0) / 4,
      modelledKwh: own.reduce((sum, each) => sum + modelledKw(each, model), 0) / 4,
    }
  })
}

export interface MonthPair {
  readonly month: string
  readonly pairs: readonly DayPair[]
  /** modelled over measured, less 1 */
  readonly apart: number
}

export function monthsOf(pairs: readonly DayPair[]): MonthPair[] {
  return [...Map.groupBy(pairs, ({ day }) => day.slice(0, 7))].map(([month, own]) => ({
    month,
    pairs: own,
    apart: sum(own, 'modelledKwh') / sum(own, 'measuredKwh') - 1,
  }))
}

function sum(pairs: readonly DayPair[], column: 'modelledKwh' | 'measuredKwh' | 'lightKwhM2'): number {
  return pairs.reduce((total, pair) => total + pair[column], 0)
}

export function correlation(pairs: readonly DayPair[]): number {
  const mean = (column: 'modelledKwh' | 'measuredKwh') => sum(pairs, column) / pairs.length
  const [x, y] = [mean('modelledKwh'), mean('measuredKwh')]
  const product = (a: (pair: DayPair) => number, b: (pair: DayPair) => number) =>
    pairs.reduce((total, pair) => total + a(pair) * b(pair), 0)
  const [dx, dy] = [(pair: DayPair) => pair.modelledKwh - x, (pair: DayPair) => pair.measuredKwh - y]
  return product(dx, dy) / Math.sqrt(product(dx, dx) * product(dy, dy))
}

/** How far the months of 2019 scatter, root mean square, with the loss that meets the year's energy. */
export function fitOf2019(
  plant: Plant,
  model: PlantModel,
): { readonly scatter: number; readonly lossFraction: number } {
  const clean = pairsOf(plant, model).filter(({ day, fault }) => day < '2020' && fault === undefined)
  const factor = sum(clean, 'modelledKwh') / sum(clean, 'measuredKwh')
  const apart = monthsOf(clean).map((month) => (month.apart + 1) / factor - 1)
  return {
    scatter: Math.sqrt(apart.reduce((total, each) => total + each ** 2, 0) / apart.length),
    // Power is nearly proportional to what the losses leave.
    lossFraction: 1 - (1 - model.lossFraction) / factor,
  }
}

export const isClean = ({ fault }: DayPair) => fault === undefined

const within = 0.05
const percent = (share: number) => `${share < 0 ? '−' : '+'}${Math.abs(share * 100).toFixed(1)} %`
const held = (months: readonly MonthPair[]) => months.filter(({ apart }) => Math.abs(apart) <= within).length

export const plantSection: Section = {
  name: 'physics/plant',
  needs: plantFile,
  sliceIsAll: true,
  run: () => {
    const plant = preparePlant()
    const pairs = pairsOf(plant, fitted)
    const clean = pairs.filter(isClean)
    const months = monthsOf(clean)
    const seen = months.filter(({ month }) => month < '2020')
    const unseen = months.filter(({ month }) => month > '2020')
    const flat = monthsOf(pairsOf(plant, fittedFlat).filter(isClean))
    const related = correlation(clean)
    const saw = 'losses and tilt fitted on 2019'
    return {
      rows: [
        row(
          'energy of days, correlation',
          'at least 0.98',
          `${related.toFixed(4)} over ${clean.length} days`,
          [1, 1],
          saw,
        ),
        monthRow('energy of months, 2019', seen, saw),
        monthRow('energy of months, January to October 2020', unseen, 'no'),
        monthRow('the same 22 months, an inverter of one efficiency at every load', flat, saw),
      ],
      blocks: {
        'plant-faults': faultsTable(plant),
        'plant-moved': movedText(plant),
        'plant-months': monthsTable(plant),
        'plant-light': lightTable(plant),
        'plant-soiling': soilingText(clean),
      },
      misses:
        related >= 0.98 && held(unseen) === unseen.length && held(flat) === flat.length ? [] : ['the plant'],
    }
  },
}

function row(
  what: string,
  wanted: string,
  found: string,
  [cases, good]: readonly [number, number],
  saw: string,
): string[] {
  return ['measured plant, 110 MW', what, wanted, found, `${cases}`, `${good}`, saw]
}

function monthRow(what: string, months: readonly MonthPair[], saw: string): string[] {
  const apart = months.map((month) => month.apart)
  const range = `${percent(Math.min(...apart))} to ${percent(Math.max(...apart))}`
  return row(what, 'within 5 %', range, [months.length, held(months)], saw)
}

function faultsTable({ faults, moved }: Plant): string {
  const kinds = [...Map.groupBy([...faults], ([, fault]) => fault)]
  return table(
    ['not clean because of', 'days', 'which'],
    kinds.map(([fault, days]) => [
      fault,
      `${days.length}`,
      fault === 'instrument moved' ? `all others after ${moved}` : days.map(([day]) => day).join(', '),
    ]),
    false,
  )
}

function movedText(plant: Plant): string {
  const { days, moved, sensorTilts } = plant
  const [before, after] = sensorTilts
  const shares = directShares(days)
  const reached = (of: readonly DirectShare[]) =>
    `${of.filter(({ share }) => share >= 0.75).length} of ${of.length} days of strong light`
  const december = days.filter(({ day }) => day.startsWith('2020-12'))
  const energy = (tilt: number) =>
    december.flatMap((day) => litQuarters(day, tilt)).reduce((sum, each) => sum + modelledKw(each, fitted), 0)
  const degree = energy(after + 1) / energy(after) - 1
  return [
    `- Direct share of three quarters at noon: until ${moved} on ${reached(shares.filter(({ day }) => day <= moved))}, after it on ${reached(shares.filter(({ day }) => day > moved))}.`,
    `- Tilt of the instrument, from its light: ${before.toFixed(1)}° until then, ${after.toFixed(1)}° after.`,
    `- A degree more in that would change the model's December 2020 by ${percent(degree)}.`,
    `- Power per light at noon of bright days, November and December 2020 over 2019: ${percent(yearOnYear(days, 'directWm2'))} by the direct column, ${percent(yearOnYear(days, 'totalWm2'))} by the total.`,
  ].join('\n')
}

/** What the plant gave per light at noon of the bright days of a year's end, 2020 over 2019, less 1. */
function yearOnYear(days: readonly PlantDay[], column: 'directWm2' | 'totalWm2'): number {
  const [first, second] = [2019, 2020].map((year) => {
    const noons = days
      .filter(({ day }) => day >= `${year}-11` && day.startsWith(`${year}`))
      .map(({ quarters }) => quarters.filter(({ hour }) => hour >= 11 && hour < 14))
      .filter((noon) => noon.reduce((total, { directWm2 }) => total + directWm2, 0) > 480 * 12)
      .flat()
    const total = (of: (quarter: Quarter) => number) => noons.reduce((own, quarter) => own + of(quarter), 0)
    return total(({ powerKw }) => powerKw) / total((quarter) => quarter[column])
  })
  return second! / first! - 1
}

/** Months with their clean days; behind the move of the instrument all that were whole. */
function monthsTable(plant: Plant): string {
  const variants = [fitted, fittedFlat, fittedAsShown].map((model) => pairsOf(plant, model))
  const isMoved = ({ fault }: DayPair) => fault === 'instrument moved'
  const rows = [isClean, isMoved].flatMap((isTaken) => {
    const [first, ...others] = variants.map((pairs) => monthsOf(pairs.filter(isTaken)))
    return first!.map(({ month, pairs, apart }, at) => [
      isTaken === isClean ? month : `${month}, instrument moved`,
      `${pairs.length}`,
      sum(pairs, 'lightKwhM2').toFixed(1),
      (sum(pairs, 'measuredKwh') / 1e6).toFixed(2),
      percent(apart),
      ...others.map((months) => percent(months[at]!.apart)),
    ])
  })
  const head = [
    'month',
    'days',
    'light, kWh/m²',
    'measured, GWh',
    'modelled',
    'one efficiency',
    'light as shown',
  ]
  return table(head, rows)
}

/** Where the miss comes from: days by their light, with both inverters. */
function lightTable(plant: Plant): string {
  const models = [fitted, fittedFlat].map((model) => pairsOf(plant, model).filter(isClean))
  const rows = [0, 1, 2, 4, 6].map((from, at, starts) => {
    const to = starts[at + 1] ?? Infinity
    const own = models.map((pairs) => pairs.filter(({ lightKwhM2 }) => lightKwhM2 >= from && lightKwhM2 < to))
    const apart = own.map((pairs) => percent(sum(pairs, 'modelledKwh') / sum(pairs, 'measuredKwh') - 1))
    return [to === Infinity ? `${from} and more` : `${from} to ${to}`, `${own[0]!.length}`, ...apart]
  })
  return table(['light of the day, kWh/m²', 'days', 'PVWatts inverter', 'one efficiency'], rows)
}

/** A dry spell of autumn 2019 and the days after it, as far as they were bright. */
function soilingText(pairs: readonly DayPair[]): string {
  const spell = pairs.filter(
    ({ day, lightKwhM2 }) => day >= '2019-09-21' && day <= '2019-10-09' && lightKwhM2 > 2.5,
  )
  const ratios = spell.map(
    ({ day, measuredKwh, modelledKwh }) => `${day.slice(5)} ${(measuredKwh / modelledKwh).toFixed(2)}`,
  )
  return `Measured over modelled in 2019: ${ratios.join(', ')}.`
}
