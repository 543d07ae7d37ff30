/**
 * `npm run validation [-- NAME …]`: runs the sections of the validation pages in full and writes what they found. A name is a
 * page (`clearing`) or a section of one (`clearing/italy`); without a name all run. A section whose data are not at hand keeps
 * what stands on its page.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { dataFile, isMissing } from '../../tests/verification/data.ts'
import type { Section } from '../../tests/verification/findings.ts'
import { withFindings } from '../../tests/verification/page.ts'
import { pages } from '../../tests/verification/sections.ts'

const wanted = process.argv.slice(2)
const known = Object.entries(pages).flatMap(([page, sections]) => [page, ...sections.map(({ name }) => name)])
const unknown = wanted.filter((name) => !known.includes(name))
if (unknown.length > 0) {
  process.stderr.write(`wanted any of ${known.join(', ')}, came ${unknown.join(', ')}\n`)
  process.exitCode = 1
} else {
  for (const [page, sections] of Object.entries(pages)) {
    const chosen = sections.filter(
      ({ name }) => wanted.length === 0 || wanted.includes(page) || wanted.includes(name),
    )
    for (const section of chosen) refresh(`docs/validation/${page}.md`, sections, section)
  }
}

function refresh(file: string, sections: readonly Section[], section: Section): void {
  if (section.needs !== undefined && isMissing(section.needs)) {
    process.stderr.write(
      `${section.name}: ${dataFile(section.needs)} is missing, its part of ${file} stays as it is\n`,
    )
    return
  }
  const start = performance.now()
  const findings = section.run('full')
  writeFileSync(file, withFindings(readFileSync(file, 'utf8'), sections, section, findings))
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  process.stderr.write(`${section.name}: ${findings.rows.length} rows in ${seconds} s\n`)
  for (const miss of findings.misses) process.stderr.write(`${section.name}: missed: ${miss}\n`)
  if (findings.misses.length > 0) process.exitCode = 1
}
