/** Schedules of the chain beside what HiGHS finds for the same battery: seeded horizons of four kinds. */
import { kinds, solvedCase, type Kind, type Outcome } from '../../strategy/battery-cases.ts'
import { count, type Section } from '../findings.ts'
import { agreementOf } from './agreement.ts'

const named: Readonly<Record<Kind, string>> = {
  tariff: 'a host’s tariff and load',
  spot: 'a price that wanders',
  book: 'books of a few buyers and sellers',
  negative: 'prices below 0 at noon, one side an interval',
}

/** A binary an interval costs HiGHS much more than all the rest. */
const fullCases: Readonly<Record<Kind, number>> = { tariff: 2500, spot: 2500, book: 2500, negative: 500 }

export const scheduleSection: Section = {
  name: 'storage/schedule',
  run: (size) => {
    const perKind = kinds.map((kind) => {
      const cases = size === 'full' ? fullCases[kind] : 20
      return { kind, agreement: agreementOf(seeded(kind, cases)) }
    })
    return {
      rows: perKind.map(({ kind, agreement }) => [
        `seeded batteries, ${named[kind]}`,
        'worth of the schedule against the linear program’s',
        'a tick per stored kWh',
        `${agreement.ticksPerKwh.toFixed(3)} ticks a kWh in the mean`,
        count(agreement.cases),
        count(agreement.hold),
        'no',
      ]),
      misses: perKind.flatMap(({ kind, agreement }) => agreement.misses.map((miss) => `${kind} ${miss}`)),
    }
  },
}

function seeded(kind: Kind, cases: number): { name: string; outcome: Outcome }[] {
  return Array.from({ length: cases }, (_, at) => ({
    name: `seed ${at + 1}`,
    outcome: solvedCase(kind, at + 1),
  }))
}
