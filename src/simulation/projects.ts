/**
 * What PV units and batteries earn in a year, without and with the market: the yearly amounts that project economics
 * start from. Money is what their statements say, in fen. Wear of a battery is no payment and not among them, since its
 * investment stands apart.
 */
import { partsOf, type Zone } from '../scenario/zone.ts'
import { fenOf } from '../settlement/statement.ts'
import type { BaselineRun } from './baseline-run.ts'
import { turnedDownWh } from './machines.ts'
import type { MarketRun } from './market-run.ts'
import type { ProjectYear, UnitYear } from './result.ts'
import type { World } from './world.ts'

/** Whether the scenario says what assets cost, and the run is a year: a part of one cannot speak for it. */
export function hasProjects({ economics, calendar }: Zone): boolean {
  return economics !== null && (calendar.days.length === 365 || calendar.days.length === 366)
}

/** The year of every unit that the scenario has terms for. */
export function projectYear(year: number, baseline: BaselineRun, market: MarketRun): ProjectYear {
  const { zone } = market.state.world
  const cash = { before: receiptsOf(baseline), after: receiptsOf(market) }
  return {
    year,
    units: [
      ...(zone.economics?.pv ? pvYears(baseline, market, cash) : []),
      ...(zone.economics?.storage ? storageYears(baseline, market, cash) : []),
    ],
  }
}

/** Receipts less payments over the year, by account name [fen]. */
type Receipts = ReadonlyMap<string, number>

function receiptsOf({ sheets }: Pick<BaselineRun, 'sheets'>): Receipts {
  const fen = new Map<string, number>()
  for (const { account, role, totalFen } of sheets.flatMap((sheet) => sheet.statements)) {
    if (role === 'seller') fen.set(account, (fen.get(account) ?? 0) + totalFen)
  }
  return fen
}

interface Cash {
  readonly before: Receipts
  readonly after: Receipts
}

function cashYear({ before, after }: Cash, account: string): Pick<UnitYear, 'beforeFen' | 'afterFen'> {
  return { beforeFen: before.get(account) ?? 0, afterFen: after.get(account) ?? 0 }
}

function pvYears(baseline: BaselineRun, market: MarketRun, cash: Cash): UnitYear[] {
  const { world } = market.state
  const { zone, meter } = world
  return zone.pvUnits.map(({ id }, index) => {
    const generatedWh = total(meter.surplusWh[index]!) + total(meter.selfUseWh[index]!)
    return {
      kind: 'pv',
      index,
      id,
      ...cashYear(cash, `pv:${id}`),
      savedFen: fenOf(savedE11(world, index)),
      quantityBeforeWh: generatedWh - turnedDownWh(baseline.state, index),
      quantityAfterWh: generatedWh - turnedDownWh(market.state, index),
    }
  })
}

/**
 * What the energy of a host's own roof would have cost on its contract, energy price with adders; a third party's roof
 * saves its owner nothing and is paid for. What it takes off the demand charge is left out.
 */
function savedE11({ zone, meter, buyers, slots }: World, index: number): bigint {
  const { host, behindMeterE8 } = zone.pvUnits[index]!
  if (host === null || behindMeterE8 !== null) return 0n
  const usedWh = new Float64Array(slots.slots)
  meter.selfUseWh[index]!.forEach((energyWh, interval) => {
    usedWh[slots.slotOf[interval]!]! += energyWh
  })
  const { fullE8 } = buyers[host]!.rates
  return usedWh.reduce((sum, energyWh, slot) => sum + BigInt(energyWh) * BigInt(fullE8[slot]!), 0n)
}

/**
 * Energy given back to the grid or to the host: what a battery produces. A tenant invests in none, and what its share produces is
 * the owner's unit's.
 */
function storageYears(baseline: BaselineRun, market: MarketRun, cash: Cash): UnitYear[] {
  const { world, storage, months } = market.state
  const { storages } = world.zone
  const soldWh = (part: number) => total(storage.soldWh.subarray(part * months, (part + 1) * months))
  return storages.flatMap((unit, index): UnitYear[] => {
    const { id, spec, mode, lease } = unit
    if (lease !== null) return []
    const account = `storage:${id}`
    const givenWh = (run: Pick<BaselineRun, 'sheets'>) =>
      Math.floor(takenWh(run, account) * spec.dischargeEfficiency)
    return [
      {
        kind: 'storage',
        index,
        id,
        ...cashYear(cash, account),
        savedFen: 0,
        quantityBeforeWh: givenWh(baseline),
        quantityAfterWh:
          mode === 'arbitrage'
            ? partsOf(storages, index).reduce((sum, part) => sum + soldWh(part), 0)
            : givenWh(market),
      },
    ]
  })
}

/** Energy taken out of a battery behind its host's meter, as the wear below its statements tells it. [Wh] */
function takenWh({ sheets }: Pick<BaselineRun, 'sheets'>, account: string): number {
  return sheets
    .flatMap((sheet) => sheet.statements)
    .filter((statement) => statement.account === account)
    .flatMap((statement) => statement.notes)
    .reduce((sum, note) => sum + (note.key === 'wear' ? (note.energyWh ?? 0) : 0), 0)
}

function total(column: Int32Array | Float64Array): number {
  let sum = 0
  for (let row = 0; row < column.length; row++) sum += column[row]!
  return sum
}
