/** How much CPU and memory the main job takes, start to finished folder, in a process of its own. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { randomStream } from '../src/base/random.ts'

export function benchPilot(): object[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'overwall-bench-'))
  try {
    const out = path.join(folder, 'out')
    const probe =
      "process.on('exit', () => { const u = process.resourceUsage(); process.stderr.write('\\nPROBE ' + JSON.stringify({ cpuMicros: u.userCPUTime + u.systemCPUTime, peakKb: u.maxRSS })) })"
    const run = spawnSync(
      process.execPath,
      [
        '--import',
        `data:text/javascript,${encodeURIComponent(probe)}`,
        'src/cli/main.ts',
        'simulate',
        'scenarios/jindong-pilot.yaml',
        '--out',
        out,
      ],
      { encoding: 'utf8' },
    )
    const usage = JSON.parse(/PROBE (\{.*\})/.exec(run.stderr)?.[1] ?? '{}') as {
      cpuMicros: number
      peakKb: number
    }
    const { resultHash } = JSON.parse(readFileSync(path.join(out, 'summary.json'), 'utf8')) as {
      resultHash: string
    }
    const sortSeconds = timeSort()
    const cpuSeconds = usage.cpuMicros / 1e6
    return [
      {
        bench: 'pilot',
        workload: 'pilot-year',
        cpuSeconds: round(cpuSeconds),
        peakMb: Math.round(usage.peakKb / 1024),
        sortSeconds: round(sortSeconds),
        ratio: Math.round(cpuSeconds / sortSeconds),
        hash: resultHash,
      },
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Median of five sorts of a million seeded numbers. [s] */
export function timeSort(): number {
  const random = randomStream(1, 'bench/sort')
  const numbers = Float64Array.from({ length: 1_000_000 }, random.uniform)
  const times = Array.from({ length: 5 }, () => {
    const copy = numbers.slice()
    const start = performance.now()
    copy.sort()
    return (performance.now() - start) / 1000
  })
  return times.toSorted((a, b) => a - b)[2]!
}

function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000
}
