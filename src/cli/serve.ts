/** `overwall serve SCENARIO`: the zone as a market by the clock, over HTTP. */
import path from 'node:path'
import closeWithGrace from 'close-with-grace'
import { InvalidArgumentError, type Command } from 'commander'
import type { ClockChoice } from '../service/clock.ts'
import { InputFaults } from '../base/errors.ts'
import { startService, type RunningService, type ServeOptions } from '../service/server.ts'
import { readBeside, readSeeds } from './files.ts'
import { exitCode } from './exit.ts'
import { scenarioText } from './load-scenario.ts'
import { openLog } from './log.ts'
import { saveUnproved } from './save-unproved.ts'
import { version } from './version.ts'

interface ServeFlags {
  readonly db?: string
  readonly clock: ClockChoice
  readonly port: number
  readonly host: string
  readonly demo?: boolean
}

export function addServe(program: Command): void {
  program
    .command('serve')
    .description('run a zone as a market by the clock, over HTTP')
    .argument('<scenario>', 'scenario file (YAML)')
    .option('--db <address>', 'sqlite:FILE or postgres://…; default sqlite:<scenario>.db')
    .option('--clock <clock>', 'real, manual, or xN for N times as fast', clockOption, {
      kind: 'real',
    } as const)
    .option('--port <n>', 'port to listen on', portOption, 3000)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--demo', 'print ready keys for one participant of each kind')
    .action(runServe)
}

function clockOption(text: string): ClockChoice {
  if (text === 'real' || text === 'manual') return { kind: text }
  const speed = Number(/^x(\d{1,6}(?:\.\d{1,3})?)$/.exec(text)?.[1])
  if (speed > 0) return { kind: 'scaled', speed }
  throw new InvalidArgumentError('wanted real, manual, or xN as in x60')
}

function portOption(text: string): number {
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port
  throw new InvalidArgumentError('wanted a number from 0 to 65535')
}

async function runServe(file: string, { db, clock, port, host, demo = false }: ServeFlags): Promise<void> {
  const log = openLog()
  const scenario = { file, text: scenarioText(file), seeds: readSeeds(), readData: readBeside(file) }
  const database = db ?? `sqlite:${path.basename(file, path.extname(file))}.db`
  const service = await start({ scenario, database, clock, host, port, demo, log, version, saveUnproved })
  closeWithGrace({ delay: 20_000, logger: log }, async ({ err }) => {
    if (err) log.fatal({ err }, 'overwall broke. This is our mistake, please report it.')
    await service.close()
    if (err) process.exitCode = exitCode.ourFault
  })
  tell(service, host)
}

/** @throws InputFaults where the address cannot be listened on */
async function start(options: ServeOptions): Promise<RunningService> {
  try {
    return await startService(options)
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException
    if (syscall !== 'listen' && syscall !== 'getaddrinfo') throw error
    const came = `${options.host}:${options.port}, ${code}`
    const wanted = 'an address that is free and of this machine'
    throw new InputFaults([{ code: 'address', path: '--host, --port', wanted, came }])
  }
}

function tell({ url, operatorKey, demoKeys, market }: RunningService, host: string): void {
  const say = (line: string) => process.stdout.write(`${line}\n`)
  say(`${market.model.zone.title.en}: ${url}, described at ${url}/docs`)
  if (!isLoopback(host))
    say(
      'Reachable from outside WITHOUT TLS: keys and orders can be read on the way. Put a proxy with TLS in front.',
    )
  if (operatorKey) say(`Operator key, shown this once: ${operatorKey}`)
  for (const { kind, participant, key } of demoKeys) say(`Demonstration key, ${kind} ${participant}: ${key}`)
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}
