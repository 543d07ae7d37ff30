/**
 * `overwall clear FILE|-`: clears one JSON book, or with `-` one book per line of standard input, and prints one JSON
 * result per line. A faulty book is answered on its own line and the stream goes on.
 */
import { once } from 'node:events'
import type { Command } from 'commander'
import { describeFault } from '../base/errors.ts'
import { clearJson, type ClearFault, type ClearResult } from '../market/book-json.ts'
import { exitCode } from './exit.ts'
import { readInput } from './files.ts'
import { jsonChunks } from './json-chunks.ts'
import { decodeText, textLines, type Text } from './text-lines.ts'

export function addClear(program: Command): void {
  program
    .command('clear')
    .description('clear a JSON order book; with - one book per line from standard input')
    .argument('<file>', 'a file with one JSON book, or - for a stream of books')
    .action(async (file: string) => {
      const texts = file === '-' ? textLines(process.stdin) : [decodeText(readInput(file))]
      for await (const text of texts) {
        if (!('text' in text && text.text.trim() === '' && file === '-')) await print(clearText(text))
      }
    })
}

async function print(answer: ClearResult | ClearFault): Promise<void> {
  if ('error' in answer) process.exitCode = exitCode.inputFault
  for (const chunk of jsonChunks(answer)) {
    if (!process.stdout.write(chunk)) await once(process.stdout, 'drain')
  }
  process.stdout.write('\n')
}

function clearText(text: Text): ClearResult | ClearFault {
  if ('fault' in text) return faulty(text.fault.code, describeFault(text.fault))
  let book: unknown
  try {
    book = JSON.parse(text.text)
  } catch (error) {
    return faulty(
      'invalid-json',
      `wanted one JSON book, came text that is no JSON (${(error as Error).message})`,
    )
  }
  return clearJson(book)
}

function faulty(code: string, message: string): ClearFault {
  return { id: null, error: { code, message, path: '' } }
}
