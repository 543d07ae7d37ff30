/** Keeps the book of a failed proof for the bug report. */
import { createHash } from 'node:crypto'
import type { BrokenProof } from '../market/broken-proof.ts'
import { writeHere } from './files.ts'

/**
 * Writes the book into the current folder, under a name made of its content: the same mistake met twice leaves one file.
 *
 * @returns the file's name, or why it could not be written
 */
export function saveUnproved({ bookJson }: Pick<BrokenProof, 'bookJson'>): string {
  const text = JSON.stringify(bookJson, null, 2)
  const file = `overwall-unproved-${createHash('sha256').update(text).digest('hex').slice(0, 12)}.json`
  try {
    writeHere(file, `${text}\n`)
    return file
  } catch (error) {
    return `not saved, ${(error as Error).message}`
  }
}
