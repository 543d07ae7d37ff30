/**
 * A closed book as batteries plan on it: without the batteries' own rows, and coarse where it is large, since a plan looks
 * at a whole day of books at once.
 */
import { sellSide, type Orders } from '../../market/book.ts'
import { storageRow, type OrderRows } from '../../simulation/order-rows.ts'

/** Rows up to which a book is published as it is, and steps that a larger one is published in. */
const mostPublished = 2000

/** Books of up to {@link mostPublished} rows come out order by order, larger ones as steps of equal width. */
export function publishedLevels(rows: OrderRows): Orders {
  return rows.book.count <= mostPublished ? withoutBatteries(rows) : inSteps(rows)
}

function withoutBatteries({ book, kind }: OrderRows): Orders {
  const orders = makeOrders(book.count)
  for (let row = 0; row < book.count; row++) {
    if (kind[row] === storageRow || book.quantityWh[row] === 0) continue
    const into = orders.count++
    orders.side[into] = book.side[row]!
    orders.limitTicks[into] = book.limitTicks[row]!
    orders.quantityWh[into] = book.quantityWh[row]!
  }
  return orders
}

/** Each side falls into half as many steps, a step at its lowest price. */
function inSteps(rows: OrderRows): Orders {
  const { book, kind } = rows
  const { lowest, highest } = priceRange(book)
  const half = mostPublished / 2
  const width = Math.ceil((highest - lowest + 1) / half)
  const energyWh = new Float64Array(mostPublished)
  for (let row = 0; row < book.count; row++) {
    if (kind[row] === storageRow) continue
    const step =
      Math.floor((book.limitTicks[row]! - lowest) / width) + (book.side[row] === sellSide ? half : 0)
    energyWh[step] = energyWh[step]! + book.quantityWh[row]!
  }
  const orders = makeOrders(mostPublished)
  energyWh.forEach((stepWh, step) => {
    if (stepWh === 0) return
    const into = orders.count++
    orders.side[into] = step < half ? 0 : sellSide
    orders.limitTicks[into] = lowest + (step % half) * width
    orders.quantityWh[into] = stepWh
  })
  return orders
}

function priceRange({ count, limitTicks }: Orders): { lowest: number; highest: number } {
  let lowest = limitTicks[0]!
  let highest = lowest
  for (let row = 1; row < count; row++) {
    lowest = Math.min(lowest, limitTicks[row]!)
    highest = Math.max(highest, limitTicks[row]!)
  }
  return { lowest, highest }
}

function makeOrders(capacity: number): Orders {
  return {
    count: 0,
    bus: new Int32Array(capacity),
    side: new Uint8Array(capacity),
    limitTicks: new Int32Array(capacity),
    quantityWh: new Float64Array(capacity),
  }
}
