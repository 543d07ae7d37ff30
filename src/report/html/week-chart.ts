/** Prices and traded energy of one week, for the report and for the README's picture. */
import { isoStart } from '../../base/calendar.ts'
import type { SimulationResult } from '../../simulation/result.ts'
import { typicalWeek } from '../week.ts'
import { svgChart } from './chart.ts'

export function weekSvg(result: SimulationResult): string {
  const { main, zone } = result
  const { first, end } = typicalWeek(result)
  const rows = Array.from({ length: end - first }, (_, at) => first + at)
  const times = rows.map((row) => isoStart(zone.calendar, row).slice(5, 16).replace('T', ' '))
  const power = (column: Float64Array) => rows.map((row) => (column[row]! * 4) / 1e6)
  const prices = rows.map((row) => {
    const tradedWh = main.columns.tradedWh[row]!
    return tradedWh === 0 ? null : Math.round(main.columns.tradedValueTickWh[row]! / tradedWh) / 10_000
  })
  const axis = {
    type: 'category',
    data: times,
    axisTick: { show: false },
    axisLabel: { interval: 95, formatter: (text: string) => text.slice(0, 5) },
  }
  return svgChart(
    {
      legend: { top: 0, left: 'center' },
      grid: [
        { left: 60, right: 20, top: 50, height: 150 },
        { left: 60, right: 20, top: 250, height: 130 },
      ],
      xAxis: [
        { ...axis, gridIndex: 0 },
        { ...axis, gridIndex: 1 },
      ],
      yAxis: [
        { type: 'value', gridIndex: 0, name: 'MW', nameLocation: 'end' },
        {
          type: 'value',
          gridIndex: 1,
          name: 'CNY/kWh to the seller',
          scale: true,
          nameTextStyle: { align: 'left' },
        },
      ],
      series: [
        {
          name: 'zone load',
          type: 'line',
          data: power(main.columns.loadWh),
          symbol: 'none',
          lineStyle: { width: 1 },
        },
        {
          name: 'PV',
          type: 'line',
          data: power(main.columns.pvWh),
          symbol: 'none',
          lineStyle: { width: 1.4 },
          areaStyle: { opacity: 0.15 },
        },
        {
          name: 'traded',
          type: 'line',
          data: power(main.columns.tradedWh),
          symbol: 'none',
          lineStyle: { width: 1.8 },
          areaStyle: { opacity: 0.25 },
        },
        {
          name: 'mean price',
          type: 'line',
          data: prices,
          xAxisIndex: 1,
          yAxisIndex: 1,
          symbol: 'none',
          step: 'start',
          lineStyle: { width: 1.6 },
        },
      ],
    },
    420,
  )
}
