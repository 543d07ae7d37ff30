/** Members that trade and an operator that reads, each writing down what it is told until the service is gone. */
import { setTimeout } from 'node:timers/promises'
import { randomStream, type RandomStream } from '../../../src/base/random.ts'
import { OverwallClient, ProblemError, type AnswerOf } from '../../../src/contract/client.ts'
import { intervalName, intervalOf } from '../../../src/service/market/timeline.ts'
import type { Notebook, NotedOrder } from './notebook.ts'

export interface ClientsOptions {
  readonly url: string
  readonly zone: string
  readonly notebook: Notebook
  readonly operatorKey: string
  readonly keys: readonly { readonly key: string; readonly side: 'buy' | 'sell' }[]
  readonly seed: number
}

/** Trades until the signal; what fails after that has lost its service. */
export async function trade(options: ClientsOptions, signal: AbortSignal): Promise<void> {
  const members = options.keys.map(({ key, side }, index) => {
    const random = randomStream(options.seed, `crash/${index}`)
    return new Member(options, new OverwallClient({ url: options.url, key }), side, random)
  })
  await Promise.all([...members.map((member) => member.tradeUntil(signal)), readUntil(options, signal)])
}

class Member {
  readonly #options: ClientsOptions
  readonly #client: OverwallClient
  readonly #side: 'buy' | 'sell'
  readonly #random: RandomStream
  readonly #own: string[] = []

  constructor(options: ClientsOptions, client: OverwallClient, side: 'buy' | 'sell', random: RandomStream) {
    this.#options = options
    this.#client = client
    this.#side = side
    this.#random = random
  }

  async tradeUntil(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#act()
      } catch (error) {
        // A refusal is an answer: the gate has closed, the connection carries no more. All else is the service's end.
        if (!(error instanceof ProblemError)) return
      }
      // Below the limit of requests of one key.
      await setTimeout(15)
    }
  }

  async #act(): Promise<void> {
    const draw = this.#random.uniform()
    const id = this.#own[Math.floor(this.#random.uniform() * this.#own.length)]
    if (id === undefined || draw < 0.6) await this.#place(draw < 0.2 ? 10 : 1)
    else if (draw < 0.85) await this.#change(id)
    else await this.#cancel(id)
  }

  async #place(count: number): Promise<void> {
    const { nextGate } = await this.#client.call('getClock')
    if (nextGate === null) return
    const interval = intervalName(intervalOf(nextGate)! + Math.floor(this.#random.uniform() * 8))
    const body = Array.from({ length: count }, () => ({ interval, side: this.#side, ...this.#terms() }))
    const { orders } = await this.#client.call('placeOrders', { params: { zone: this.#options.zone }, body })
    orders.forEach(({ id }, at) => {
      const { price, quantity } = body[at]!
      this.#own.push(id)
      this.#options.notebook.placed({ id, revision: 1, price, quantity, state: 'open' })
    })
  }

  #terms(): { price: string; quantity: string } {
    return {
      price: (0.3 + 0.2 * this.#random.uniform()).toFixed(4),
      quantity: (0.1 + this.#random.uniform()).toFixed(3),
    }
  }

  async #change(id: string): Promise<void> {
    const told = this.#options.notebook.orders.get(id)!
    if (told.state === 'cancelled') return
    const terms = this.#terms()
    await this.#note({ ...told, ...terms, revision: told.revision + 1 }, () =>
      this.#client.call('changeOrder', {
        params: { zone: this.#options.zone, order: id },
        headers: { 'if-match': `"${told.revision}"` },
        body: terms,
      }),
    )
  }

  async #cancel(id: string): Promise<void> {
    const told = this.#options.notebook.orders.get(id)!
    if (told.state === 'cancelled') return
    await this.#note({ ...told, state: 'cancelled', revision: told.revision + 1 }, () =>
      this.#client.call('cancelOrder', { params: { zone: this.#options.zone, order: id } }),
    )
  }

  /** What was asked for may have happened until there is an answer; a refusal says that it has not. */
  async #note(asked: NotedOrder, call: () => Promise<AnswerOf<'changeOrder'>>): Promise<void> {
    const { notebook } = this.#options
    notebook.unsure.set(asked.id, asked)
    try {
      await call()
      notebook.changed(asked)
    } catch (error) {
      if (error instanceof ProblemError) notebook.unsure.delete(asked.id)
      throw error
    }
  }
}

/** Writes down the trades of every interval that the stream says is settled. */
async function readUntil(
  { url, operatorKey, zone, notebook }: ClientsOptions,
  signal: AbortSignal,
): Promise<void> {
  const client = new OverwallClient({ url, key: operatorKey })
  while (!signal.aborted) {
    try {
      for await (const event of client.follow(zone, { signal })) {
        if (event.name !== 'settled') continue
        const { interval } = event.data
        const { trades } = await client.call('getTrades', {
          params: { zone, interval },
          query: { limit: 1000 },
        })
        notebook.trades.set(interval, trades)
      }
    } catch (error) {
      if (!(error instanceof ProblemError)) return
      // On a machine that is starved a service may say that it is at its capacity.
      if (error.problem.code !== 'overloaded') throw error
      await setTimeout(200)
    }
  }
}
