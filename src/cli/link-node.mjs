// Plain JavaScript for any Node: it runs at install time, before the project's own Node is linked.
// npm 10 unpacks the platform package of Node but drops its command; npm 11 links it. This mends the former.
import { existsSync, mkdirSync, symlinkSync } from 'node:fs'
import { runtimePackages } from './runtime.mjs'

const name = runtimePackages[`${process.platform}-${process.arch}`]
const link = 'node_modules/.bin/node'
if (
  name &&
  process.platform !== 'win32' &&
  existsSync(`node_modules/${name}/bin/node`) &&
  !existsSync(link)
) {
  mkdirSync('node_modules/.bin', { recursive: true })
  symlinkSync(`../${name}/bin/node`, link)
}
