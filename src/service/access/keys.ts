/**
 * Keys: `ow_ID_SECRET`. The id finds the key, the secret proves it. Of the secret only the SHA-256 is kept; it has 256 bits of
 * chance, so a slow hash would add nothing.
 */
import { hash, randomBytes, timingSafeEqual } from 'node:crypto'

const pattern = /^ow_([0-9a-z]{16})_([A-Za-z0-9_-]{43})$/

export interface FreshKey {
  readonly id: string
  /** what the holder gets, once */
  readonly text: string
  readonly hash: Uint8Array
}

export function makeKey(): FreshKey {
  const id = BigInt(`0x${randomBytes(10).toString('hex')}`)
    .toString(36)
    .padStart(16, '0')
  const secret = randomBytes(32).toString('base64url')
  return { id, text: `ow_${id}_${secret}`, hash: hashOf(secret) }
}

export function parseKey(text: string): { readonly id: string; readonly secret: string } | undefined {
  const match = pattern.exec(text)
  return match ? { id: match[1]!, secret: match[2]! } : undefined
}

function hashOf(secret: string): Uint8Array {
  return hash('sha256', secret, 'buffer')
}

const came = Buffer.alloc(32)

/** Takes the same time whatever differs. */
export function isSecretOf(secret: string, known: Uint8Array): boolean {
  // Every request comes through here: a hash as text and one buffer for all cost a third of a new buffer for each.
  came.write(hash('sha256', secret, 'hex'), 'hex')
  return came.length === known.length && timingSafeEqual(came, known)
}
