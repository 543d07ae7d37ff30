/**
 * `overwall clear FILE|-`: clears one JSON book, or with `-` one book per line of standard input, and prints one JSON
 * result per line. A faulty book is answered on its own line and the stream goes on. With `--explain` people are told
 * why; with `--json` too, the same data stands in the result.
 */
import { once } from 'node:events'
import type { Command } from 'commander'
import { describeFault } from '../base/errors.ts'
import { clearJson, type ClearFault } from '../market/book-json.ts'
import { decimalsOf } from '../market/explain/decimals.ts'
import { explainJson, type Asked } from '../market/explain/explain-json.ts'
import { exitCode } from './exit.ts'
import { explanationText, faultText } from './explain-text.ts'
import { readInput } from './files.ts'
import { jsonChunks } from './json-chunks.ts'
import { decodeText, textLines, type Text } from './text-lines.ts'

interface ClearFlags {
  readonly explain?: boolean
  readonly json?: boolean
  readonly order: readonly string[]
  readonly bus: readonly string[]
}

export function addClear(program: Command): void {
  program
    .command('clear')
    .description('clear a JSON order book; with - one book per line from standard input')
    .argument('<file>', 'a file with one JSON book, or - for a stream of books')
    .option('--explain', 'draw the curve of every bus and say of every order why it trades what it does')
    .option('--order <id>', 'explain this order and its bus only; may be given again', collect, [])
    .option('--bus <id>', 'explain this bus and its orders only; may be given again', collect, [])
    .option('--json', 'with --explain: results as JSON, with the explanation in them')
    .action(async (file: string, flags: ClearFlags) => {
      const answer = answerer(flags)
      const texts = file === '-' ? textLines(process.stdin) : [decodeText(readInput(file))]
      for await (const text of texts) {
        if (!('text' in text && text.text.trim() === '' && file === '-')) await print(answer(text))
      }
    })
}

const collect = (value: string, all: readonly string[]) => [...all, value]

/** What is written for a text, and whether its book was at fault. */
interface Answer {
  readonly chunks: Iterable<string>
  readonly isFault: boolean
}

function answerer(flags: ClearFlags): (text: Text) => Answer {
  const asked: Asked = { orders: flags.order, buses: flags.bus }
  const explains = flags.explain || flags.order.length > 0 || flags.bus.length > 0
  if (!explains) return (text) => jsonAnswer(onBook(text, clearJson))
  if (!flags.json) return inWords(asked)
  return (text) =>
    jsonAnswer(
      onBook(text, (book) => {
        const explained = explainJson(book, asked)
        if ('error' in explained) return explained
        return { ...explained.result, explanation: decimalsOf(explained.explanation) }
      }),
    )
}

/** Paragraphs instead of lines: an empty line stands between two books. */
function inWords(asked: Asked): (text: Text) => Answer {
  let before = ''
  return (text) => {
    const explained = onBook(text, (book) => explainJson(book, asked))
    const isFault = 'error' in explained
    const chunks = [before, isFault ? faultText(explained) : explanationText(explained)]
    before = '\n'
    return { chunks, isFault }
  }
}

function* jsonLine(answer: object): Generator<string> {
  yield* jsonChunks(answer)
  yield '\n'
}

function jsonAnswer(answer: object): Answer {
  return { chunks: jsonLine(answer), isFault: 'error' in answer }
}

async function print({ chunks, isFault }: Answer): Promise<void> {
  if (isFault) process.exitCode = exitCode.inputFault
  for (const chunk of chunks) {
    if (!process.stdout.write(chunk)) await once(process.stdout, 'drain')
  }
}

function onBook<Result>(text: Text, clear: (book: unknown) => Result): Result | ClearFault {
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
  return clear(book)
}

function faulty(code: string, message: string): ClearFault {
  return { id: null, error: { code, message, path: '' } }
}
