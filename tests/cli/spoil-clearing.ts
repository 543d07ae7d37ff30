/** Loaded before the program: every clearing comes out with its first accepted order refused. */
import { ClearingEngine } from '../../src/market/clear.ts'

const right = Object.getOwnPropertyDescriptor(ClearingEngine.prototype, 'clear')!
  .value as ClearingEngine['clear']
ClearingEngine.prototype.clear = function spoiled(book) {
  const clearing = right.call(this, book)
  const first = clearing.acceptedWh.findIndex((acceptedWh, row) => row < book.count && acceptedWh > 0)
  if (first >= 0) clearing.acceptedWh[first] = 0
  return clearing
}
