/**
 * A bus's merged curve in plain characters: net export to the right, price upward, one row a step.
 *
 *     > 0.4200             -----|##          buys office 4.000
 *
 * Characters outside ASCII are left out on purpose: a terminal set to Chinese draws blocks and lines two columns wide.
 */
import { formatScaled } from '../base/decimal.ts'
import type { BusExplanation, Claimant, StepExplanation } from '../market/explain/explanation.ts'
import { barWidth, BarScale } from './bar-scale.ts'
import { cutTo, visible, widthOf } from './text-width.ts'

/** Columns of the whole drawing. */
export const drawingWidth = 78
/** Steps drawn on either side of the crossing; the others are folded into one row. */
const stepsEachSide = 10

export const legend = '# traded, - not traded, . folded; | net export at the price, : zero; > price'

interface Row {
  readonly isAtPrice: boolean
  readonly price: string
  readonly bar: string
  readonly label: string
}

export function drawCurve(bus: BusExplanation): string[] {
  if (bus.steps.length === 0) return []
  const rows = rowsOf(bus).toReversed()
  const priceWidth = Math.max(...rows.map(({ price }) => price.length))
  return rows.map(({ isAtPrice, price, bar, label }) => {
    const start = `${isAtPrice ? '>' : ' '} ${price.padStart(priceWidth)}  ${bar}  `
    return (start + cutTo(label, drawingWidth - start.length)).trimEnd()
  })
}

/** By rising price. */
function rowsOf(bus: BusExplanation): Row[] {
  const { steps, flowUpWh, priceTicks } = bus
  const crossed = steps.filter(({ toWh }) => toWh <= flowUpWh).length
  const below = foldable(steps.slice(0, Math.max(0, crossed - stepsEachSide)))
  const above = foldable(steps.slice(crossed + stepsEachSide))
  const drawn = steps.slice(below.length, steps.length - above.length)
  const scale = new BarScale(drawn, flowUpWh)
  const rows = drawn.map((step) => stepRow(step, priceTicks, scale))
  if (!steps.some((step) => step.priceTicks === priceTicks)) {
    const at = drawn.filter((step) => step.priceTicks < priceTicks).length
    rows.splice(at, 0, { isAtPrice: true, price: formatScaled(priceTicks, 4), bar: scale.empty(), label: '' })
  }
  return [...foldedRow(below, scale.below()), ...rows, ...foldedRow(above, scale.above())]
}

/** A single step is as short as the row that would stand for it. */
function foldable(steps: readonly StepExplanation[]): readonly StepExplanation[] {
  return steps.length > 1 ? steps : []
}

function foldedRow(steps: readonly StepExplanation[], bar: string): Row[] {
  if (steps.length === 0) return []
  const range = `${formatScaled(steps[0]!.priceTicks, 4)} to ${formatScaled(steps.at(-1)!.priceTicks, 4)}`
  return [{ isAtPrice: false, price: '...', bar, label: `${steps.length} steps, ${range}` }]
}

function stepRow(step: StepExplanation, priceTicks: number, scale: BarScale): Row {
  return {
    isAtPrice: step.priceTicks === priceTicks,
    price: formatScaled(step.priceTicks, 4),
    bar: scale.bar(step),
    label: labelOf(step),
  }
}

/** `buys office 4.000, over feeder 6.000 (pv, +2), +1` */
function labelOf({ side, claimants }: StepExplanation): string {
  const labelWidth = drawingWidth - barWidth - 16
  let label = `${side}s ${claimantLabel(claimants[0]!)}`
  for (const [at, claimant] of claimants.entries()) {
    if (at === 0) continue
    const longer = `${label}, ${claimantLabel(claimant)}`
    if (widthOf(longer) > labelWidth - 5) return `${label}, +${claimants.length - at}`
    label = longer
  }
  return label
}

function claimantLabel(claimant: Claimant): string {
  const energy = formatScaled(claimant.energyWh, 3)
  if ('order' in claimant) return `${visible(claimant.order)} ${energy}`
  const [first, ...more] = claimant.orders
  const orders = `${visible(first!)}${more.length > 0 ? `, +${more.length}` : ''}`
  return `over ${visible(claimant.arc)} ${energy} (${orders})`
}
