/** `overwall operator-key`: whoever has the database gets back into the market, running or not, and nobody else stays in. */
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, expect, test } from 'vitest'
import { OverwallClient } from '../../src/contract/client.ts'
import { parseKey } from '../../src/service/access/keys.ts'
import { replaceOperatorKeys } from '../../src/service/operator-key.ts'
import { startService, type RunningService } from '../../src/service/server.ts'
import { StoreFault } from '../../src/store/fault.ts'
import { openStore } from '../../src/store/open.ts'
import { newFile } from './markets.ts'
import { keyPrinted, overwall } from './command.ts'
import { serveOptions } from './started.ts'

const opened: RunningService[] = []
afterEach(() => Promise.all(opened.splice(0).map((service) => service.close())), 60_000)

async function start(file: string): Promise<RunningService> {
  const service = await startService(serveOptions(`sqlite:${file}`))
  opened.push(service)
  return service
}

const idOf = (key: string) => parseKey(key)!.id
/** What a key may do, or why not. */
const roleOf = (url: string, key: string) =>
  new OverwallClient({ url, key }).call('listCredentials').then(
    () => 'operator',
    (error: { problem: { code: string } }) => error.problem.code,
  )

test('a running market takes the new key and refuses the old without a restart; members keep theirs', async () => {
  const file = newFile()
  const { url, operatorKey: old } = await start(file)
  const operator = new OverwallClient({ url, key: old! })
  const { key: second } = await operator.call('makeCredential', { body: { role: 'operator' } })
  const member = await operator.call('makeCredential', {
    body: { role: 'participant', participant: 'shop' },
  })
  const { status, stdout, stderr } = await overwall('operator-key', '--db', `sqlite:${file}`)
  expect([status, stderr]).toEqual([0, ''])
  expect(stdout).toContain('Former operator keys that end with it: 2')
  const key = keyPrinted(stdout)
  for (const ended of [old!, second])
    await expect.poll(() => roleOf(url, ended), { timeout: 20_000 }).toBe('key-unknown')
  expect(await roleOf(url, key)).toBe('operator')
  expect(await roleOf(url, member.key)).toBe('role-not-allowed')
  const { entries } = await new OverwallClient({ url, key }).call('listAudit', { query: { limit: 1000 } })
  const last = entries.at(-1)!
  expect(last).toMatchObject({ action: 'replace-keys', participant: null })
  const detail = JSON.parse(last.detail) as { revoking: string[] }
  expect(detail).toMatchObject({ from: 'console', id: idOf(key) })
  expect(new Set(detail.revoking)).toEqual(new Set([idOf(old!), idOf(second)]))
  expect(JSON.stringify(entries)).not.toContain(parseKey(key)!.secret)
})

test('a market that stands gets a key too: its next start makes none, and its file holds no secret', async () => {
  const file = newFile()
  const { operatorKey: old } = await start(file)
  await Promise.all(opened.splice(0).map((service) => service.close()))
  const keys: string[] = []
  for (let time = 0; time < 2; time++)
    keys.push(keyPrinted((await overwall('operator-key', '--db', `sqlite:${file}`)).stdout))
  for (const each of [file, `${file}-wal`].filter(existsSync))
    for (const key of keys) expect(readFileSync(each).includes(parseKey(key)!.secret)).toBe(false)
  const { url, operatorKey } = await start(file)
  expect(operatorKey).toBe(null)
  expect(await Promise.all([old!, ...keys].map((key) => roleOf(url, key)))).toEqual([
    'key-unknown',
    'key-unknown',
    'operator',
  ])
})

test('a database without a market of ours is refused in words, and left as it was', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'overwall-keys-'))
  const inFolder = (name: string) => path.join(folder, name)
  const refusal = (address: string) =>
    replaceOperatorKeys(address).then(
      () => 'none',
      (error: unknown) => (error instanceof StoreFault ? error.message : error),
    )
  expect(await refusal(`sqlite:${inFolder('none.db')}`)).toBe(`there is no file ${inFolder('none.db')}`)
  expect(await overwall('operator-key', '--db', `sqlite:${inFolder('none.db')}`)).toEqual({
    status: 1,
    stdout: '',
    stderr: `there is no file ${inFolder('none.db')}\n`,
  })
  expect(existsSync(inFolder('none.db'))).toBe(false)

  writeFileSync(inFolder('empty.db'), '')
  expect(await refusal(`sqlite:${inFolder('empty.db')}`)).toBe(`${inFolder('empty.db')} holds no market`)
  expect(readFileSync(inFolder('empty.db'))).toHaveLength(0)

  const foreign = new DatabaseSync(inFolder('foreign.db'))
  foreign.exec('create table recipe (name text)')
  foreign.close()
  expect(await refusal(`sqlite:${inFolder('foreign.db')}`)).toMatch(/another program/)

  const file = inFolder('newborn.db')
  const create = { name: 'newborn', definition: '', firstInterval: 2_000_000 }
  await (await openStore(`sqlite:${file}`, { now: () => 0, create })).close()
  expect(await refusal(`sqlite:${file}`)).toMatch(/nobody operates newborn yet: its first start/)

  const newer = new DatabaseSync(file)
  newer.exec('update schema_version set version = version + 1')
  newer.close()
  expect(await refusal(`sqlite:${file}`)).toMatch(/a newer version wrote it/)
  expect(await refusal(file)).toMatch(/a database is sqlite:FILE or postgres:/)
  expect(await refusal('postgres://nobody@127.0.0.1:9/none')).toMatch(/cannot be reached/)
})
