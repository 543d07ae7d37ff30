/** From net export to columns of a bar. The crossing and zero are marks of their own between two columns. */
import type { StepExplanation } from '../market/explain/explanation.ts'

/** Columns without the two marks. */
export const barWidth = 26
const folded = '...'

export class BarScale {
  readonly #fromWh: number
  readonly #perColumn: number
  readonly #flowUpWh: number
  readonly #crossing: number
  /** −1 where it is out of sight */
  readonly #zero: number

  /** @param steps what is drawn, at least one, by rising price */
  constructor(steps: readonly StepExplanation[], flowUpWh: number) {
    const [fromWh, toWh] = [steps[0]!.fromWh, steps.at(-1)!.toWh]
    this.#fromWh = fromWh
    this.#perColumn = (toWh - fromWh) / barWidth
    this.#flowUpWh = flowUpWh
    // Whatever lies on a side of the crossing has a column there.
    const least = flowUpWh > fromWh ? 1 : 0
    const most = flowUpWh < toWh ? barWidth - 1 : barWidth
    this.#crossing = clamp(this.#column(flowUpWh), least, most)
    const isSeen = fromWh <= 0 && 0 <= toWh
    this.#zero = flowUpWh === 0 ? this.#crossing : isSeen ? this.#column(0) : -1
  }

  /** What trades of a step and what does not, on the two sides of the crossing, each of at least one column. */
  bar({ fromWh, toWh, side }: StepExplanation): string {
    const [before, behind] = side === 'sell' ? ['#', '-'] : ['-', '#']
    const cells = noCells()
    if (fromWh < this.#flowUpWh) {
      const to = clamp(this.#column(Math.min(toWh, this.#flowUpWh)), 1, this.#crossing)
      cells.fill(before!, Math.min(this.#column(fromWh), to - 1), to)
    }
    if (toWh > this.#flowUpWh) {
      const from = clamp(this.#column(Math.max(fromWh, this.#flowUpWh)), this.#crossing, barWidth - 1)
      cells.fill(behind!, from, Math.max(this.#column(toWh), from + 1))
    }
    return this.#marked(cells)
  }

  empty(): string {
    return this.#marked(noCells())
  }

  /** Steps out of sight, to the left or to the right. */
  below(): string {
    return this.#marked(folded.padEnd(barWidth).split(''))
  }

  above(): string {
    return this.#marked(folded.padStart(barWidth).split(''))
  }

  #column(netWh: number): number {
    return Math.round((netWh - this.#fromWh) / this.#perColumn)
  }

  #marked(cells: readonly string[]): string {
    const marks = Array.from({ length: barWidth + 1 }, () => '')
    if (this.#zero >= 0) marks[this.#zero] = ':'
    marks[this.#crossing] = '|'
    return marks
      .map((mark, at) => mark + (cells[at] ?? ''))
      .join('')
      .padEnd(barWidth + 2)
  }
}

function noCells(): string[] {
  return Array.from({ length: barWidth }, () => ' ')
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value))
}
