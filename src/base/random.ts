/**
 * Seeded chance. Every use has a stream of its own, named by what it is for (`load/ent-07`), so that adding a
 * participant leaves every other participant's year as it was. The generator's state is the SHA-256 of seed
 * and name, since small integer seeds make poor first draws.
 */
import { createHash } from 'node:crypto'
import { randomNormal } from 'd3-random'
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus'
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'

export interface RandomStream {
  /** Uniform in [0, 1). */
  readonly uniform: () => number
  /** Normal with mean 0 and standard deviation 1. */
  readonly normal: () => number
}

/** Opens the stream `name` of the run seeded with `seed`: same seed and name, same draws, on every machine. */
export function randomStream(seed: number, name: string): RandomStream {
  const hash = createHash('sha256').update(`${seed}/${name}`).digest()
  const generator = xoroshiro128plusFromState([0, 4, 8, 12].map((offset) => hash.readInt32LE(offset)))
  const uniform = (): number => uniformFloat64(generator)
  return { uniform, normal: randomNormal.source(uniform)(0, 1) }
}
