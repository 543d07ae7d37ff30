/** Who holds which key, in memory, as the store has it; read again whenever the store says that it changed. */
import type { Role } from '../../contract/names.ts'
import type { AccessKey, AccessRecords, Participant } from '../../store/port.ts'
import { isSecretOf, parseKey } from './keys.ts'

/** The one a request comes from. */
export interface Caller {
  readonly role: Role
  /** number in the store */
  readonly participant: number
  /** id of the key, for the audit log and the limit of requests */
  readonly key: string
}

/** Compared with where there is no such key, so that an unknown id takes as long as a wrong secret. */
const nobody = new Uint8Array(32)

export class Directory {
  readonly #records: AccessRecords
  #keys: ReadonlyMap<string, AccessKey> = new Map()
  #participants: ReadonlyMap<number, Participant> = new Map()
  #reading: Promise<void> = Promise.resolve()
  /** told whenever the store was read */
  onRead: () => void = () => {}

  constructor(records: AccessRecords) {
    this.#records = records
  }

  /** Reads the store, after a reading that is under way: two at once might end in the other order. */
  refresh(): Promise<void> {
    const read = () => this.#read()
    this.#reading = this.#reading.then(read, read)
    return this.#reading
  }

  async #read(): Promise<void> {
    const [keys, participants] = await Promise.all([this.#records.keys(), this.#records.participants()])
    this.#keys = new Map(keys.map((key) => [key.id, key]))
    this.#participants = new Map(participants.map((each) => [each.id, each]))
    this.onRead()
  }

  /** @returns nothing for a key that was never given out, was revoked, or whose holder has left */
  callerOf(text: string): Caller | undefined {
    const parsed = parseKey(text)
    const key = parsed && this.#keys.get(parsed.id)
    const isRight = isSecretOf(parsed?.secret ?? '', key?.hash ?? nobody)
    return isRight && key ? this.#holderOf(key) : undefined
  }

  /** Whether a caller's key has not ended since. */
  stands(caller: Caller): boolean {
    const key = this.#keys.get(caller.key)
    return key !== undefined && this.#holderOf(key) !== undefined
  }

  #holderOf({ id, participant, revokedMs }: AccessKey): Caller | undefined {
    const holder = this.#participants.get(participant)
    if (!holder || revokedMs !== undefined || holder.retiredMs !== undefined) return undefined
    return { role: holder.role, participant: holder.id, key: id }
  }

  participant(number: number): Participant | undefined {
    return this.#participants.get(number)
  }

  get participants(): Iterable<Participant> {
    return this.#participants.values()
  }

  key(id: string): AccessKey | undefined {
    return this.#keys.get(id)
  }

  get keys(): Iterable<AccessKey> {
    return this.#keys.values()
  }
}
