/**
 * The whole service killed with SIGKILL while members trade: every order, change, trade and posting that anybody was told
 * of is there afterwards, and the market goes on. `npm run test:crash` plays OVERWALL_CRASH_ROUNDS of it.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { randomStream } from '../../src/base/random.ts'
import { OverwallClient } from '../../src/contract/client.ts'
import { withdrawalTicks } from '../../src/service/market/clearing-record.ts'
import { buildModel, momentOf } from '../../src/service/market/market-model.ts'
import { replay } from '../../src/service/replay.ts'
import { openStore } from '../../src/store/open.ts'
import type { MarketStore } from '../../src/store/port.ts'
import { minimal } from '../simulation/zones.ts'
import { trade } from './crash/clients.ts'
import { Notebook, type FeeOf } from './crash/notebook.ts'
import { serve } from './crash/served.ts'
import { newFile } from './markets.ts'
import { worldOf } from './worlds.ts'

const asked = process.env['OVERWALL_CRASH_ROUNDS']
const rounds = Number(asked ?? 5)
/** Two intervals a second. */
const clock = 'x1800'
const seed = 20_270_510

/** The minimal zone over a month, so that its calendar outlasts the test. */
function longScenario(folder: string): string {
  const file = path.join(folder, 'month.yaml')
  writeFileSync(file, readFileSync(minimal, 'utf8').replace('to: 2027-05-12', 'to: 2027-05-31'))
  return file
}

/** What every settlement on record posted, by interval. */
async function postings(store: MarketStore): Promise<Map<number, string>> {
  const found = new Map<number, string>()
  for await (const { interval, settlements } of store.intervals.records({
    from: 0,
    to: Number.MAX_SAFE_INTEGER,
  })) {
    const rows = settlements.flatMap(({ postings: { account, amountE11 } }) =>
      [...account].map((number, row) => `${number}:${amountE11[row]}`),
    )
    if (settlements.length > 0) found.set(interval, rows.join(' '))
  }
  return found
}

test(
  'a service killed at any moment has kept all it told, and computes the same again',
  { timeout: 3_600_000 },
  async () => {
    const file = newFile()
    const scenario = longScenario(path.dirname(file))
    const database = `sqlite:${file}`
    const notebook = new Notebook()
    const random = randomStream(seed, 'crash/when')
    const feeOf = connectionFees()
    let operatorKey = ''
    let keys: { key: string; side: 'buy' | 'sell' }[] = []
    let ledger = new Map<number, string>()
    for (let round = 0; round < rounds; round++) {
      const service = await serve(scenario, database, clock)
      if (service.operatorKey !== undefined) {
        operatorKey = service.operatorKey
        keys = await memberKeys(new OverwallClient({ url: service.url, key: operatorKey }))
      }
      const end = new AbortController()
      const trading = trade(
        { url: service.url, zone: 'minimal', notebook, operatorKey, keys, seed: seed + round },
        end.signal,
      )
      try {
        const enough = notebook.trades.size + 2
        // However slow the machine, it is killed after it has told something.
        const told = expect
          .poll(() => notebook.trades.size, { timeout: 60_000 })
          .toBeGreaterThanOrEqual(enough)
        await Promise.race([trading, told])
        await setTimeout(1500 * random.uniform())
      } finally {
        await service.kill()
        end.abort()
      }
      await trading
      const store = await openStore(database, { now: () => 0, readOnly: true })
      await notebook.check(store, feeOf)
      const now = await postings(store)
      for (const [interval, posted] of ledger) expect(now.get(interval)).toBe(posted)
      ledger = now
      if (asked)
        process.stdout.write(
          `killed ${round + 1} times: ${notebook.facts} facts, ${ledger.size} intervals settled\n`,
        )
      await store.close()
    }
    expect(notebook.orders.size).toBeGreaterThan(rounds * 10)
    expect(notebook.trades.size).toBeGreaterThanOrEqual(2 * rounds)
    const store = await openStore(database, { now: () => 0, readOnly: true })
    const again = await replay(store, worldOf(minimal, 'calendar.to=2027-05-31'))
    expect(again).toMatchObject({ settlements: ledger.size, difference: null })
    await store.close()
  },
)

/** Members are numbered in the sequence of the zone's units, from 1. */
function connectionFees(): FeeOf {
  const model = buildModel(worldOf(minimal, 'calendar.to=2027-05-31'))
  return (participant, interval) =>
    withdrawalTicks(model.wheeling, model.units[participant - 1]!, momentOf(model, interval).segment)
}

async function memberKeys(operator: OverwallClient): Promise<{ key: string; side: 'buy' | 'sell' }[]> {
  const sides = { workshop: 'buy', shop: 'buy', plant: 'sell' } as const
  return Promise.all(
    Object.entries(sides).map(async ([participant, side]) => {
      const { key } = await operator.call('makeCredential', { body: { role: 'participant', participant } })
      return { key, side }
    }),
  )
}
