import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  assert,
  BrokenAssertion,
  describeFault,
  InputFaults,
  show,
  wantedBy,
  type Fault,
} from '../../src/base/errors.ts'

const fault: Fault = {
  code: 'type',
  path: 'zone.buses.3.parent',
  wanted: 'the id of a bus',
  came: '"f9"',
  file: 'pilot.yaml',
  line: 30,
  column: 7,
}

test('describeFault() says place, path, what was wanted and what came', () => {
  expect(describeFault(fault)).toBe('pilot.yaml:30:7  zone.buses.3.parent: wanted the id of a bus, came "f9"')
})

test('describeFault() leaves out what is not known, without gaps', () => {
  const { file, line, column, ...bare } = fault
  expect(describeFault(bare)).toBe('zone.buses.3.parent: wanted the id of a bus, came "f9"')
  expect(describeFault({ ...bare, path: '' })).toBe('wanted the id of a bus, came "f9"')
  expect(describeFault({ ...bare, file: file! })).toBe(
    'pilot.yaml  zone.buses.3.parent: wanted the id of a bus, came "f9"',
  )
  expect(describeFault({ ...bare, path: '', line: line!, column: column! })).toBe(
    '30:7 wanted the id of a bus, came "f9"',
  )
})

test('InputFaults carries every fault and says each on a line of its own', () => {
  const faults = [fault, { ...fault, path: 'calendar.from', line: 4 }]
  const error = new InputFaults(faults)
  expect(error.name).toBe('InputFaults')
  expect(error.faults).toEqual(faults)
  expect(error.message.split('\n')).toEqual(faults.map(describeFault))
})

test('show(value) of anything that a file can hold is one line of at most 80 characters', () => {
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), fc.double(), fc.bigInt(), fc.constant(undefined)), (value) => {
      const text = show(value)
      expect(text.length).toBeGreaterThan(0)
      if (typeof value !== 'bigint') expect(text.length).toBeLessThanOrEqual(80)
      expect(text).not.toContain('\n')
    }),
    { numRuns: 500, seed: 121 },
  )
})

test('show(value) tells text from number, and says nothing, NaN and a cut', () => {
  expect([show('12'), show(12), show(12n), show(null), show(undefined)]).toEqual([
    '"12"',
    '12',
    '12',
    'null',
    'nothing',
  ])
  expect([show(Number.NaN), show(-Infinity), show(() => 1)]).toEqual(['NaN', '-Infinity', 'function'])
  expect(show('x'.repeat(78))).toBe(`"${'x'.repeat(78)}"`)
  expect(show('x'.repeat(79))).toBe(`"${'x'.repeat(76)}…`)
})

test('assert() lets the truth pass without making its message, and throws BrokenAssertion otherwise', () => {
  assert(true, () => {
    throw new Error('the message was made')
  })
  expect(() => assert(false, 'a is not b')).toThrow(BrokenAssertion)
  expect(() => assert(false, () => `a is ${1 + 1}`)).toThrow('a is 2')
  expect(new BrokenAssertion('x').name).toBe('BrokenAssertion')
})

test.each([
  ['Too big: expected number to be <=1', 'number <=1'],
  ['Too small: expected string to have >=1 characters', 'string >=1 characters'],
  ['Invalid input: expected string, received number', 'string'],
  ['Invalid number: must be a multiple of 0.25', 'a multiple of 0.25'],
  ['a date as YYYY-MM-DD', 'a date as YYYY-MM-DD'],
])('wantedBy(%j) is %j', (message, wanted) => {
  expect(wantedBy(message)).toBe(wanted)
})
