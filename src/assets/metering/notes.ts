/** What one file answers with: faults, repairs and findings, gathered while it is read. */
import type { Fault } from '../../base/errors.ts'
import type { Repair, RepairKind } from './options.ts'

/** More faults than this are counted, not shown. */
const mostFaults = 50

export class Notes {
  readonly #file: string
  readonly #faults: Fault[] = []
  readonly #repairs = new Map<RepairKind, { kind: RepairKind; count: number; firstRow: number }>()
  readonly findings: string[] = []
  faultCount = 0

  constructor(file: string) {
    this.#file = file
  }

  /**
   * @param line of the file, from 1; 0 where none is to blame
   * @param path the column, or what is at fault
   */
  fault(line: number, path: string, wanted: string, came: string): void {
    this.faultCount++
    if (this.faultCount > mostFaults) return
    const place = line > 0 ? { file: this.#file, line } : { file: this.#file }
    this.#faults.push({ code: 'metering', ...place, path, wanted, came })
  }

  mended(kind: RepairKind, firstRow: number, count = 1): void {
    const known = this.#repairs.get(kind)
    if (known) known.count += count
    else this.#repairs.set(kind, { kind, count, firstRow })
  }

  /** The faults by line, at most fifty and one that counts the others. */
  get faults(): readonly Fault[] {
    const shown = this.#faults.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0))
    const hidden = this.faultCount - mostFaults
    if (hidden <= 0) return shown
    const more = { code: 'metering', file: this.#file, path: '', wanted: 'no faults', came: `${hidden} more` }
    return [...shown, more]
  }

  get repairs(): readonly Repair[] {
    return [...this.#repairs.values()]
  }
}
