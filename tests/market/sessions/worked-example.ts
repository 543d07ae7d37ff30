import { ClearingEngine } from '../../../src/market/clear.ts'
import { ArcRoom } from '../../../src/market/sessions/arc-room.ts'
import { BilateralContracts } from '../../../src/market/sessions/bilateral.ts'
import { callAuction } from '../../../src/market/sessions/call-auction.ts'
import { ListingBoard } from '../../../src/market/sessions/listing.ts'
import { RollingBook } from '../../../src/market/sessions/rolling-book.ts'

const [busbar, feeder] = [0, 1]
const [buy, sell] = [0, 1]
const [pv, barn, coldStore, office, laundry] = [10, 11, 12, 13, 14]

const network = {
  busCount: 2,
  parent: Int32Array.of(-1, busbar),
  feeUpTicks: Float64Array.of(0, 100),
  feeDownTicks: Float64Array.of(0, 200),
  capacityUpWh: Float64Array.of(Infinity, 6000),
  capacityDownWh: Float64Array.of(Infinity, Infinity),
}
const room = new ArcRoom(network, ['busbar', 'feeder'])

// Bilateral: the first contract takes 2 of the arc's 6 kWh, the second wants more than the 4 that are left.
const contracts = new BilateralContracts(room)
const parties = { seller: pv, buyer: coldStore, sellBus: feeder, buyBus: busbar, priceTicks: 4000 }
const contract = contracts.register({ sequence: 1, ...parties, quantityWh: 2000 })
const refused = contracts.register({ sequence: 2, ...parties, quantityWh: 5000 })

// Listing: PV offers 2 kWh at 0.38, the office takes one.
const listings = new ListingBoard(room)
listings.list({ sequence: 3, owner: pv, bus: feeder, side: sell, limitTicks: 3800, quantityWh: 2000 })
const taken = listings.take({ sequence: 4, id: 3, owner: office, bus: busbar, quantityWh: 1000 })

// Rolling: the barn waits at 0.39 with 4 kWh; the cold store comes for 5, the laundry for 2.
const rolling = new RollingBook(room)
rolling.submit({ sequence: 5, owner: barn, bus: feeder, side: sell, limitTicks: 3900, quantityWh: 4000 })
const cold = { sequence: 6, owner: coldStore, bus: busbar, side: buy, limitTicks: 4200, quantityWh: 5000 }
const first = rolling.submit(cold).trades.at(0)
const wash = { sequence: 7, owner: laundry, bus: feeder, side: buy, limitTicks: 4100, quantityWh: 2000 }
const second = rolling.submit(wash).trades.at(0)

// The call auction, on what is left of orders and room.
const auction = callAuction({ room, orders: [...listings.orders(), ...rolling.orders()] })
const { acceptedWh } = new ClearingEngine(auction.network).clear(auction.book)

export const answers = { contract, refused, taken, first, second, auction, acceptedWh }
export const names = {
  [pv]: 'pv',
  [barn]: 'barn',
  [coldStore]: 'cold store',
  [office]: 'office',
  [laundry]: 'laundry',
}
