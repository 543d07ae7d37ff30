/** Files of a run against what the command line takes for its own. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect } from 'vitest'
import { checkOutputFolder } from '../../src/cli/output-folder.ts'

/** A folder that holds these files, and nothing else, may be replaced by the next run. */
export function holdReplaceable(files: readonly { readonly name: string }[]): void {
  const folder = mkdtempSync(path.join(tmpdir(), 'overwall-files-'))
  for (const { name } of files) writeFileSync(path.join(folder, name), '')
  expect(() => checkOutputFolder(folder)).not.toThrow()
  writeFileSync(path.join(folder, 'thesis.csv'), '')
  expect(() => checkOutputFolder(folder)).toThrow(/thesis\.csv/)
  rmSync(folder, { recursive: true })
}
