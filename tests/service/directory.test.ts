/** Who a key speaks for, before and after it was proved once. */
import { expect, test } from 'vitest'
import { Directory } from '../../src/service/access/directory.ts'
import { makeKey, parseKey, type FreshKey } from '../../src/service/access/keys.ts'
import type { AccessKey, AccessRecords, Participant } from '../../src/store/port.ts'

const holder = { id: 7, externalId: 'workshop', role: 'participant' } as unknown as Participant
const stored = ({ id, hash }: FreshKey): AccessKey => ({ id, hash, participant: 7 }) as unknown as AccessKey

async function directoryOf(keys: AccessKey[]): Promise<Directory> {
  const records = { keys: async () => [...keys], participants: async () => [holder] }
  const directory = new Directory(records as unknown as AccessRecords)
  await directory.refresh()
  return directory
}

test('a key is let in time after time, and no secret that differs from it in one place', async () => {
  const [key, other] = [makeKey(), makeKey()]
  const directory = await directoryOf([key, other].map(stored))
  const { id, secret } = parseKey(key.text)!
  for (let time = 0; time < 3; time++) {
    expect(directory.callerOf(key.text)).toEqual({ role: 'participant', participant: 7, key: id })
    for (let at = 0; at < secret.length; at++) {
      const wrong = secret.slice(0, at) + (secret[at] === 'A' ? 'B' : 'A') + secret.slice(at + 1)
      expect(directory.callerOf(`ow_${id}_${wrong}`)).toBeUndefined()
    }
    expect(directory.callerOf(`ow_${id}_${parseKey(other.text)!.secret}`)).toBeUndefined()
    expect(directory.callerOf(`ow_${other.id}_${secret}`)).toBeUndefined()
  }
})

test('a key that was proved ends when it is revoked, replaced under its id, or gone', async () => {
  const key = makeKey()
  const keys = [stored(key)]
  const directory = await directoryOf(keys)
  const isLetIn = () => directory.callerOf(key.text) !== undefined
  expect(isLetIn()).toBe(true)
  for (const next of [[{ ...stored(key), revokedMs: 1 }], [{ ...stored(makeKey()), id: key.id }], []]) {
    keys.splice(0, keys.length, ...next)
    await directory.refresh()
    expect(isLetIn()).toBe(false)
    keys.splice(0, keys.length, stored(key))
    await directory.refresh()
    expect(isLetIn()).toBe(true)
  }
})
