/** A process of the service from its start to its end. */
import { readFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import pino from 'pino'
import { expect, test } from 'vitest'
import { readSeeds } from '../../src/cli/files.ts'
import { startService, type ServeOptions } from '../../src/service/server.ts'
import { minimal } from '../simulation/zones.ts'
import { newFile } from './markets.ts'

const options: Omit<ServeOptions, 'port'> = {
  scenario: {
    file: minimal,
    text: readFileSync(minimal, 'utf8'),
    seeds: readSeeds(),
    readData: () => undefined,
  },
  database: `sqlite:${newFile()}`,
  clock: { kind: 'manual' },
  host: '127.0.0.1',
  demo: false,
  log: pino({ level: 'silent' }),
  version: '0.0.0',
  saveUnproved: () => 'nowhere',
}

test('a service that cannot listen lets go of its market, and the next one starts it for the first time', async () => {
  const taken = createServer()
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
  const { port } = taken.address() as AddressInfo
  await expect(startService({ ...options, port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  taken.close()
  const service = await startService({ ...options, port: 0 })
  expect(service.operatorKey).toMatch(/^ow_/)
  await expect.poll(() => service.market.pulse.leads, { timeout: 10_000 }).toBe(true)
  const answer = await fetch(`${service.url}/v1/keys`, {
    headers: { authorization: `Bearer ${service.operatorKey}` },
  })
  const { keys } = (await answer.json()) as { keys: { revoked: string | null }[] }
  // Of the first start's key nobody was told.
  expect(keys.map(({ revoked }) => revoked !== null).filter(Boolean)).toHaveLength(1)
  expect(keys).toHaveLength(2)
  await service.close()
})
