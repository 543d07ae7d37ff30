type Column = Int32Array | Float64Array | Uint8Array

/** A longer copy of a column, the new end filled with 0 or with `fill`. */
export function grown<C extends Column>(column: C, length: number, fill = 0): C {
  const longer = new (column.constructor as new (length: number) => C)(length)
  longer.set(column)
  return fill === 0 ? longer : (longer.fill(fill, column.length) as C)
}
