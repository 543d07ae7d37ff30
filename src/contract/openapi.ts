/** The contract as an OpenAPI 3.1 document, from the same schemas that check requests. */
import { z } from 'zod'
import { assert } from '../base/errors.ts'
import { api, problemsOfAll, problemsOfBodies, problemsOfKeys, routeNames, type RouteName } from './api.ts'
import { problem, problemKinds, problemMedia, type ProblemCode } from './problems.ts'
import { paramNames, type Route } from './route.ts'

type Json = Record<string, unknown>

/** @param version of the program */
export function openApi(version: string): Json {
  const components = new Components()
  const paths: Record<string, Json> = {}
  for (const name of routeNames) {
    const route: Route = api[name]
    paths[route.path] = {
      ...paths[route.path],
      [route.method.toLowerCase()]: operation(name, route, components),
    }
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'overwall',
      version,
      description:
        'The market of a zone: orders until the gate closes, a proved clearing every quarter-hour. Energy is kWh with 3 places, prices CNY/kWh with 4, as text.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: [...new Set(routeNames.map((name) => api[name].tag))].map((tag) => ({ name: tag })),
    paths,
    components: {
      schemas: components.schemas,
      securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'a key of the service' } },
    },
  }
}

function operation(name: RouteName, route: Route, components: Components): Json {
  return {
    operationId: name,
    tags: [route.tag],
    summary: route.summary,
    ...(route.description ? { description: route.description } : {}),
    security: route.roles ? [{ key: [] }] : [],
    ...(route.roles ? { 'x-roles': route.roles } : {}),
    parameters: [
      ...pathParameters(route),
      ...parameters(route.query, 'query', components),
      ...parameters(route.headers, 'header', components),
      ...(mayBeKnown(route) ? [ifNoneMatch] : []),
    ],
    ...(route.body
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: components.of(route.body, 'input') } },
          },
        }
      : {}),
    responses: {
      [route.answer.status]: success(route, components),
      ...(mayBeKnown(route) ? { 304: notModified } : {}),
      ...refusals(route, components),
    },
  }
}

function pathParameters({ path }: Route): Json[] {
  return paramNames(path).map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } }))
}

function parameters(
  schema: z.ZodObject | undefined,
  where: 'query' | 'header',
  components: Components,
): Json[] {
  return Object.entries(schema?.shape ?? {}).map(([name, part]) => ({
    name,
    in: where,
    required: !(part as z.ZodType).safeParse(undefined).success,
    schema: components.of(part as z.ZodType, 'input'),
  }))
}

/** Whether who has an answer already may ask for nothing but what is new. */
function mayBeKnown({ method, answer }: Route): boolean {
  return method === 'GET' && answer.cached === true
}

const tagHeader = { ETag: { schema: { type: 'string' } } }
const notModified = { description: 'the asker has it already, by `If-None-Match`', headers: tagHeader }
const ifNoneMatch = {
  name: 'if-none-match',
  in: 'header',
  required: false,
  description: 'ETags of answers that are there already',
  schema: { type: 'string' },
}

function success({ answer }: Route, components: Components): Json {
  const media = answer.media ?? 'application/json'
  const schema = answer.schema ? components.of(answer.schema, 'output') : { type: 'string' }
  return {
    description: 'done',
    ...(answer.cached ? { headers: tagHeader } : {}),
    ...(answer.status === 204 ? {} : { content: { [media]: { schema } } }),
  }
}

/** One response a status, with the codes that may come with it. */
function refusals(route: Route, components: Components): Json {
  const byStatus = new Map<number, ProblemCode[]>()
  for (const code of problemCodesOf(route)) {
    const { status } = problemKinds[code]
    byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  }
  const schema = components.of(problem, 'output')
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      { description: codes.join(', '), content: { [problemMedia]: { schema } } },
    ]),
  )
}

/** Every code that a route may answer with. */
export function problemCodesOf(route: Route): ProblemCode[] {
  return [
    ...new Set<ProblemCode>([
      ...problemsOfAll,
      ...(route.roles ? problemsOfKeys : []),
      ...(route.body ? problemsOfBodies : []),
      ...route.problems,
    ]),
  ]
}

/** Named schemas, each written once and referred to. */
class Components {
  readonly schemas: Record<string, Json> = {}

  of(schema: z.ZodType, io: 'input' | 'output'): Json {
    const { $defs = {}, ...whole } = z.toJSONSchema(schema, { io }) as Json & { $defs?: Record<string, Json> }
    for (const [name, definition] of Object.entries($defs)) this.#add(name, definition)
    if (typeof whole['id'] !== 'string') return refer(whole)
    this.#add(whole['id'], whole)
    return { $ref: `#/components/schemas/${whole['id']}` }
  }

  #add(name: string, definition: Json): void {
    const referring = refer(definition)
    const known = this.schemas[name]
    assert(
      known === undefined || JSON.stringify(known) === JSON.stringify(referring),
      () => `two schemas are called ${name}`,
    )
    this.schemas[name] = referring
  }
}

/** The definition as it stands among the components, where its name and version of JSON Schema are known. */
function refer(definition: Json): Json {
  const entries = Object.entries(definition).filter(([key]) => key !== '$schema' && key !== 'id')
  const text = JSON.stringify(Object.fromEntries(entries))
  return JSON.parse(text.replaceAll('"#/$defs/', '"#/components/schemas/')) as Json
}
