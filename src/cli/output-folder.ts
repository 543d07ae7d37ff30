/**
 * An output folder appears whole or not at all: files are written into a hidden folder beside it, which takes the
 * final name at the end. Whatever interrupts, nothing half-written stays.
 */
import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import path from 'node:path'
import { InputFaults } from '../base/errors.ts'

export interface OutputFile {
  readonly name: string
  readonly content: string | Iterable<string>
}

/** Names of an earlier run's files: a folder that holds anything else is not ours to replace. */
const ours =
  /^((summary|compare)\.json|(participants|statements|intervals|arcs|storage|trades|projects|project-years|strategies|forecasts|compare)\.csv|(report|compare)\.html)$/

/** @throws InputFaults when the folder cannot be written, or exists and holds files that no run wrote */
export function checkOutputFolder(folder: string): void {
  const names = onDisk(folder, () => {
    if (existsSync(folder)) return readdirSync(folder)
    let above = path.dirname(path.resolve(folder))
    while (!existsSync(above)) above = path.dirname(above)
    accessSync(above, constants.W_OK)
    if (!statSync(above).isDirectory()) throw cannotWrite(folder, 'ENOTDIR')
    return []
  })
  const foreign = names.filter((name) => !ours.test(name))
  if (foreign.length === 0) return
  const came = `${folder} with ${foreign.slice(0, 3).join(', ')}${foreign.length > 3 ? ', …' : ''}`
  throw new InputFaults([
    {
      code: 'output-occupied',
      path: '--out',
      wanted: 'a new folder, or one that holds only an earlier run',
      came,
    },
  ])
}

/** What the disk refuses is a fault of the folder that was asked for. */
function onDisk<T>(folder: string, act: () => T): T {
  try {
    return act()
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException
    throw code !== undefined && syscall !== undefined ? cannotWrite(folder, code) : error
  }
}

function cannotWrite(folder: string, code: string): InputFaults {
  const wanted = 'a folder that can be written'
  return new InputFaults([{ code: 'output', path: '--out', wanted, came: `${folder} (${code})` }])
}

export class OutputFolder {
  readonly #folder: string
  #work: string | undefined

  constructor(folder: string) {
    this.#folder = path.resolve(folder)
  }

  /** Writes all files and puts the folder in place of an earlier run's. */
  write(files: Iterable<OutputFile>): void {
    onDisk(this.#folder, () => this.#write(files))
  }

  #write(files: Iterable<OutputFile>): void {
    mkdirSync(path.dirname(this.#folder), { recursive: true })
    this.#work = mkdtempSync(path.join(path.dirname(this.#folder), `.${path.basename(this.#folder)}-`))
    chmodSync(this.#work, 0o755)
    for (const { name, content } of files) writeChunks(path.join(this.#work, name), content)
    checkOutputFolder(this.#folder)
    rmSync(this.#folder, { recursive: true, force: true })
    renameSync(this.#work, this.#folder)
    this.#work = undefined
  }

  /** Removes what an interrupted or failed {@link write} left. */
  abandon(): void {
    if (this.#work) rmSync(this.#work, { recursive: true, force: true })
    this.#work = undefined
  }
}

function writeChunks(file: string, content: string | Iterable<string>): void {
  const handle = openSync(file, 'wx')
  try {
    for (const chunk of typeof content === 'string' ? [content] : content) writeSync(handle, chunk)
  } finally {
    closeSync(handle)
  }
}
