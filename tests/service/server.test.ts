/** A process of the service from its start to its end. */
import { createServer, type AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { startService } from '../../src/service/server.ts'
import { newFile } from './markets.ts'
import { serveOptions } from './started.ts'

test('a service that cannot listen lets go of its market, and the next one starts it for the first time', async () => {
  const options = serveOptions(`sqlite:${newFile()}`)
  const taken = createServer()
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
  const { port } = taken.address() as AddressInfo
  await expect(startService({ ...options, port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  taken.close()
  const service = await startService(options)
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
