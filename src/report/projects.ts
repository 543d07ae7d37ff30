/**
 * Project economics (项目经济性) of PV units and batteries: amounts of the simulated years become whole lives, without and
 * with the market, and `finance` says what they are worth.
 */
import {
  assess,
  type Assessment,
  type Project,
  type ProjectYear as ProjectAmounts,
} from '../finance/project.ts'
import { Decimal, sumOf, zero } from '../finance/money.ts'
import { levels, risen } from '../finance/years.ts'
import { shareLeft, type AssetTerms, type Economics } from '../scenario/economics.ts'
import { partsOf, type Zone } from '../scenario/zone.ts'
import type { SimulationResult, UnitYear } from '../simulation/result.ts'

export type ProjectKind = UnitYear['kind']

/** One unit, or all of a kind together. */
export interface ProjectReport {
  readonly kind: ProjectKind
  /** null for the sum of a kind */
  readonly id: string | null
  readonly name: string
  readonly capacityKw: number
  /** of a battery; 0 for PV */
  readonly capacityKwh: number
  readonly before: Assessment
  readonly after: Assessment
}

export interface ProjectGroup {
  readonly kind: ProjectKind
  readonly sum: ProjectReport
  readonly units: readonly ProjectReport[]
}

const known = new WeakMap<SimulationResult, readonly ProjectGroup[]>()

/** Groups in the order PV, storage; none where the run is no project year. */
export function projectGroups(result: SimulationResult): readonly ProjectGroup[] {
  const groups = known.get(result) ?? makeGroups(result)
  known.set(result, groups)
  return groups
}

function makeGroups({ zone, projects }: SimulationResult): ProjectGroup[] {
  const { economics } = zone
  const first = projects[0]
  if (!economics || !first) return []
  return (['pv', 'storage'] as const).flatMap((kind) => {
    const terms = economics[kind]
    const own = first.units.filter((unit) => unit.kind === kind)
    if (!terms || own.length === 0) return []
    // Years beyond the life of a kind are those of assets that came after.
    const lived = projects.filter(({ year }) => year <= terms.lifetimeYears)
    const units = own.map((unit) => {
      const years = lived.map(({ year, units: all }) => ({
        year,
        unit: all.find((each) => each.kind === kind && each.index === unit.index)!,
      }))
      return unitProjects(zone, { economics, terms }, years)
    })
    return [{ kind, sum: sumReport(kind, units), units: units.map(reportOf) }]
  })
}

interface UnitProjects extends Omit<ProjectReport, 'before' | 'after'> {
  readonly before: Project
  readonly after: Project
}

interface Terms {
  readonly economics: Economics
  readonly terms: AssetTerms
}

type KnownYears = readonly { readonly year: number; readonly unit: UnitYear }[]

function unitProjects(zone: Zone, { economics, terms }: Terms, years: KnownYears): UnitProjects {
  const { kind, index, id } = years[0]!.unit
  const size = sizeOf(zone, kind, index)
  const project = (cash: 'beforeFen' | 'afterFen', quantity: 'quantityBeforeWh' | 'quantityAfterWh') =>
    projectOf({ economics, terms }, size, {
      income: years.map(({ year, unit }) => ({
        year,
        amount: new Decimal(unit[cash]).plus(unit.savedFen).div(100),
      })),
      quantity: years.map(({ year, unit }) => ({ year, amount: new Decimal(unit[quantity]).div(1000) })),
    })
  return {
    kind,
    id,
    name: size.name,
    capacityKw: size.capacityKw,
    capacityKwh: size.capacityKwh,
    before: project('beforeFen', 'quantityBeforeWh'),
    after: project('afterFen', 'quantityAfterWh'),
  }
}

interface Size {
  readonly name: string
  readonly capacityKw: number
  readonly capacityKwh: number
}

function sizeOf(zone: Zone, kind: ProjectKind, index: number): Size {
  if (kind === 'pv') {
    const { name, system } = zone.pvUnits[index]!
    return { name, capacityKw: system.capacityKwDc, capacityKwh: 0 }
  }
  const parts = partsOf(zone.storages, index).map((row) => zone.storages[row]!)
  const sum = (of: 'powerKw' | 'energyKwh') => parts.reduce((all, { spec }) => all + spec[of], 0)
  return { name: parts[0]!.name, capacityKw: sum('powerKw'), capacityKwh: sum('energyKwh') }
}

type KnownAmounts = Parameters<typeof levels>[0]

/** The whole life of one unit. With a tax, all money is taken without VAT. */
function projectOf(
  { economics, terms }: Terms,
  { capacityKw, capacityKwh }: Size,
  seen: { readonly income: KnownAmounts; readonly quantity: KnownAmounts },
): Project {
  const life = Array.from({ length: terms.lifetimeYears }, (_, at) => at + 1)
  const remaining = life.map((year) => new Decimal(shareLeft(terms, year)))
  const perVat = new Decimal(1).plus(economics.tax?.vatShare ?? 0)
  const investment = new Decimal(terms.investmentCnyPerKw)
    .times(capacityKw)
    .plus(new Decimal(terms.investmentCnyPerKwh).times(capacityKwh))
  const operation = investment
    .times(terms.operationShare)
    .plus(new Decimal(terms.operationCnyPerUnit).times(capacityKwh || capacityKw))
  const priceRise = new Decimal(economics.priceRisePerYear)
  const costRise = new Decimal(economics.costRisePerYear)
  const income = risen(levels(seen.income, remaining), priceRise)
  const quantity = levels(seen.quantity, remaining)
  const operations = risen(
    life.map(() => operation),
    costRise,
  )
  const replacements = risen(
    life.map((year) => replacementIn(terms, year, investment)),
    costRise,
  )
  return {
    investment: investment.div(perVat),
    years: life.map((_, at) => ({
      income: income[at]!.div(perVat),
      operation: operations[at]!.div(perVat),
      replacement: replacements[at]!.div(perVat),
      quantity: quantity[at]!,
    })),
    discountRate: new Decimal(economics.discountRate),
    tax: taxOf(economics),
  }
}

/** Due at the end of every so many years, but for the last of the life. */
function replacementIn(
  { replacement, lifetimeYears }: AssetTerms,
  year: number,
  investment: Decimal,
): Decimal {
  const isDue = replacement && year % replacement.everyYears === 0 && year < lifetimeYears
  return isDue ? investment.times(replacement.shareOfInvestment) : zero
}

function taxOf({ tax }: Economics): Project['tax'] {
  if (!tax) return null
  const { rate, exemptYears, halfYears, depreciationYears, lossYears } = tax
  return { rate: new Decimal(rate), exemptYears, halfYears, depreciationYears, lossYears }
}

function reportOf(unit: UnitProjects): ProjectReport {
  return { ...unit, before: assess(unit.before), after: assess(unit.after) }
}

const sumNames = { pv: 'all PV (光伏合计)', storage: 'all storage (储能合计)' } as const

/** All units of a kind as one project. */
function sumReport(kind: ProjectKind, units: readonly UnitProjects[]): ProjectReport {
  return reportOf({
    kind,
    id: null,
    name: sumNames[kind],
    capacityKw: units.reduce((sum, unit) => sum + unit.capacityKw, 0),
    capacityKwh: units.reduce((sum, unit) => sum + unit.capacityKwh, 0),
    before: sumProject(units.map((unit) => unit.before)),
    after: sumProject(units.map((unit) => unit.after)),
  })
}

function sumProject(projects: readonly Project[]): Project {
  const total = (year: number, key: keyof ProjectAmounts) =>
    sumOf(projects.map((project) => project.years[year]![key]))
  return {
    ...projects[0]!,
    investment: sumOf(projects.map((project) => project.investment)),
    years: projects[0]!.years.map((_, year) => ({
      income: total(year, 'income'),
      operation: total(year, 'operation'),
      replacement: total(year, 'replacement'),
      quantity: total(year, 'quantity'),
    })),
  }
}
