/**
 * Columns as bytes: a header of 16 bytes, then every column as it lies in memory, widest first, so that each starts
 * where its numbers may and reading copies nothing.
 *
 * | offset | bytes | |
 * |--:|--:|---|
 * | 0 | 2 | `OW` |
 * | 2 | 1 | layout: what the columns are |
 * | 3 | 1 | version of the layout |
 * | 4 | 4 | rows |
 * | 8 | 4 | length of the whole |
 * | 12 | 4 | CRC-32 of the bytes before and after this field |
 *
 * Numbers are little-endian, as on every machine Node runs on here.
 */
import { endianness } from 'node:os'
import { crc32 } from 'node:zlib'
import { assert } from '../base/errors.ts'
import { StoreFault } from './fault.ts'

export type Column = Float64Array | BigInt64Array | Int32Array | Uint32Array | Uint16Array | Uint8Array

interface ColumnType<Kind extends Column = Column> {
  readonly BYTES_PER_ELEMENT: number
  readonly name: string
  new (buffer: ArrayBuffer, byteOffset: number, length: number): Kind
  new (length: number): Kind
}

export type Types = Readonly<Record<string, ColumnType>>

/** A table of typed columns; `number` and `version` are written with it and never given to other columns. */
export interface Layout<Of extends Types = Types> {
  readonly name: string
  readonly number: number
  readonly version: number
  readonly types: Of
}

export type Named<Of extends Types> = { readonly [Name in keyof Of]: InstanceType<Of[Name]> }
export type ColumnsOf<Of extends Types> = { readonly count: number } & Named<Of>

const headerBytes = 16
const checksumAt = 12

/** Bytes of so many rows. */
export function packedBytes(layout: Layout, count: number): number {
  return headerBytes + count * rowBytes(layout)
}

export function rowBytes({ types }: Pick<Layout, 'types'>): number {
  return Object.values(types).reduce((sum, type) => sum + type.BYTES_PER_ELEMENT, 0)
}

type Packable<Of extends Types> = { readonly count: number } & { readonly [Name in keyof Of]: Column }

/** Columns may be longer than `count`; what lies beyond is left out. */
export function pack<Of extends Types>(layout: Layout<Of>, columns: Packable<Of>): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(packedBytes(layout, columns.count))
  copyInto(bytes, layout, columns)
  seal(bytes, layout, columns.count)
  return bytes
}

/** The same in memory that threads share, so that handing it to another copies nothing; `sharedColumns` are packed where they lie. */
export function packShared<Of extends Types>(layout: Layout<Of>, columns: Packable<Of>): Uint8Array {
  const lying = bytesOfShared(layout, columns)
  const bytes = lying ?? sharedBytes(layout, columns.count)
  if (!lying) copyInto(bytes, layout, columns)
  seal(bytes, layout, columns.count)
  return bytes
}

/** Columns in memory that threads share, to be filled, and then packed without being copied. */
export function sharedColumns<Of extends Types>(layout: Layout<Of>, count: number): ColumnsOf<Of> {
  return viewsInto(layout, sharedBytes(layout, count), count)
}

function sharedBytes(layout: Layout, count: number): Uint8Array {
  return new Uint8Array(new SharedArrayBuffer(packedBytes(layout, count)))
}

/** The bytes that columns look into, where `sharedColumns` made them. */
function bytesOfShared<Of extends Types>(layout: Layout<Of>, columns: Packable<Of>): Uint8Array | undefined {
  const [[widest] = []] = widestFirst(layout)
  const { buffer } = columns[widest!]!
  const { count } = columns
  if (!(buffer instanceof SharedArrayBuffer) || buffer.byteLength !== packedBytes(layout, count))
    return undefined
  const bytes = new Uint8Array(buffer)
  const views = viewsInto(layout, bytes, count)
  const lieThere = Object.keys(layout.types).every((name) => {
    const [column, view] = [columns[name]!, views[name]!] as [Column, Column]
    return column.buffer === buffer && column.byteOffset === view.byteOffset && column.length === count
  })
  return lieThere ? bytes : undefined
}

function copyInto<Of extends Types>(bytes: Uint8Array, layout: Layout<Of>, columns: Packable<Of>): void {
  let offset = headerBytes
  for (const [name, type] of widestFirst(layout)) {
    const column: Column = columns[name]!
    assert(
      column.constructor === type && column.length >= columns.count,
      `column ${name} of ${layout.name} does not fit`,
    )
    const length = columns.count * type.BYTES_PER_ELEMENT
    bytes.set(new Uint8Array(column.buffer, column.byteOffset, length), offset)
    offset += length
  }
}

/** Writes the header of columns that lie behind it. */
function seal(bytes: Uint8Array, layout: Layout, count: number): void {
  const header = new DataView(bytes.buffer, 0, headerBytes)
  header.setUint8(0, 0x4f)
  header.setUint8(1, 0x57)
  header.setUint8(2, layout.number)
  header.setUint8(3, layout.version)
  header.setUint32(4, count, true)
  header.setUint32(8, bytes.length, true)
  header.setUint32(checksumAt, checksum(bytes), true)
}

/**
 * Columns that look into the bytes, or into a copy where they lie on an odd address.
 * @throws StoreFault `damaged` for bytes that are not what was packed, `newer-schema` for a later version
 */
export function unpack<Of extends Types>(layout: Layout<Of>, packed: Uint8Array): ColumnsOf<Of> {
  const bytes = packed.byteOffset % 8 === 0 ? packed : packed.slice()
  const count = checkedCount(layout, bytes)
  return viewsInto(layout, bytes, count)
}

function viewsInto<Of extends Types>(layout: Layout<Of>, bytes: Uint8Array, count: number): ColumnsOf<Of> {
  return { count, ...columnsIn(layout, bytes.buffer, bytes.byteOffset + headerBytes, count) }
}

/** Columns that look into a piece of memory, one behind the other from a multiple of 8 bytes on. */
export function columnsIn<Of extends Types>(
  layout: Pick<Layout<Of>, 'types'>,
  memory: ArrayBufferLike,
  start: number,
  count: number,
): Named<Of> {
  const columns: Record<string, unknown> = {}
  let offset = start
  for (const [name, type] of widestFirst(layout)) {
    columns[name] = new type(memory as ArrayBuffer, offset, count)
    offset += count * type.BYTES_PER_ELEMENT
  }
  return columns as Named<Of>
}

function checkedCount(layout: Layout, bytes: Uint8Array): number {
  const damaged = (why: string) => new StoreFault('damaged', `a record of ${layout.name} is damaged: ${why}`)
  if (bytes.length < headerBytes) throw damaged(`${bytes.length} bytes are too few`)
  const header = new DataView(bytes.buffer, bytes.byteOffset, headerBytes)
  if (header.getUint8(0) !== 0x4f || header.getUint8(1) !== 0x57) throw damaged('it does not begin as one')
  if (header.getUint32(8, true) !== bytes.length)
    throw damaged('its length is not the one it was written with')
  if (header.getUint32(checksumAt, true) !== checksum(bytes)) throw damaged('its checksum does not fit')
  if (header.getUint8(2) !== layout.number) throw damaged('it holds something else')
  const version = header.getUint8(3)
  if (version > layout.version)
    throw new StoreFault(
      'newer-schema',
      `a record of ${layout.name} has version ${version}, known is ${layout.version}`,
    )
  const count = header.getUint32(4, true)
  if (version !== layout.version || packedBytes(layout, count) !== bytes.length)
    throw damaged('its size does not fit')
  return count
}

function checksum(bytes: Uint8Array): number {
  return crc32(bytes.subarray(headerBytes), crc32(bytes.subarray(0, checksumAt)))
}

const orders = new WeakMap<Types, readonly (readonly [string, ColumnType])[]>()

function widestFirst({ types }: Pick<Layout, 'types'>): readonly (readonly [string, ColumnType])[] {
  let order = orders.get(types)
  if (!order) {
    assert(endianness() === 'LE', 'records are little-endian')
    order = Object.entries(types).sort(([, a], [, b]) => b.BYTES_PER_ELEMENT - a.BYTES_PER_ELEMENT)
    orders.set(types, order)
  }
  return order
}
