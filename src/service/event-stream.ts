/** Server-sent events over a connection of its own: written in order, kept alive, let go when nobody reads. */
import type { FastifyReply } from 'fastify'
import type { Caller } from './access/directory.ts'

export interface StreamEvent {
  readonly id: string
  readonly name: string
  readonly data: object
}

const heartbeatMs = 15_000
/** A reader that takes nothing for so long is let go; it comes back with its last id. */
const patienceMs = 60_000

export class EventStream {
  readonly #reply: FastifyReply
  readonly #heartbeat: NodeJS.Timeout
  readonly #onClose: (() => void)[] = []
  #closed = false
  /** goes on with who waits for the reader */
  #resume: () => void = () => {}

  constructor(reply: FastifyReply) {
    this.#reply = reply
    reply.hijack()
    reply.raw.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    })
    reply.raw.write(': overwall\n\n')
    reply.raw.once('close', () => this.#end())
    reply.raw.on('drain', () => this.#resume())
    this.#heartbeat = setInterval(() => this.#write(': \n\n'), heartbeatMs)
  }

  get isClosed(): boolean {
    return this.#closed
  }

  /** JSON holds no line break, so an event is three lines. */
  send({ id, name, data }: StreamEvent): void {
    this.#write(`id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`)
  }

  /** Waits for its reader, so that a long past is told no faster than it is read. */
  async flow(): Promise<void> {
    const { raw } = this.#reply
    if (this.#closed || !raw.writableNeedDrain) return
    const patience = setTimeout(() => raw.destroy(), patienceMs)
    await new Promise<void>((resolve) => (this.#resume = resolve))
    clearTimeout(patience)
  }

  onClose(listener: () => void): void {
    if (this.#closed) listener()
    else this.#onClose.push(listener)
  }

  close(): void {
    this.#reply.raw.end()
    this.#end()
  }

  #write(text: string): void {
    if (!this.#closed) this.#reply.raw.write(text)
  }

  #end(): void {
    if (this.#closed) return
    this.#closed = true
    clearInterval(this.#heartbeat)
    this.#resume()
    for (const listener of this.#onClose) listener()
  }
}

/** The streams that are open, so that they can be counted, limited, and ended with their key or the service. */
export class Streams {
  readonly #open = new Map<EventStream, Caller>()
  readonly most: number

  constructor(most: number) {
    this.most = most
  }

  get isFull(): boolean {
    return this.#open.size >= this.most
  }

  add(stream: EventStream, caller: Caller): EventStream {
    this.#open.set(stream, caller)
    stream.onClose(() => this.#open.delete(stream))
    return stream
  }

  /** Ends the streams of callers that may not read on. */
  closeUnless(mayRead: (caller: Caller) => boolean): void {
    for (const [stream, caller] of this.#open) if (!mayRead(caller)) stream.close()
  }
}
