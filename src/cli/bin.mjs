#!/usr/bin/env node
// The `overwall` command for a plain shell. Plain JavaScript, since the shell's Node may be too old for
// TypeScript: then the same command runs again on the Node the project brought along.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { runtimePackages } from './runtime.mjs'

const main = new URL('./main.ts', import.meta.url)
if (Number(process.versions.node.split('.')[0]) >= 26) {
  await import(main.href)
} else {
  const name = runtimePackages[`${process.platform}-${process.arch}`]
  const binary = process.platform === 'win32' ? 'bin/node.exe' : 'bin/node'
  const runtime = name && fileURLToPath(new URL(`../../node_modules/${name}/${binary}`, import.meta.url))
  if (!runtime || !existsSync(runtime)) {
    process.stderr.write('overwall needs Node 26. Run "npm ci" in its folder: it brings its own.\n')
    process.exit(2)
  }
  const run = spawnSync(runtime, [fileURLToPath(main), ...process.argv.slice(2)], { stdio: 'inherit' })
  process.exit(run.status ?? 2)
}
