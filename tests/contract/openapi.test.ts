import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { expect, test } from 'vitest'
import { api, routeNames } from '../../src/contract/api.ts'
import { openApi } from '../../src/contract/openapi.ts'
import { paramNames, type Route } from '../../src/contract/route.ts'

interface Document {
  readonly paths: Record<
    string,
    Record<string, { operationId: string; parameters: { name: string; in: string }[]; responses: object }>
  >
  readonly components: { readonly schemas: Record<string, object> }
}
const document = openApi('0.0.0') as unknown as Document

test('openApi() has every route once, under its name', () => {
  const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods))
  expect(operations.map(({ operationId }) => operationId).toSorted()).toEqual(routeNames.toSorted())
})

test('openApi() declares every name in a path', () => {
  for (const name of routeNames) {
    const route: Route = api[name]
    const { parameters } = document.paths[route.path]![route.method.toLowerCase()]!
    expect(parameters.filter((each) => each.in === 'path').map((each) => each.name)).toEqual(
      paramNames(route.path),
    )
  }
})

test('every schema of openApi() compiles as JSON Schema 2020-12, and every reference leads somewhere', () => {
  const ajv = new Ajv2020({ strict: false })
  addFormats.default(ajv)
  const text = JSON.stringify(document)
  const references = [...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name!)
  expect(references.filter((name) => !(name in document.components.schemas))).toEqual([])
  expect(text).not.toContain('#/$defs/')
  ajv.addSchema({ $id: 'doc', components: document.components })
  for (const name of Object.keys(document.components.schemas)) {
    expect(ajv.getSchema(`doc#/components/schemas/${name}`), name).toBeTypeOf('function')
  }
})

test('openApi() says of every answer with a tag that may be asked for again that it may be there already', () => {
  for (const name of routeNames) {
    const { method, path, answer }: Route = api[name]
    const { responses, parameters } = document.paths[path]![method.toLowerCase()]!
    const isTagged = method === 'GET' && answer.cached === true
    expect(['304' in responses, parameters.some((each) => each.name === 'if-none-match')], name).toEqual([
      isTagged,
      isTagged,
    ])
  }
})

test('no two routes answer to one method and address', () => {
  const addresses = routeNames.map(
    (name) => `${api[name].method} ${api[name].path.replace(/\{\w+\}/g, '{}')}`,
  )
  expect(new Set(addresses).size).toBe(addresses.length)
})
