import { assert } from '../../base/errors.ts'

/** Time in a session: the numbers of its events, handed in, safe whole numbers that only rise. */
export class Rising {
  #last = -1

  /** @throws BrokenAssertion for a number not above the one before */
  next(sequence: number): void {
    assert(
      Number.isSafeInteger(sequence) && sequence > this.#last,
      () => `event ${sequence} comes after event ${this.#last}`,
    )
    this.#last = sequence
  }
}
