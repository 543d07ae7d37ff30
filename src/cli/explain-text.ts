/** `overwall clear --explain` for people: the totals, every bus's curve, one paragraph an order. */
import { formatScaled } from '../base/decimal.ts'
import { bookName, type ClearFault, type ClearResult } from '../market/book-json.ts'
import type { BusExplanation } from '../market/explain/explanation.ts'
import type { Explained } from '../market/explain/explain-json.ts'
import { describeArc, describeOrder, describePrice } from '../market/explain/sentences.ts'
import { drawCurve, drawingWidth, legend } from './curve-drawing.ts'
import { visible, wrap } from './text-width.ts'

export function explanationText({ result, explanation }: Explained): string {
  const { rule, buses, orders } = explanation
  const parts = [
    totalsText(result, explanation),
    ...(buses.length > 0 ? [legend] : []),
    ...buses.map(busText),
    orders.map((order) => paragraph(describeOrder(order, rule))).join('\n'),
  ]
  return `${parts.filter(Boolean).join('\n\n')}\n`
}

export function faultText({ id, error, errors }: ClearFault): string {
  const messages = (errors ?? [error]).map(({ message }) => paragraph(message, '  '))
  return `${paragraph(`${bookName(id)} is not explained`)}\n${messages.join('\n')}\n`
}

function totalsText(result: ClearResult, { rule, proof }: Explained['explanation']): string {
  const { reduction } = result
  return [
    `${bookName(result.id)} under ${rule}: ${result.volume} kWh traded, welfare ${proof.welfareCny} CNY`,
    `proof: at these prices orders gain ${proof.ordersCny} CNY, room of arcs ${proof.arcsCny}`,
    `wheeling fees ${result.wheelingFees} CNY, congestion rent ${result.congestionRent} CNY`,
    ...(reduction
      ? [
          `curve and proof are those of the optimum; the reduction leaves a welfare of ${reduction.welfare} CNY ` +
            `and a budget surplus of ${reduction.budgetSurplus} CNY`,
        ]
      : []),
  ]
    .map((line) => paragraph(line))
    .join('\n')
}

function busText(bus: BusExplanation): string {
  const energy = (wh: number) => formatScaled(wh, 3)
  const facts = [
    describePrice(bus),
    bus.arc ? describeArc(bus.arc, bus.flowUpWh) : '',
    bus.steps.length > 0
      ? `net export from ${energy(-bus.demandWh)} to ${energy(bus.supplyWh)} kWh, at the price ${energy(bus.flowUpWh)}`
      : 'nobody asks or offers here or below',
  ]
  const lines = facts.filter(Boolean).map((fact) => paragraph(fact, '  '))
  return [paragraph(`bus ${bus.bus}`), ...lines, ...drawCurve(bus)].join('\n')
}

function paragraph(text: string, first = ''): string {
  return wrap(visible(text), drawingWidth, { first, rest: '    ' }).join('\n')
}
