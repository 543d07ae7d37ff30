import path from 'node:path'
import { temporaryFolder } from './folders.ts'
import { storeSuite } from './suite.ts'

const folder = temporaryFolder()
let files = 0

storeSuite({ name: 'SQLite', address: async () => `sqlite:${path.join(folder, `${files++}.db`)}` })
