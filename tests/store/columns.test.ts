import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pack, packedBytes, packShared, sharedColumns, unpack } from '../../src/store/columns.ts'
import { StoreFault } from '../../src/store/fault.ts'
import { journalLayout, postingsLayout } from '../../src/store/layouts.ts'

const postings = fc
  .array(
    fc.record({
      energyWh: fc.double({ noNaN: true }),
      amountE11: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      account: fc.nat({ max: 2 ** 32 - 1 }),
      line: fc.nat({ max: 255 }),
    }),
    { maxLength: 50 },
  )
  .map((rows) => ({
    count: rows.length,
    energyWh: Float64Array.from(rows, (row) => row.energyWh),
    amountE11: BigInt64Array.from(rows, (row) => row.amountE11),
    account: Uint32Array.from(rows, (row) => row.account),
    line: Uint8Array.from(rows, (row) => row.line),
  }))

test('unpack(layout, pack(layout, columns)) gives the columns back, whatever address the bytes lie on', () => {
  fc.assert(
    fc.property(postings, fc.nat({ max: 15 }), (columns, shift) => {
      const bytes = pack(postingsLayout, columns)
      const elsewhere = new Uint8Array(bytes.length + shift).subarray(shift)
      elsewhere.set(bytes)
      expect(unpack(postingsLayout, elsewhere)).toEqual(columns)
    }),
  )
})

test('pack(layout, columns) leaves out rows beyond the count, and takes the bytes it says', () => {
  fc.assert(
    fc.property(postings, (columns) => {
      const count = columns.count >> 1
      const bytes = pack(postingsLayout, { ...columns, count })
      expect(bytes.length).toBe(packedBytes(postingsLayout, count))
      const { amountE11 } = unpack(postingsLayout, bytes)
      expect(amountE11).toEqual(columns.amountE11.subarray(0, count))
    }),
  )
})

test('packShared(layout, columns) gives the bytes of pack, and copies nothing of columns that were made to be shared', () => {
  fc.assert(
    fc.property(postings, (columns) => {
      const bytes = pack(postingsLayout, columns)
      expect(packShared(postingsLayout, columns)).toEqual(bytes)
      const lying = sharedColumns(postingsLayout, columns.count)
      for (const name of ['energyWh', 'amountE11', 'account', 'line'] as const)
        (lying[name] as { set(from: unknown): void }).set(columns[name])
      const packed = packShared(postingsLayout, lying)
      expect(packed).toEqual(bytes)
      expect(packed.buffer).toBe(lying.line.buffer)
      const mixed = { ...lying, line: columns.line }
      expect(packShared(postingsLayout, mixed)).toEqual(bytes)
    }),
  )
})

test('unpack(layout, bytes) finds every change of a single byte, and every cut', () => {
  fc.assert(
    fc.property(postings, fc.nat(), fc.integer({ min: 1, max: 255 }), (columns, place, change) => {
      const bytes = pack(postingsLayout, columns)
      const spoilt = bytes.slice()
      spoilt[place % bytes.length]! ^= change
      expect(() => unpack(postingsLayout, spoilt)).toThrow(StoreFault)
      expect(() => unpack(postingsLayout, bytes.subarray(0, place % bytes.length))).toThrow(/damaged/)
    }),
  )
})

test('unpack(layout, bytes) refuses another layout and a later version, each by its name', () => {
  const none = { count: 0, energyWh: new Float64Array(), amountE11: new BigInt64Array() }
  const columns = { ...none, account: new Uint32Array(), line: new Uint8Array() }
  const later = pack({ ...postingsLayout, version: 2 }, columns)
  expect(() => unpack(postingsLayout, later)).toThrow('a record of postings has version 2, known is 1')
  expect(() => unpack(journalLayout, pack(postingsLayout, columns))).toThrow('it holds something else')
})

test('pack(layout, columns) does not take a column of another type or one that is too short', () => {
  const one = {
    count: 1,
    energyWh: new Float64Array(1),
    amountE11: new BigInt64Array(1),
    line: new Uint8Array(1),
  }
  expect(() => pack(postingsLayout, { ...one, account: new Uint32Array() })).toThrow('column account')
  const wrong = { ...one, account: new Int32Array(1) as unknown as Uint32Array<ArrayBuffer> }
  expect(() => pack(postingsLayout, wrong)).toThrow('column account')
})
