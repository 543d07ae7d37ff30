import fc from 'fast-check'
import { expect, test } from 'vitest'
import { orderId, parseOrderId, requestNumbers } from '../../src/store/order-id.ts'

const keys = fc.record({
  interval: fc.integer({ min: 1, max: 4_000_000 }),
  request: fc.integer({ min: 0, max: requestNumbers - 1 }),
  index: fc.nat({ max: 999 }),
})

test('parseOrderId(orderId(key)) is the key, and different keys have different texts', () => {
  fc.assert(
    fc.property(keys, keys, (key, other) => {
      expect(parseOrderId(orderId(key))).toEqual(key)
      expect(orderId(key) === orderId(other)).toBe(JSON.stringify(key) === JSON.stringify(other))
    }),
  )
})

test('parseOrderId(text) answers nothing for any text orderId never makes', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9]{1,7}-[0-9a-z]{10}-[0-9]{1,5}$/)), (text) => {
      const key = parseOrderId(text)
      if (key) expect(orderId(key)).toBe(text)
    }),
  )
  for (const text of ['', '1-0000000000-', '01-0000000000-0', '1-000000000i-0', '1-0000000000-00', '1-00-0'])
    expect(parseOrderId(text)).toBeUndefined()
})
