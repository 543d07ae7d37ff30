/** From a JSON book to columns of whole numbers, with every fault of the book at once. */
import { formatScaled, parseScaled } from '../base/decimal.ts'
import { show, wantedBy, type Fault } from '../base/errors.ts'
import { parentsFirst, type Network } from '../grid/network.ts'
import { widestTicks, type Book } from './book.ts'
import { parseBookShape, type BookJson, type ShapeIssue } from './book-schema.ts'
import { holdsOnTrees, type PriceRuleName } from './pricing/index.ts'
import { mostFeeTicks } from './sessions/tree-paths.ts'
import { netOwnEnergy, ownCrossing, twoSidedOwners, type TwoSidedOwner } from './self-trade.ts'

export interface ReadBook {
  readonly network: Network
  readonly book: Book
  /** ids by row */
  readonly busIds: readonly string[]
  readonly orderIds: readonly string[]
  /** rows of the buses as the book lists them */
  readonly listedRows: readonly number[]
  /** taken out of each order before the market, where the book nets owners against themselves [Wh] */
  readonly nettedWh: Float64Array | null
  readonly rule: PriceRuleName
  readonly range: { readonly floorTicks: number; readonly capTicks: number; readonly kNumerator: number }
}

const pricePlaces = 4
const energyPlaces = 3
/** A book is held in memory whole; this many orders is what one call takes. */
const mostOrders = 2_000_000
/** What is told of a book's faults; a book of millions of them would not fit into memory. */
const mostFaults = 100
/** Longer text is no number that one means, and would take its time. */
const longestNumber = 400

export function readBook(
  value: unknown,
): { readonly read: ReadBook } | { readonly faults: readonly Fault[] } {
  const tooMany = tooManyOrders(value)
  if (tooMany) return { faults: [tooMany] }
  const parsed = parseBookShape(value, mostFaults)
  if ('issues' in parsed)
    return { faults: parsed.issues.map((issue) => named(shapeFault(issue, value), value)) }
  const reader = new BookReader()
  const read = reader.read(parsed.book)
  return reader.faults.length > 0
    ? { faults: reader.faults.map((fault) => named(fault, value)) }
    : { read: read! }
}

/** Looked at first: to read so many orders only to refuse them would take its time. */
function tooManyOrders(value: unknown): Fault | undefined {
  const orders = at(value, 'orders')
  if (!Array.isArray(orders) || orders.length <= mostOrders) return undefined
  const wanted = `at most ${mostOrders} orders`
  return { code: 'too-many-orders', path: 'orders', wanted, came: String(orders.length) }
}

function shapeFault(issue: ShapeIssue, value: unknown): Fault {
  const unknown = issue.code === 'unrecognized_keys'
  return {
    code: unknown ? 'unknown-key' : 'invalid-shape',
    path: issue.path.join('.'),
    wanted: unknown ? 'no other keys' : wantedBy(issue.message),
    came: unknown ? (issue.keys ?? []).join(', ') : show(issue.path.reduce(at, value)),
  }
}

/** Says which order or bus a fault is about, where the path only counts and the fault does not say it itself. */
function named(fault: Fault, value: unknown): Fault {
  const [, list, row, key] = /^(orders|network\.buses)\.(\d+)\b(?:\.(\w+))?/.exec(fault.path) ?? []
  if (row === undefined || key === 'id' || fault.code.startsWith('self-trade')) return fault
  const id = at([...list!.split('.'), row].reduce(at, value), 'id')
  if (typeof id !== 'string' && typeof id !== 'number') return fault
  return { ...fault, came: `${fault.came} (${list === 'orders' ? 'order' : 'bus'} ${show(id)})` }
}

function at(value: unknown, key: PropertyKey): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Record<PropertyKey, unknown>)[key]
    : undefined
}

class BookReader {
  readonly faults: Fault[] = []

  read(json: BookJson): ReadBook | undefined {
    const { buses } = json.network
    const rowOfId = this.#rows(buses, 'network.buses', 'a bus')
    this.#rows(json.orders, 'orders', 'an order')
    const range = this.#range(json)
    const order = this.#tree(buses, rowOfId)
    const network = order && this.#network(buses, order, rowOfId)
    if (!network || !order) return undefined
    const rowOfBus = new Map(order.map((listed, row) => [buses[listed]!.id, row]))
    const book = this.#book(json, rowOfBus, range)
    const nettedWh = this.#selfTrade(json, book)
    return {
      network,
      book,
      nettedWh,
      busIds: order.map((listed) => buses[listed]!.id),
      orderIds: json.orders.map((each) => each.id),
      listedRows: buses.map((bus) => rowOfBus.get(bus.id)!),
      rule: this.#rule(json),
      range,
    }
  }

  #rule(json: BookJson): PriceRuleName {
    const rule = json.pricing?.rule ?? 'nodal-uniform'
    const { length } = json.network.buses
    if (length > 1 && !holdsOnTrees(rule))
      this.#fault('single-bus-only', 'pricing.rule', `a book with one bus under ${rule}`, length)
    return rule
  }

  /** Refuses owners on both sides, or nets them; what is netted is taken out of the book. */
  #selfTrade(json: BookJson, book: Book): Float64Array | null {
    const owners = twoSidedOwners(
      book,
      json.orders.map(({ owner }) => owner),
    )
    if (json.selfTrade === 'refuse') {
      for (const own of owners) this.#refuseBothSides(json, own)
      return null
    }
    // A book with faults is not netted: its limits and quantities may be stand-ins.
    if (this.faults.length > 0) return null
    const nettedWh = netOwnEnergy(book, owners)
    for (const own of owners) this.#refuseCrossing(json, book, own)
    return nettedWh
  }

  #refuseBothSides({ orders }: BookJson, { owner, buys, sells }: TwoSidedOwner): void {
    const ids = (rows: readonly number[]) =>
      rows
        .slice(0, 3)
        .map((row) => show(orders[row]!.id))
        .concat(rows.length > 3 ? [`${rows.length - 3} more`] : [])
        .join(', ')
    this.#tell({
      code: 'self-trade',
      path: `orders.${Math.max(buys[0]!, sells[0]!)}.owner`,
      wanted: 'an owner on one side of the book, or selfTrade "net"',
      came: `owner ${show(owner)} buying with ${ids(buys)} and selling with ${ids(sells)}`,
    })
  }

  #refuseCrossing({ orders }: BookJson, book: Book, own: TwoSidedOwner): void {
    const crossing = ownCrossing(book, own)
    if (!crossing) return
    const place = (row: number) => `${show(orders[row]!.id)} on bus ${show(orders[row]!.bus)}`
    this.#tell({
      code: 'self-trade-across-buses',
      path: `orders.${Math.max(crossing.buy, crossing.sell)}.owner`,
      wanted: "own buys below the owner's own sells at other buses, as only one bus is netted",
      came: `owner ${show(own.owner)} buying with ${place(crossing.buy)} and selling with ${place(crossing.sell)}`,
    })
  }

  #fault(code: string, path: string, wanted: string, came: unknown): void {
    this.#tell({ code, path, wanted, came: show(came) })
  }

  #tell(fault: Fault): void {
    if (this.faults.length < mostFaults) this.faults.push(fault)
  }

  #rows(items: readonly { id: string }[], path: string, what: string): Map<string, number> {
    const rows = new Map<string, number>()
    items.forEach(({ id }, row) => {
      if (rows.has(id)) this.#fault('duplicate-id', `${path}.${row}.id`, `${what} id used once`, id)
      else rows.set(id, row)
    })
    return rows
  }

  #range(json: BookJson): ReadBook['range'] {
    const floorTicks = this.#scaled(json.priceFloor ?? 0, pricePlaces, 'priceFloor', 'a price')
    const capTicks = this.#scaled(json.priceCap ?? 2, pricePlaces, 'priceCap', 'a price')
    const kNumerator = this.#scaled(json.pricing?.k ?? '0.5', pricePlaces, 'pricing.k', 'a share')
    for (const [path, ticks] of [
      ['priceFloor', floorTicks],
      ['priceCap', capTicks],
    ] as const) {
      if (Math.abs(ticks) > widestTicks)
        this.#fault('price-too-wide', path, `a price within ±${widestTicks / 10_000} CNY/kWh`, json[path])
    }
    if (floorTicks > capTicks)
      this.#fault('floor-above-cap', 'priceFloor', 'a floor not above the cap', json.priceFloor)
    if (kNumerator < 0 || kNumerator > 10_000)
      this.#fault('k-out-of-range', 'pricing.k', 'a share from 0 to 1', json.pricing?.k)
    return { floorTicks, capTicks, kNumerator }
  }

  #tree(buses: BookJson['network']['buses'], rowOfId: Map<string, number>): number[] | undefined {
    const before = this.faults.length
    const parents = buses.map(({ parent }, row) => {
      const at = parent === null ? -1 : rowOfId.get(parent)
      if (at === undefined)
        this.#fault('unknown-bus', `network.buses.${row}.parent`, 'the id of a bus', parent)
      return at ?? -1
    })
    if (this.faults.length > before) return undefined
    const found = parentsFirst(parents)
    if ('order' in found) return found.order
    for (const fault of found.faults) {
      if (fault.kind === 'no-root')
        this.#tell({
          code: 'no-root',
          path: 'network.buses',
          wanted: 'one bus with parent null',
          came: 'none',
        })
      else this.#parentFault(fault.kind, fault.bus)
    }
    return undefined
  }

  #parentFault(kind: 'second-root' | 'cycle', bus: number): void {
    const path = `network.buses.${bus}.parent`
    this.#tell(
      kind === 'second-root'
        ? { code: 'two-roots', path, wanted: 'one bus with parent null', came: 'a second' }
        : { code: 'cycle', path, wanted: 'a tree', came: 'parents that lead in a circle' },
    )
  }

  #network(
    buses: BookJson['network']['buses'],
    order: readonly number[],
    rowOfId: Map<string, number>,
  ): Network {
    const rowOfListed = new Map(order.map((listed, row) => [listed, row]))
    const column = (valueAt: (bus: (typeof buses)[number], path: string) => number) =>
      Float64Array.from(order, (listed) => valueAt(buses[listed]!, `network.buses.${listed}`))
    const capacity = (value: string | number | null, path: string) =>
      value === null ? Infinity : this.#notNegative(value, energyPlaces, path, 'a capacity in kWh')
    const network = {
      busCount: buses.length,
      parent: Int32Array.from(order, (listed) => {
        const { parent } = buses[listed]!
        return parent === null ? -1 : rowOfListed.get(rowOfId.get(parent)!)!
      }),
      feeUpTicks: column((bus, path) => this.#notNegative(bus.feeUp, pricePlaces, `${path}.feeUp`, 'a fee')),
      feeDownTicks: column((bus, path) =>
        this.#notNegative(bus.feeDown, pricePlaces, `${path}.feeDown`, 'a fee'),
      ),
      capacityUpWh: column((bus, path) => capacity(bus.capacityUp, `${path}.capacityUp`)),
      capacityDownWh: column((bus, path) => capacity(bus.capacityDown, `${path}.capacityDown`)),
    }
    this.#sumFees(network.parent, network.feeUpTicks, (row) => `network.buses.${order[row]!}.feeUp`)
    this.#sumFees(network.parent, network.feeDownTicks, (row) => `network.buses.${order[row]!}.feeDown`)
    return network
  }

  /** Refuses the first bus on each way from the root whose fees are too large in sum. */
  #sumFees(parent: Int32Array, feeTicks: Float64Array, pathOf: (row: number) => string): void {
    const sums = new Float64Array(parent.length)
    for (let row = 1; row < parent.length; row++) {
      const above = sums[parent[row]!]!
      sums[row] = above + feeTicks[row]!
      if (sums[row]! <= mostFeeTicks || above > mostFeeTicks) continue
      const wanted = `fees of at most ${formatScaled(mostFeeTicks, pricePlaces)} CNY/kWh on one way to the root`
      this.#tell({
        code: 'fee-too-high',
        path: pathOf(row),
        wanted,
        came: formatScaled(sums[row]!, pricePlaces),
      })
    }
  }

  #book(json: BookJson, rowOfBus: Map<string, number>, range: ReadBook['range']): Book {
    const count = json.orders.length
    const book = {
      count,
      bus: new Int32Array(count),
      side: new Uint8Array(count),
      limitTicks: new Int32Array(count),
      quantityWh: new Float64Array(count),
      sequence: Float64Array.from({ length: count }, (_, row) => row),
    }
    let total = 0n
    json.orders.forEach((order, row) => {
      const path = `orders.${row}`
      const bus = rowOfBus.get(order.bus)
      if (bus === undefined) this.#fault('unknown-bus', `${path}.bus`, 'the id of a bus', order.bus)
      book.bus[row] = bus ?? 0
      book.side[row] = order.side === 'sell' ? 1 : 0
      book.limitTicks[row] = this.#price(order.price, `${path}.price`, range)
      book.quantityWh[row] = this.#scaled(
        order.quantity,
        energyPlaces,
        `${path}.quantity`,
        'a quantity in kWh',
      )
      if (book.quantityWh[row]! <= 0)
        this.#fault('quantity-not-positive', `${path}.quantity`, 'a quantity above 0', order.quantity)
      total += BigInt(book.quantityWh[row]!)
    })
    if (total > BigInt(Number.MAX_SAFE_INTEGER)) {
      const wanted = 'less than 2^53 Wh in one book'
      this.#tell({ code: 'total-too-large', path: 'orders', wanted, came: `${total} Wh` })
    }
    return book
  }

  #price(value: string | number, path: string, { floorTicks, capTicks }: ReadBook['range']): number {
    const ticks = this.#scaled(value, pricePlaces, path, 'a price in CNY/kWh')
    if (ticks < floorTicks || ticks > capTicks) {
      this.#fault(
        'price-out-of-range',
        path,
        `a price from ${floorTicks / 10_000} to ${capTicks / 10_000} CNY/kWh`,
        value,
      )
    }
    return ticks
  }

  #notNegative(value: string | number, places: number, path: string, what: string): number {
    const units = this.#scaled(value, places, path, what)
    if (units < 0) this.#fault('negative', path, `${what} not below 0`, value)
    return units
  }

  /** Whole units of a decimal; what is no such number is a fault and counts as one unit. */
  #scaled(value: string | number, places: number, path: string, what: string): number {
    const isLong = typeof value === 'string' && value.length > longestNumber
    const units = isLong ? undefined : parseScaled(value, places)
    if (units !== undefined && units <= Number.MAX_SAFE_INTEGER && units >= -Number.MAX_SAFE_INTEGER)
      return Number(units)
    const came = typeof value === 'number' ? String(value) : value
    this.#fault('invalid-number', path, `${what} with at most ${places} decimals and within 2^53 units`, came)
    return 1
  }
}
