import fc from 'fast-check'
import { expect, test } from 'vitest'
import { jsonChunks } from '../../src/cli/json-chunks.ts'
import { decodeText, textLines, type Text } from '../../src/cli/text-lines.ts'

async function linesOf(bytes: Uint8Array, cuts: readonly number[], most?: number): Promise<Text[]> {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1))), bytes.length].sort((a, b) => a - b)
  async function* chunks() {
    let from = 0
    for (const to of places) {
      yield bytes.subarray(from, to)
      from = to
    }
  }
  const lines: Text[] = []
  for await (const line of textLines(chunks(), most)) lines.push(line)
  return lines
}

test('textLines() finds the same lines however the bytes are cut, also inside a character', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => text.replaceAll('\n', '电'))),
      fc.array(fc.nat()),
      async (lines, cuts) => {
        const bytes = new TextEncoder().encode(lines.map((line) => `${line}\n`).join(''))
        expect(await linesOf(bytes, cuts)).toEqual(lines.map((text) => ({ text })))
      },
    ),
    { numRuns: 300, seed: 31 },
  )
})

test('textLines() answers a line that is too long or no UTF-8 in its place, and goes on', async () => {
  const bytes = Buffer.concat([
    Buffer.from('one\n'),
    Buffer.from([0xb5, 0xe7, 10]),
    Buffer.from('123456789\ntwo'),
  ])
  for (const cuts of [[], [3, 6, 9, 12]]) {
    const [one, broken, long, two, ...rest] = await linesOf(bytes, cuts, 8)
    expect([one, two, rest]).toEqual([{ text: 'one' }, { text: 'two' }, []])
    expect(broken).toMatchObject({ fault: { code: 'invalid-encoding' } })
    expect(long).toMatchObject({ fault: { code: 'text-too-long' } })
  }
})

test('decodeText() refuses more than it was allowed', () => {
  expect(decodeText(new Uint8Array(2_000_000), 1024 * 1024)).toMatchObject({
    fault: { wanted: 'at most 1 MiB of text', came: '2 MiB' },
  })
})

test('jsonChunks() are the text that JSON.stringify() makes', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      expect([...jsonChunks(value)].join('')).toBe(JSON.stringify(value))
    }),
    { numRuns: 300, seed: 32 },
  )
  const long = {
    before: 1,
    rows: Array.from({ length: 20_001 }, (_, row) => ({ row })),
    none: [],
    after: null,
  }
  expect([...jsonChunks(long)].join('')).toBe(JSON.stringify(long))
})
