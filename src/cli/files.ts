/** The only place that opens files. Scenario files name data files relative to themselves, seeds relative to the project. */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { InputFaults } from '../base/errors.ts'

const projectFolder = fileURLToPath(new URL('../../', import.meta.url))

/** @throws InputFaults when the file is not there or cannot be read */
export function readInput(file: string): Uint8Array {
  try {
    return readFileSync(file)
  } catch (error) {
    const came = (error as NodeJS.ErrnoException).code ?? String(error)
    throw new InputFaults([
      { code: 'file-unreadable', file, path: '', wanted: 'a file that can be read', came },
    ])
  }
}

/** Seeds ship with the program: `seeds/tariffs/zhejiang.json`. */
export function readSeed(seed: string): string | undefined {
  const file = path.resolve(projectFolder, seed)
  return file.startsWith(path.join(projectFolder, 'seeds') + path.sep) && existsSync(file)
    ? readFileSync(file, 'utf8')
    : undefined
}

/** All seeds, by the path that scenarios name them by: for threads, which open no files. */
export function readSeeds(): ReadonlyMap<string, string> {
  const folder = path.join(projectFolder, 'seeds')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.json'),
  )
  return new Map(
    files.map((name) => [
      `seeds/${name.split(path.sep).join('/')}`,
      readFileSync(path.join(folder, name), 'utf8'),
    ]),
  )
}

/** Opens data files beside a scenario. */
export function readBeside(scenarioFile: string): (file: string) => Uint8Array | undefined {
  return (file) => {
    const whole = path.resolve(path.dirname(scenarioFile), file)
    return existsSync(whole) && statSync(whole).isFile() ? readFileSync(whole) : undefined
  }
}

/** Writes a file into the folder the program was started in. */
export function writeHere(file: string, text: string): void {
  writeFileSync(file, text)
}
