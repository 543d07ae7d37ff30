/**
 * Traders killed in the middle of whatever they do. A few rounds here; `npm run test:crash` plays
 * `OVERWALL_CRASH_ROUNDS` of them on each database.
 */
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { crashRound } from './crash/rounds.ts'
import { temporaryFolder } from './folders.ts'
import { startPostgres } from './postgres-server.ts'

const asked = process.env.OVERWALL_CRASH_ROUNDS
const rounds = Number(asked ?? 3)
const hourMs = 3_600_000

const server = await startPostgres()
afterAll(() => server.stop(), 60_000)

const databases = [
  {
    name: 'SQLite',
    address: async (round: number) => `sqlite:${path.join(temporaryFolder(), `${round}.db`)}`,
  },
  { name: 'PostgreSQL', address: () => server.database() },
]

test.for(databases)(
  'nothing told by $name is lost when processes are killed, and the one that is left goes on',
  { timeout: hourMs },
  async ({ name, address }) => {
    for (let round = 0; round < rounds; round++) {
      const { facts, intervals } = await crashRound(await address(round), round)
      expect(intervals).toBeGreaterThan(0)
      if (asked) process.stdout.write(`${name}: round ${round + 1}: ${facts} facts, ${intervals} intervals\n`)
    }
  },
)
