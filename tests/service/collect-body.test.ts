/** Bodies as a socket gives them: in pieces, too long, or broken off. */
import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { collectBody } from '../../src/service/plugins/collect-body.ts'
import type { Refusal } from '../../src/service/refusal.ts'

interface Collected {
  readonly refusal: Refusal | undefined
  readonly bytes: Buffer
}

function collected(stream: Readable, { told = NaN, limit = 10 } = {}): Promise<Collected> {
  return new Promise((resolve) =>
    collectBody({ stream, told, limit }, (refusal, bytes) => resolve({ refusal, bytes })),
  )
}

const pieces = (...texts: string[]) => Readable.from(texts.map((text) => Buffer.from(text)))

test.each([
  ['no piece', []],
  ['one piece', ['0123456789']],
  ['three pieces', ['01', '234', '56789']],
])('a body of %s is what was sent', async (_, texts) => {
  const { refusal, bytes } = await collected(pieces(...texts))
  expect(refusal).toBeUndefined()
  expect(bytes.toString()).toBe(texts.join(''))
})

test('one byte too many is refused, told before or not, and what comes after it is left alone', async () => {
  const told = await collected(pieces('01234567890'), { told: 11 })
  const found = pieces('0123', '456789', '0', 'more')
  const untold = await collected(found)
  for (const { refusal, bytes } of [told, untold]) {
    expect(refusal).toMatchObject({ code: 'body-too-large', detail: { wanted: 'at most 10 bytes' } })
    expect(bytes.length).toBe(0)
  }
  expect([found.listenerCount('data'), found.listenerCount('end')]).toEqual([0, 0])
})

test('a body that breaks off is refused', async () => {
  const broken = new Readable({
    read() {
      this.push(Buffer.from('01'))
      this.destroy(new Error('the other side is gone'))
    },
  })
  expect((await collected(broken)).refusal).toMatchObject({ code: 'invalid-json' })
})
