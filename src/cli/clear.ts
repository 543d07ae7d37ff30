/**
 * `overwall clear FILE|-`: clears one JSON book, or with `-` one book per line of standard input, and prints one JSON
 * result per line. A faulty book is answered on its own line and the stream goes on.
 */
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Command } from 'commander'
import { clearJson } from '../market/book-json.ts'
import { exitCode } from './exit.ts'
import { readInput } from './files.ts'

export function addClear(program: Command): void {
  program
    .command('clear')
    .description('clear a JSON order book; with - one book per line from standard input')
    .argument('<file>', 'a file with one JSON book, or - for a stream of books')
    .action(async (file: string) => {
      const answers = file === '-' ? clearLines() : [clearText(new TextDecoder().decode(readInput(file)))]
      for await (const answer of answers) {
        if ('error' in answer) process.exitCode = exitCode.inputFault
        if (!process.stdout.write(`${JSON.stringify(answer)}\n`)) await once(process.stdout, 'drain')
      }
    })
}

async function* clearLines() {
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    if (line.trim() !== '') yield clearText(line)
  }
}

function clearText(text: string) {
  let book: unknown
  try {
    book = JSON.parse(text)
  } catch (error) {
    const message = `wanted one JSON book, came text that is no JSON (${(error as Error).message})`
    return { id: null, error: { code: 'invalid-json', message, path: '' } }
  }
  return clearJson(book)
}
