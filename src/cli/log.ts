/** The log: on stderr, pretty for a person at a terminal, one JSON object a line for a program. */
import pino, { type Logger } from 'pino'
import pretty from 'pino-pretty'

let log: Logger | undefined

export function openLog(): Logger {
  log ??= process.stderr.isTTY
    ? pino(
        { base: null },
        pretty({ destination: 2, sync: true, colorize: useColor(process.stderr), ignore: 'pid,hostname' }),
      )
    : pino(
        { base: null, timestamp: pino.stdTimeFunctions.isoTime },
        pino.destination({ dest: 2, sync: true }),
      )
  return log
}

/** Colour only for a terminal that has not asked to be left without it (NO_COLOR). */
export function useColor(stream: { isTTY?: boolean }): boolean {
  return Boolean(stream.isTTY) && !process.env['NO_COLOR']
}
