import { expect, test } from 'vitest'
import { parseEpw } from '../../src/assets/weather/epw.ts'
import { makeCalendar } from '../../src/base/calendar.ts'

const calendar = makeCalendar({ from: '2027-01-01', to: '2027-12-31' })
const hours = Array.from({ length: 8760 }, (_, hour) => hour)

/** A year whose temperature says which hour of the Chinese clock it is, and whose sun shines from 8 to 16 o'clock. */
function epw(utcOffset: string, change: (row: string[], hour: number) => string[] = (row) => row): string {
  const behind = 8 - Number(utcOffset)
  const rows = hours.map((hour) => {
    const clock = (hour + behind + 24) % 24
    const row = Array.from({ length: 35 }, () => '0')
    row[6] = String(clock)
    for (const field of [13, 15]) row[field] = clock >= 8 && clock < 16 ? '400' : '0'
    return change(row, hour).join(',')
  })
  const header = [`LOCATION,Jinhua,Zhejiang,CHN,test,0,29.1,119.7,${utcOffset},60`, 2, 3, 4, 5, 6, 7, 8]
  return [...header, ...rows].join('\n')
}

function read(text: string) {
  const answer = parseEpw(text, { calendar })
  if ('faults' in answer) throw new Error(JSON.stringify(answer.faults))
  return answer
}

test.each(['8', '8.0', '0', '-5', '14', '9'])(
  'a file at %s h from UTC is laid on the clock of the run',
  (offset) => {
    const { weather, findings } = read(epw(offset))
    for (const interval of [0, 34, 200, 20_000, 35_039]) {
      expect(weather.airTempC[interval]).toBe(Math.floor((interval % 96) / 4))
    }
    expect([...weather.ghiWm2.subarray(0, 96)].map((each) => each > 0).indexOf(true)).toBe(32)
    expect(findings.some((each) => /h from UTC/.test(each))).toBe(Number(offset) !== 8)
  },
)

test('an empty field, blanks and what is no decimal number are refused with their line, blank lines counted', () => {
  for (const field of ['', '  ', '0x10', '9999', 'x']) {
    const text = epw('8', (row, hour) => (hour === 90 ? row.with(13, field) : row))
    const lines = text.split('\n')
    const answer = parseEpw([...lines.slice(0, 50), '', '', ...lines.slice(50)].join('\n'), { calendar })
    expect('faults' in answer && answer.faults).toMatchObject([
      { line: 101, path: 'global horizontal radiation' },
    ])
  }
})

test('a time zone that is no whole hour, and a header without one, are refused', () => {
  for (const [offset, path] of [
    ['5.5', 'time zone'],
    ['', 'LOCATION'],
  ] as const) {
    const answer = parseEpw(epw(offset), { calendar })
    expect('faults' in answer && answer.faults).toMatchObject([{ line: 1, path }])
  }
})
