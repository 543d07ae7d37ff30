/**
 * A body as it comes. Nearly all come in one piece, which is handed on as it lies, without the copy that a general reader of
 * bodies makes: whoever gets it reads it at once or copies it.
 */
import type { Readable } from 'node:stream'
import { Refusal } from '../refusal.ts'

export interface BodyToCome {
  readonly stream: Readable
  /** as the headers tell it; not a number where they do not [bytes] */
  readonly told: number
  readonly limit: number
}

const nothing = Buffer.alloc(0)

/** @param done gets the bytes, or a refusal of one body too large or broken off */
export function collectBody(
  { stream, told, limit }: BodyToCome,
  done: (refusal: Refusal | undefined, bytes: Buffer) => void,
): void {
  const tooLarge = () =>
    new Refusal('body-too-large', { wanted: `at most ${limit} bytes`, came: 'more than that' })
  if (told > limit) return done(tooLarge(), nothing)
  const pieces: Buffer[] = []
  let length = 0
  const end = (refusal?: Refusal) => {
    stream.off('data', onData).off('end', onEnd).off('error', onError)
    if (refusal) done(refusal, nothing)
    else done(undefined, pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces, length))
  }
  const onData = (piece: Buffer) => {
    length += piece.length
    if (length > limit) end(tooLarge())
    else pieces.push(piece)
  }
  const onEnd = () => end()
  const onError = () => end(new Refusal('invalid-json', { came: 'a body that broke off' }))
  stream.on('data', onData).on('end', onEnd).on('error', onError)
}
