/** The service as a process of its own, with limits that a test can go beyond: `served.ts DATABASE LIMITS`. */
import { startService } from '../../../src/service/server.ts'
import { serveOptions } from '../started.ts'

const [database, limits] = process.argv.slice(2) as [string, string]
const { url, operatorKey } = await startService({ ...serveOptions(database), limits: JSON.parse(limits) })
process.send!({ url, operatorKey })
