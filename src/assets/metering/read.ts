/**
 * A year of quarter-hour means out of a metering file (96点曲线). Every interval of the run gets exactly one number, or the
 * file is refused with the row and the reason; repairs are made only when asked for, and counted.
 *
 * A file is decoded, split into rows, read by its layout (`long.ts`, `wide.ts`), laid on standard time, placed on the
 * run and closed. Each step adds to one list of notes, so that all faults are answered together.
 */
import type { Calendar } from '../../base/calendar.ts'
import { assert, type Fault } from '../../base/errors.ts'
import { decodeText } from './decode.ts'
import { closeGaps } from './gaps.ts'
import { isWide, unitOf } from './headings.ts'
import { readLong } from './long.ts'
import { Notes } from './notes.ts'
import type { MeteringOptions, Repair } from './options.ts'
import { place } from './placement.ts'
import type { Readings } from './readings.ts'
import { splitRows } from './rows.ts'
import { toStandardTime } from './standard-time.ts'
import { readWide } from './wide.ts'

export type MeteringResult =
  | {
      /** mean power of every interval of the run, ≥ 0 [kW] */
      readonly powerKw: Float64Array
      readonly repairs: readonly Repair[]
      /** what was found and taken as meant, in words */
      readonly findings: readonly string[]
    }
  | { readonly faults: readonly Fault[] }

/**
 * @param bytes the file as it is
 * @param options what its columns and values mean, and which repairs are allowed
 * @param calendar the run; the file's clock is taken for its own
 * @param fileName for the faults
 */
export function readMetering(
  bytes: Uint8Array,
  options: MeteringOptions,
  calendar: Calendar,
  fileName: string,
): MeteringResult {
  const notes = new Notes(fileName)
  const readings = readBytes(bytes, options, notes)
  const minutes = readings && toStandardTime(readings, options, notes)
  const placement = minutes && place(readings, minutes, options, calendar, notes)
  if (placement) closeGaps(placement, options.repairs?.gaps, calendar, notes)
  assert(placement !== undefined || notes.faultCount > 0, `${fileName} was neither read nor refused`)
  if (!placement || notes.faultCount > 0) return { faults: notes.faults }
  return { powerKw: placement.powerKw, repairs: notes.repairs, findings: notes.findings }
}

function readBytes(bytes: Uint8Array, options: MeteringOptions, notes: Notes): Readings | undefined {
  const text = decodeText(bytes, options.encoding, notes)
  const rows = text === undefined ? undefined : splitRows(text, notes)
  const readings = rows && (isWide(rows.header.cells) ? readWide : readLong)(rows, options, notes)
  const stated = readings && unitOf(readings.headingOf(0))
  if (stated && stated !== options.unit) {
    notes.findings.push(
      `the heading ${readings.headingOf(0)} says ${stated}, read as ${options.unit} as asked`,
    )
  }
  return readings
}
