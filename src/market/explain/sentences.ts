/** The data of an explanation in words, for people: an order's outcome, a bus's price, an arc. */
import { formatScaled } from '../../base/decimal.ts'
import type { PriceRuleName } from '../pricing/index.ts'
import type {
  ArcExplanation,
  BusExplanation,
  Claimant,
  Counterpart,
  FullArc,
  Marginal,
  OrderExplanation,
  PriceBound,
  Reason,
  Rest,
  SideName,
} from './explanation.ts'

const price = (ticks: number) => formatScaled(ticks, 4)
const energy = (wh: number) => formatScaled(wh, 3)
/** Longer lists end in a number. */
const listed = 3

/** `shop buys 3.000 kWh at 0.4500 on feeder: all accepted. Its limit is 0.0600 above the price there, 0.3900. …` */
export function describeOrder(order: OrderExplanation, rule: PriceRuleName): string {
  return [
    `${describeAsk(order)}: ${describeAccepted(order)}`,
    describeReason(order),
    order.rest ? describeRest(order, order.rest) : '',
    order.trades.length > 0 ? describeMoney(order, rule) : '',
  ]
    .filter(Boolean)
    .map((sentence) => `${sentence}.`)
    .join(' ')
}

/** `price 0.4350, between 0.4200 (its own step) and 0.4500 (the 0.4600 of busbar less 0.0100)` */
export function describePrice({
  priceTicks,
  priceLowTicks,
  priceHighTicks,
  lowBy,
  highBy,
  traded,
}: BusExplanation): string {
  const range =
    priceLowTicks === priceHighTicks && lowBy.by === 'step' && highBy.by === 'step'
      ? 'held by its own step'
      : `between ${price(priceLowTicks)} (${describeBound(lowBy)}) and ${price(priceHighTicks)} (${describeBound(highBy)})`
  return `price ${price(priceTicks)}, ${range}${traded ? '' : '; nothing trades here, so it only indicates'}`
}

/** `arc to busbar: 6.000 kWh up, full; fee 0.0100 up, 0.0200 down; …` */
export function describeArc(arc: ArcExplanation, flowUpWh: number): string {
  const full = [arc.fullUp && 'full upward', arc.fullDown && 'full downward'].filter(Boolean)
  const room = (capacityWh: number | null) => (capacityWh === null ? 'no limit' : energy(capacityWh))
  const rentTicks = Math.max(arc.rentUpTicks, arc.rentDownTicks)
  return [
    `arc to ${arc.parent}: ${describeFlow(flowUpWh)}${full.length > 0 ? `, ${full.join(' and ')}` : ''}`,
    `fee ${price(arc.feeUpTicks)} up, ${price(arc.feeDownTicks)} down`,
    `room ${room(arc.capacityUpWh)} up, ${room(arc.capacityDownWh)} down`,
    arc.cutUpWh > 0 ? `${energy(arc.cutUpWh)} it could send are cut off` : '',
    arc.cutDownWh > 0 ? `${energy(arc.cutDownWh)} it could take are cut off` : '',
    rentTicks > 0 ? `the prices of its ends are ${price(rentTicks)} farther apart than the fee` : '',
  ]
    .filter(Boolean)
    .join('; ')
}

function describeFlow(flowUpWh: number): string {
  if (flowUpWh === 0) return 'no flow'
  return flowUpWh > 0 ? `${energy(flowUpWh)} kWh up` : `${energy(-flowUpWh)} kWh down`
}

function describeBound(bound: PriceBound): string {
  switch (bound.by) {
    case 'step':
      return 'its own step'
    case 'parent': {
      const fee = bound.feeTicks < 0 ? ` less ${price(-bound.feeTicks)}` : ` and ${price(bound.feeTicks)}`
      return `the ${price(bound.priceTicks)} of ${bound.bus}${bound.feeTicks === 0 ? '' : fee}`
    }
    case 'floor':
      return 'the floor'
    case 'cap':
      return 'the cap'
  }
}

function describeAsk({ order, side, quantityWh, limitTicks, bus, nettedWh }: OrderExplanation): string {
  const netted = nettedWh > 0 ? `, after ${energy(nettedWh)} that met orders of its owner` : ''
  return `${order} ${side}s ${energy(quantityWh)} kWh at ${price(limitTicks)} on ${bus}${netted}`
}

function describeAccepted({ acceptedWh, quantityWh }: OrderExplanation): string {
  if (acceptedWh === 0) return 'nothing accepted'
  return acceptedWh === quantityWh ? 'all accepted' : `${energy(acceptedWh)} accepted`
}

function describeReason({ reason, side, priceTicks }: OrderExplanation): string {
  const [better, worse] = side === 'buy' ? ['above', 'below'] : ['below', 'above']
  const there = `the price there, ${price(priceTicks)}`
  switch (reason.code) {
    case 'in-the-money':
      return `Its limit is ${price(reason.gainTicks)} ${better} ${there}`
    case 'out-of-the-money':
      return `Its limit is ${price(reason.shortTicks)} ${worse} ${there}`
    case 'at-the-price':
    case 'marginal':
      return 'Its limit is the price there'
    case 'not-needed':
      return `Its limit is the price there, at which no more is ${side === 'buy' ? 'offered' : 'wanted'}`
    case 'shared':
      return (
        `Its limit is the price there, and ${energy(reason.stepAcceptedWh)} of ${energy(reason.stepWh)} kWh at it ` +
        `are shared pro rata with ${list(reason.others.map(describeClaimant))}`
      )
    case 'netted':
      return 'All of it met orders of its owner'
    case 'no-quantity':
      return 'It asks for nothing'
    default:
      return describeReduced(reason, side)
  }
}

/** Reasons that only `trade-reduction` gives. */
function describeReduced(reason: Extract<Reason, Marginal | { code: 'given-up' }>, side: SideName): string {
  if (reason.code === 'given-up')
    return `It is the marginal ${side}, given up; its limit is the price of all ${side}s`
  const marginal = `${reason.marginal}, the marginal ${side} at ${price(reason.marginalLimitTicks)}`
  if (reason.code === 'behind-the-marginal') {
    const by = reason.shortTicks > 0 ? price(reason.shortTicks) : 'its place in the book'
    return `It ranks behind ${marginal}, by ${by}`
  }
  const ahead = `It ranks ahead of ${marginal}`
  if (reason.code === 'kept') return ahead
  return `${ahead}, and those ahead share ${energy(reason.volumeWh)} of ${energy(reason.keptWh)} kWh pro rata`
}

function describeRest(order: OrderExplanation, rest: Rest): string {
  const other = order.side === 'buy' ? 'seller' : 'buyer'
  switch (rest.because) {
    case 'nobody':
      return `There is no ${other}`
    case 'all-served':
      return `Every ${other} is served`
    case 'arc-full': {
      const gain = rest.gainTicks > 0 ? `a gain of ${price(rest.gainTicks)}` : 'no loss'
      const arcs = rest.arcs.map(describeFull).join(', ')
      return `${whoOf(rest)} ${describeOffer(order, rest)}, ${gain}${afterFee(rest)}, but ${arcs}`
    }
    case 'fee': {
      const parts = rest.fees.map(
        ({ arc, direction, feeTicks }) => `${price(feeTicks)} ${direction} at ${arc}`,
      )
      const fee = parts.length > 1 ? `${price(rest.pathFeeTicks)} (${list(parts)})` : parts[0]!
      const short = `leaves it ${price(rest.shortTicks)} short`
      return `${whoOf(rest)} ${describeOffer(order, rest)}, but the wheeling fee on the way, ${fee}, ${short}`
    }
    case 'limit': {
      // Of a counterpart served on the same bus the price there has said it already.
      if (!rest.open && rest.counterpartBus === order.bus) return ''
      const short = `${price(rest.shortTicks)} short${afterFee(rest)}`
      return `The closest ${other}, ${whoOf(rest)}, ${describeOffer(order, rest)}: ${short}`
    }
  }
}

function whoOf({ counterpart, counterpartBus }: Counterpart): string {
  return `${counterpart} on ${counterpartBus}`
}

function describeOffer({ side }: OrderExplanation, { open, worthTicks }: Counterpart): string {
  if (!open) return `is served where the price is ${price(worthTicks)}`
  return `would still ${side === 'buy' ? 'sell at' : 'pay'} ${price(worthTicks)}`
}

function afterFee({ pathFeeTicks }: Counterpart): string {
  return pathFeeTicks > 0 ? ` after a wheeling fee of ${price(pathFeeTicks)}` : ''
}

function describeFull({ arc, direction, capacityWh }: FullArc): string {
  return capacityWh === 0
    ? `the arc above ${arc} carries nothing ${direction}`
    : `the arc above ${arc} is full, ${energy(capacityWh)} kWh ${direction}`
}

function describeClaimant(claimant: Claimant): string {
  const who = 'order' in claimant ? claimant.order : `what is below the arc of ${claimant.arc}`
  return `${who} (${energy(claimant.acceptedWh)} of ${energy(claimant.energyWh)})`
}

function describeMoney({ side, trades, priceTicks }: OrderExplanation, rule: PriceRuleName): string {
  const [verb, way] = side === 'buy' ? ['pays', 'to'] : ['gets', 'from']
  if (rule === 'nodal-uniform') return `It ${verb} the price there, ${price(priceTicks)}`
  const each = trades.map(({ counterpart, quantityWh, priceTicks: own, pathFeeTicks }) => {
    const fee = side === 'buy' && pathFeeTicks > 0 ? `, of it ${price(pathFeeTicks)} wheeling fee` : ''
    return `${price(own)} ${way} ${counterpart} for ${energy(quantityWh)}${fee}`
  })
  return `Under ${rule} it ${verb} ${list(each)}`
}

function list(items: readonly string[]): string {
  const shown = items.slice(0, listed)
  const more = items.length - shown.length
  return more > 0 ? `${shown.join('; ')}; and ${more} more` : shown.join('; ')
}
