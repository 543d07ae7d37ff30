/** docs/reference/problems.md is the catalogue; OVERWALL_UPDATE=1 npx vitest run tests/contract writes it anew. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { api, routeNames } from '../../src/contract/api.ts'
import { problemCodesOf } from '../../src/contract/openapi.ts'
import { problemCodes, problemKinds, type ProblemCode } from '../../src/contract/problems.ts'

const page = 'docs/reference/problems.md'

const intro = `# Problems

What the service refuses it answers as \`application/problem+json\` (RFC 9457): \`code\` is one of these, \`wanted\` and \`came\` say it of
the case at hand, \`path\` says where in the request, \`errors\` lists everything where more than one thing is wrong, and \`instance\` is
the id under which the log has the request. Written from \`src/contract/problems.ts\` by
\`OVERWALL_UPDATE=1 npx vitest run tests/contract\`.

| code | status | title | wanted | came |
|---|---|---|---|---|
`

function rows(): string {
  return problemCodes
    .toSorted((a, b) => problemKinds[a].status - problemKinds[b].status)
    .map((code) => {
      const { status, title, wanted, came } = problemKinds[code]
      return `| <a id="${code}"></a>\`${code}\` | ${status} | ${title} | ${wanted} | ${came} |\n`
    })
    .join('')
}

test('docs/reference/problems.md is the catalogue of problems, word for word', () => {
  if (process.env['OVERWALL_UPDATE']) writeFileSync(page, intro + rows())
  expect(readFileSync(page, 'utf8')).toBe(intro + rows())
})

/** Codes that come with any answer, from wherever the service is. */
const anywhere: ReadonlySet<ProblemCode> = new Set(['route-unknown', 'headers-too-large', 'request-timeout'])

test('every problem of the catalogue is answered by some route or by all, and no route has one outside it', () => {
  const answered = new Set(routeNames.flatMap((name) => problemCodesOf(api[name])))
  expect(problemCodes.filter((code) => !answered.has(code) && !anywhere.has(code))).toEqual([])
  expect([...answered].filter((code) => !(code in problemKinds))).toEqual([])
})

test('every problem of the catalogue stands in the code of the service', () => {
  const files = readdirSync('src/service', { recursive: true, encoding: 'utf8' })
  const text = files
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(path.join('src/service', name), 'utf8'))
    .join('\n')
  expect(problemCodes.filter((code) => !text.includes(`'${code}'`))).toEqual([])
})
