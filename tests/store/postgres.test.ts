import { afterAll } from 'vitest'
import { startPostgres } from './postgres-server.ts'
import { storeSuite } from './suite.ts'

const server = await startPostgres()
afterAll(() => server.stop(), 60_000)

storeSuite({ name: 'PostgreSQL', address: () => server.database() })
