/** Columns of sums: what loops over participants and intervals do to them. */

export function addTo(column: Float64Array, index: number, value: number): void {
  column[index] = column[index]! + value
}

/** Adds a column of whole numbers to sums. */
export function addColumn(sums: Float64Array, column: Int32Array): void {
  for (let row = 0; row < sums.length; row++) sums[row] = sums[row]! + column[row]!
}

/** The highest of a column, 0 where none is above. */
export function highest(column: Int32Array | Float64Array): number {
  let most = 0
  for (let row = 0; row < column.length; row++) if (column[row]! > most) most = column[row]!
  return most
}
