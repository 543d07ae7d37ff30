import { readFileSync, writeFileSync } from 'node:fs'
import Ajv from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { scenarioJsonSchema } from '../../src/scenario/schema.ts'
import { shippedScenarios } from '../simulation/zones.ts'

const file = 'scenarios/schema.json'

test('scenarios/schema.json is the schema of the code; OVERWALL_UPDATE=1 npx vitest run tests/scenario rewrites it', () => {
  const fresh = `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`
  if (process.env['OVERWALL_UPDATE']) writeFileSync(file, fresh)
  expect(readFileSync(file, 'utf8')).toBe(fresh)
})

test('the shipped scenarios fit the published schema', () => {
  const validate = new Ajv.default({ strict: false }).compile(JSON.parse(readFileSync(file, 'utf8')))
  for (const name of shippedScenarios) {
    const data: unknown = parse(readFileSync(`scenarios/${name}.yaml`, 'utf8'))
    expect(validate(data), `${name}: ${JSON.stringify(validate.errors?.slice(0, 3))}`).toBe(true)
  }
})
