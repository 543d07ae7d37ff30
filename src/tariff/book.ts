/**
 * A tariff book: data keyed by date. Every component has editions; on a day exactly one of each is in force, and a run
 * over a change of rules changes rules on that day.
 */
import { daysBetween } from '../base/calendar.ts'
import { parseScaled } from '../base/decimal.ts'
import { assert, InputFaults, show, wantedBy, type Fault } from '../base/errors.ts'
import { rateE8, type RateE8 } from '../base/units.ts'
import { voltageLevels, type VoltageLevel } from '../grid/voltage.ts'
import { bands, bookSchema, editionNames, type Band, type BookData, type EditionName } from './book-schema.ts'
import type { CapacityTd } from './capacity-td.ts'
import type { Fact, Figure } from './figure.ts'

export { bands, type Band } from './book-schema.ts'

const lastDay = '9999-12-31'

/** Everything in force on one day, rates in whole 1e-8 CNY/kWh. */
export interface Rates {
  readonly tdEnergyE8: {
    readonly single: Readonly<Record<VoltageLevel, RateE8>>
    readonly two: Readonly<Record<VoltageLevel, RateE8 | null>>
  }
  /** CNY/kW·month and CNY/kVA·month as decimal text, null where the level has none */
  readonly demandCharge: Readonly<Record<VoltageLevel, string | null>>
  readonly capacityCharge: Readonly<Record<VoltageLevel, string | null>>
  readonly agencyE8: RateE8
  readonly lineLossE8: RateE8
  readonly systemOperationE8: RateE8
  readonly fundsE8: RateE8
  readonly mechanism: { readonly stockE8: RateE8; readonly incrementalE8: RateE8 }
  readonly pvReferenceE8: RateE8
  readonly upstreamE8: readonly RateE8[]
  readonly timeOfUse: BookData['timeOfUse'][number]
  readonly rules: BookData['rules'][number]
  readonly powerFactorSteps: BookData['powerFactorTable']['steps']
  /** where T&D is paid by capacity */
  readonly capacityTd?: CapacityTd
}

export interface TariffBook {
  readonly id: string
  readonly name: string
  /** days for which every component has an edition; the last is 9999-12-31 when open */
  readonly coveredFrom: string
  readonly coveredTo: string
  /** @throws BrokenAssertion outside the covered days */
  ratesOn(date: string): Rates
  /** every figure of the editions that touch a span, for the report */
  facts(from: string, to: string): Fact[]
}

/** @throws InputFaults with every fault of the file */
export function parseTariffBook(json: unknown, file: string): TariffBook {
  const parsed = bookSchema.safeParse(json)
  if (!parsed.success) {
    throw new InputFaults(
      parsed.error.issues.map((issue) => ({
        code: 'tariff-book',
        file,
        path: issue.path.join('.'),
        wanted: wantedBy(issue.message),
        came: show(
          issue.path.reduce(
            (at: unknown, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key],
            json,
          ),
        ),
      })),
    )
  }
  const faults = [
    ...editionNames.flatMap((name) => editionFaults(parsed.data, name, file)),
    ...figureFaults(parsed.data).map((fault) => ({ code: 'tariff-figure', file, ...fault })),
  ]
  if (faults.length > 0) throw new InputFaults(faults)
  return openBook(parsed.data)
}

type FigureFault = Pick<Fault, 'path' | 'wanted' | 'came'>

/** Figures that other figures call for, and prices that stand in the wrong order. */
function figureFaults({ td, timeOfUse }: BookData): FigureFault[] {
  return [...td.flatMap(tdFaults), ...timeOfUse.flatMap(multiplierFaults)]
}

/** Two-part prices and both charges at every level above 1 kV; the higher the voltage, the lower the energy price. */
function tdFaults(edition: BookData['td'][number], at: number): FigureFault[] {
  const twoPartLevels = voltageLevels.filter((level) => level !== '0.4kV')
  const missing = (['twoPartEnergy', 'demandCharge', 'capacityCharge'] as const).flatMap((column) =>
    twoPartLevels
      .filter((level) => edition[column][level] === undefined)
      .map((level) => ({ path: `td.${at}.${column}.${level}`, wanted: 'a figure above 1 kV', came: 'none' })),
  )
  const rising = (['singlePartEnergy', 'twoPartEnergy'] as const).flatMap((column) => {
    const priced = voltageLevels.filter((level) => edition[column][level] !== undefined)
    const value = (level: VoltageLevel) => edition[column][level]!.value
    return priced.slice(1).flatMap((level, below) =>
      Number(value(level)) <= Number(value(priced[below]!))
        ? []
        : [
            {
              path: `td.${at}.${column}.${level}.value`,
              wanted: `not more than at ${priced[below]}, ${value(priced[below]!)}`,
              came: value(level),
            },
          ],
    )
  })
  return [...missing, ...rising]
}

function multiplierFaults(
  { seasons, holidays, multipliers }: BookData['timeOfUse'][number],
  at: number,
): FigureFault[] {
  const used = new Set([...seasons, ...holidays].flatMap((each) => each.bands.map(({ band }) => band)))
  return [...used]
    .filter((band) => multipliers.default[band] === undefined)
    .map((band) => ({
      path: `timeOfUse.${at}.multipliers.default.${band}`,
      wanted: 'a figure, as the band is in use',
      came: 'none',
    }))
}

/** Editions follow each other day by day, without gap or overlap. */
function editionFaults(data: BookData, name: EditionName, file: string): Fault[] {
  const editions: readonly { validFrom: string; validTo: string | null }[] = data[name]
  return editions.flatMap((edition, index) => {
    const path = `${name}.${index}`
    const next = editions[index + 1]
    const faults: Fault[] = []
    const fault = (wanted: string, came: string) =>
      faults.push({ code: 'tariff-editions', file, path, wanted, came })
    if (edition.validTo !== null && edition.validTo < edition.validFrom)
      fault('a last day after the first', edition.validTo)
    if (next && edition.validTo === null) fault('a last day, since an edition follows', 'none')
    if (next && edition.validTo !== null && daysBetween(edition.validTo, next.validFrom) !== 1) {
      fault(
        'an edition that ends the day before the next begins',
        `${edition.validTo}, then ${next.validFrom}`,
      )
    }
    return faults
  })
}

function openBook(data: BookData): TariffBook {
  const firsts = editionNames.map((name) => data[name][0]!.validFrom)
  const lasts = editionNames.map((name) => data[name].at(-1)!.validTo ?? lastDay)
  const known = new Map<string, Rates>()
  const coveredFrom = firsts.reduce((a, b) => (a > b ? a : b))
  const coveredTo = lasts.reduce((a, b) => (a < b ? a : b))
  return {
    id: data.id,
    name: data.name,
    coveredFrom,
    coveredTo,
    ratesOn(date) {
      assert(date >= coveredFrom && date <= coveredTo, `tariff book ${data.id} does not cover ${date}`)
      const key = editionNames.map((name) => data[name].findIndex((edition) => covers(edition, date))).join()
      const rates = known.get(key) ?? ratesOf(data, date)
      known.set(key, rates)
      return rates
    },
    facts: (from, to) => collectFacts(data, from, to),
  }
}

function covers(edition: { validFrom: string; validTo: string | null }, date: string): boolean {
  return edition.validFrom <= date && date <= (edition.validTo ?? lastDay)
}

function editionOn<Name extends EditionName>(
  data: BookData,
  name: Name,
  date: string,
): BookData[Name][number] {
  return (data[name] as readonly BookData[Name][number][]).find((edition) => covers(edition, date))!
}

function ratesOf(data: BookData, date: string): Rates {
  const td = editionOn(data, 'td', date)
  const purchase = editionOn(data, 'purchase', date)
  const mechanism = editionOn(data, 'mechanism', date)
  const perLevel = <Value>(valueAt: (level: VoltageLevel) => Value) =>
    Object.fromEntries(voltageLevels.map((level) => [level, valueAt(level)])) as Record<VoltageLevel, Value>
  return {
    tdEnergyE8: {
      single: perLevel((level) => e8(td.singlePartEnergy[level])),
      two: perLevel((level) => (td.twoPartEnergy[level] ? e8(td.twoPartEnergy[level]) : null)),
    },
    demandCharge: perLevel((level) => td.demandCharge[level]?.value ?? null),
    capacityCharge: perLevel((level) => td.capacityCharge[level]?.value ?? null),
    agencyE8: e8(purchase.agencyPrice),
    lineLossE8: e8(purchase.lineLossFee),
    systemOperationE8: e8(purchase.systemOperationFee),
    fundsE8: e8(editionOn(data, 'governmentFunds', date).total),
    mechanism: { stockE8: e8(mechanism.stockPrice), incrementalE8: e8(mechanism.incrementalPrice) },
    pvReferenceE8: e8(mechanism.pvReferencePrice),
    upstreamE8: editionOn(data, 'upstream', date).hourlyPrice.values.map((value) =>
      rateE8(Number(parseScaled(value, 8))),
    ),
    timeOfUse: editionOn(data, 'timeOfUse', date),
    rules: editionOn(data, 'rules', date),
    powerFactorSteps: data.powerFactorTable.steps,
  }
}

function e8(figure: Figure): RateE8 {
  return rateE8(Number(parseScaled(figure.value, 8)))
}

/** Walks the editions in force between two days and lists every figure with its source. */
function collectFacts(data: BookData, from: string, to: string): Fact[] {
  return editionNames.flatMap((name) =>
    data[name]
      .filter((edition) => edition.validFrom <= to && (edition.validTo ?? lastDay) >= from)
      .flatMap((edition) => factsBelow(edition, name)),
  )
}

function factsBelow(node: unknown, path: string): Fact[] {
  if (typeof node !== 'object' || node === null) return []
  const { value, values, unit, source, confidence, note } = node as Partial<Figure> & { values?: string[] }
  if (unit !== undefined && source !== undefined && confidence !== undefined) {
    const shown = value ?? values?.join(' ') ?? ''
    return [{ path, value: shown, unit, source, confidence, ...(note === undefined ? {} : { note }) }]
  }
  return Object.entries(node).flatMap(([key, child]) => factsBelow(child, `${path}.${key}`))
}

/** Code of a band in a band series. */
export function bandCode(band: Band): number {
  return bands.indexOf(band)
}
