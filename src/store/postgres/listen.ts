/** Hears when another process wrote something others should look at; a cut connection is made anew. */
import type pg from 'pg'
import { connect } from './client.ts'

const againMs = 1_000

export class Listening {
  readonly #config: pg.ClientConfig
  readonly #token: string
  readonly #heard: () => void
  #client: pg.Client | undefined
  #timer: NodeJS.Timeout | undefined
  #closed = false

  constructor(config: pg.ClientConfig, token: string, heard: () => void) {
    this.#config = config
    this.#token = token
    this.#heard = heard
    void this.#listen()
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#client?.end()
  }

  async #listen(): Promise<void> {
    try {
      const client = await connect(this.#config, () => this.#later())
      if (this.#closed) return await client.end()
      this.#client = client
      client.on('notification', ({ payload }) => {
        if (payload !== this.#token) this.#heard()
      })
      await client.query('listen overwall')
      // Whatever was told while nobody listened.
      this.#heard()
    } catch {
      this.#later()
    }
  }

  #later(): void {
    this.#client = undefined
    if (this.#closed) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#listen(), againMs).unref()
  }
}
