/** Data beside the repository, which is no part of it: what is missing is skipped and said. */
import { existsSync, readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'

export const dataFolder = '../shared/data'

export function dataFile(name: string): string {
  return `${dataFolder}/${name}`
}

export function isMissing(name: string): boolean {
  return !existsSync(dataFile(name))
}

/** The rows of a CSV file by the names in its header. */
export function readRows(name: string): Record<string, string>[] {
  return parse(readFileSync(dataFile(name)), { columns: true, bom: true })
}
