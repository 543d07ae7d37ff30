/** `npm run bench -- NAME [--json]`: timings as ratios measured in one run. One file per question. */
import { benchClear } from './clear.ts'
import { benchHttp } from './http.ts'
import { benchPilot } from './pilot.ts'
import { benchRolling } from './rolling.ts'
import { benchStorage } from './storage.ts'
import { benchYear } from './year.ts'
import { benchStore } from './store.ts'

const benches: Readonly<Record<string, () => object[] | Promise<object[]>>> = {
  clear: benchClear,
  http: benchHttp,
  pilot: benchPilot,
  rolling: benchRolling,
  storage: benchStorage,
  year: benchYear,
  store: benchStore,
}

const [name = 'pilot', ...flags] = process.argv.slice(2)
const bench = benches[name]
if (bench) {
  for (const row of await bench())
    process.stdout.write(flags.includes('--json') ? `${JSON.stringify(row)}\n` : `${describe(row)}\n`)
} else {
  process.stderr.write(`wanted one of ${Object.keys(benches).join(', ')}, came ${name}\n`)
  process.exitCode = 1
}

function describe(row: object): string {
  return Object.entries(row)
    .map(([key, value]) => `${key} ${typeof value === 'object' ? JSON.stringify(value) : value}`)
    .join('   ')
}
