/** `/docs`: the description of the service as a page, and `/docs/problems`, the kinds of problems it points to. */
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import { problemCodes, problemKinds } from '../../contract/problems.ts'
import { addPageHeaders } from './headers.ts'
import { escape } from '../../report/html/escape.ts'

export async function addDocs(app: FastifyInstance, document: object): Promise<void> {
  const page = problemsPage()
  await app.register(async (pages) => {
    await addPageHeaders(pages)
    await pages.register(swagger, { mode: 'static', specification: { document: document as never } })
    await pages.register(swaggerUi, { routePrefix: '/docs', uiConfig: { docExpansion: 'list' } })
    // Whoever opens the service in a browser gets something to read.
    pages.get('/', (_, reply) => reply.redirect('/docs'))
    pages.get('/docs/problems', (_, reply) =>
      reply.header('content-type', 'text/html; charset=utf-8').send(page),
    )
  })
}

function problemsPage(): string {
  const rows = problemCodes.map((code) => {
    const { status, title, wanted, came } = problemKinds[code]
    return `<tr id="${code}"><td><code>${code}</code><td>${status}<td>${escape(title)}<td>${escape(wanted)}<td>${escape(came)}`
  })
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>overwall: problems</title><h1>Problems</h1><table><tr><th>code<th>status<th>title<th>wanted<th>came${rows.join('')}</table>`
}
