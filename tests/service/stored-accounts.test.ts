import { expect, test } from 'vitest'
import { storedAccounts } from '../../src/service/market/recorded.ts'
import { makeChart } from '../../src/settlement/chart.ts'

test('every account of the chart has a number of its own in the store, fuel of dispatched units too', () => {
  for (const hasFuel of [false, true]) {
    const chart = makeChart({ enterprises: [], pv: [], storages: [], cogenerations: [], hasFuel })
    const numbers = storedAccounts(chart, { all: [] } as unknown as Parameters<typeof storedAccounts>[1])
    expect(numbers.includes(0)).toBe(false)
    expect(new Set(numbers).size).toBe(chart.names.length)
  }
})
