/** The service as a process runs it, on a market and a port of its own. */
import { readFileSync } from 'node:fs'
import pino from 'pino'
import { readSeeds } from '../../src/cli/files.ts'
import type { ServeOptions } from '../../src/service/server.ts'
import { minimal } from '../simulation/zones.ts'

export function serveOptions(database: string): ServeOptions {
  return {
    scenario: {
      file: minimal,
      text: readFileSync(minimal, 'utf8'),
      seeds: readSeeds(),
      readData: () => undefined,
    },
    database,
    clock: { kind: 'manual' },
    host: '127.0.0.1',
    port: 0,
    demo: false,
    log: pino({ level: 'silent' }),
    version: '0.0.0',
    saveUnproved: () => 'nowhere',
  }
}
