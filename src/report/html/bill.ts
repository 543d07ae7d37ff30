/** The bill of all enterprises before and after, line by line in the order of a Chinese bill. */
import type { SimulationResult, Statement } from '../../simulation/result.ts'
import { grouped } from '../numbers.ts'
import { figure, svgChart } from './chart.ts'
import { htmlTable, section } from './escape.ts'

interface BillSum {
  readonly label: string
  beforeFen: number
  afterFen: number
}

export function billSection(result: SimulationResult): string {
  const sums = billSums(result.main.statements)
  const before = sums.reduce((sum, line) => sum + line.beforeFen, 0)
  const after = sums.reduce((sum, line) => sum + line.afterFen, 0)
  const yuan = (fen: number) => grouped(fen / 100)
  const rows = [...sums, { label: 'Total (合计)', beforeFen: before, afterFen: after }].map((line) => [
    line.label,
    yuan(line.beforeFen),
    yuan(line.afterFen),
    yuan(line.afterFen - line.beforeFen),
  ])
  return section(
    'bill',
    'The bill before and after',
    figure(
      billChart(sums),
      'Change of each bill line with the market, million CNY; bars to the left are money saved.',
    ),
    htmlTable(
      'Bills of all enterprises, CNY',
      ['line', 'without the market', 'with the market', 'change'],
      rows,
    ),
  )
}

/** Sums statement lines over enterprises and months; energy bands become one line. */
export function billSums(statements: readonly Statement[]): BillSum[] {
  const sums = new Map<string, BillSum>()
  for (const { role, run, lines } of statements) {
    if (role !== 'buyer') continue
    for (const line of lines) {
      const energy = line.key.startsWith('energy-')
      const key = energy ? `energy/${line.en.split(',')[0]}` : line.key
      const label = energy
        ? `${line.en.split(',')[0]} (${line.zh.replace(/（.*）/, '')})`
        : `${line.en} (${line.zh})`
      const sum = sums.get(key) ?? { label, beforeFen: 0, afterFen: 0 }
      if (run === 'baseline') sum.beforeFen += line.amountFen
      else sum.afterFen += line.amountFen
      sums.set(key, sum)
    }
  }
  return [...sums.values()]
}

function billChart(sums: readonly BillSum[]): string {
  const moved = sums.filter((line) => line.beforeFen !== line.afterFen)
  return svgChart(
    {
      grid: { left: 330, right: 70, top: 10, bottom: 30 },
      xAxis: { type: 'value' },
      yAxis: {
        type: 'category',
        inverse: true,
        data: moved.map((line) => line.label),
        axisTick: { show: false },
        axisLabel: { width: 310, overflow: 'truncate' },
      },
      series: [
        {
          type: 'bar',
          data: moved.map((line) => Math.round((line.afterFen - line.beforeFen) / 1e6) / 100),
          barMaxWidth: 16,
          label: { show: true, position: 'right', formatter: '{c}' },
        },
      ],
    },
    60 + moved.length * 26,
  )
}
