/** Every reason for which a session refuses what somebody handed in; one function each, and nothing has changed then. */
import { formatScaled } from '../../base/decimal.ts'
import { show, type Fault } from '../../base/errors.ts'
import { sellSide } from '../book.ts'
import type { FullArc } from './arc-room.ts'
import { mostOpenWh, type OpenOrder, type SessionRange } from './session-order.ts'

/** A fault of the network's room, with the arc that has too little of it. */
export interface ArcFault extends Fault {
  readonly arc: FullArc
}

const kwh = (energyWh: number) => `${formatScaled(energyWh, 3)} kWh`
const price = (ticks: number) => `${formatScaled(ticks, 4)} CNY/kWh`
const sideName = (side: number) => (side === sellSide ? 'sell' : 'buy')

/** Quantities are whole and above 0. */
export function quantityFault(quantityWh: number): Fault | null {
  if (Number.isSafeInteger(quantityWh) && quantityWh > 0) return null
  const wanted = 'a quantity of whole Wh above 0'
  return { code: 'quantity-not-positive', path: 'quantityWh', wanted, came: show(quantityWh) }
}

/** Prices are whole ticks from floor to cap. */
export function priceFault(
  ticks: number,
  { floorTicks, capTicks }: SessionRange,
  path: string,
): Fault | null {
  if (Number.isInteger(ticks) && ticks >= floorTicks && ticks <= capTicks) return null
  const wanted = `a price of whole ticks from ${price(floorTicks)} to ${price(capTicks)}`
  const came = Number.isSafeInteger(ticks) ? price(ticks) : `${show(ticks)} ticks`
  return { code: 'price-out-of-range', path, wanted, came }
}

/** @param openWh what waits in the session already */
export function totalFault(openWh: number, moreWh: number): Fault | null {
  if (moreWh <= mostOpenWh - openWh) return null
  const wanted = `at most ${kwh(mostOpenWh)} waiting in one session`
  return {
    code: 'total-too-large',
    path: 'quantityWh',
    wanted,
    came: `${kwh(moreWh)} on top of ${kwh(openWh)}`,
  }
}

/** @param what `order`, `listing` or `contract` */
export function unknownId(what: string, id: number): Fault {
  return { code: `unknown-${what}`, path: 'id', wanted: `the id of a waiting ${what}`, came: show(id) }
}

/** An order that crosses one of its owner's own. */
export function ownOrderFault(side: number, limitTicks: number, own: OpenOrder): Fault {
  return {
    code: 'self-trade',
    path: 'limitTicks',
    wanted: "a limit that does not cross the owner's own orders",
    came: `a ${sideName(side)} at ${price(limitTicks)} against own ${sideName(own.side)} ${own.id} at ${price(own.limitTicks)}`,
  }
}

/** Both sides of a contract or take in one hand. */
export function ownCounterpartFault(owner: number): Fault {
  const wanted = 'another participant on the other side'
  return { code: 'self-trade', path: 'owner', wanted, came: `participant ${owner} on both sides` }
}

export function listedFault(quantityWh: number, openWh: number): Fault {
  const wanted = `at most the ${kwh(openWh)} still listed`
  return { code: 'more-than-listed', path: 'quantityWh', wanted, came: kwh(quantityWh) }
}

/** @param bus how the bus below the arc is called */
export function arcFault(arc: FullArc, bus: string): ArcFault {
  const way = arc.direction === 'up' ? `up from bus ${bus}` : `down into bus ${bus}`
  const wanted = `at most ${kwh(arc.leftWh)}, the room left ${way}`
  return { code: 'arc-full', path: 'quantityWh', wanted, came: kwh(arc.wantedWh), arc }
}
