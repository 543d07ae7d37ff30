/** Charts as inline SVG, drawn by ECharts without a browser. */
import { BarChart, LineChart } from 'echarts/charts'
import { GridComponent, LegendComponent } from 'echarts/components'
import { init, use, type EChartsCoreOption } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { escape } from './escape.ts'

use([BarChart, LineChart, GridComponent, LegendComponent, SVGRenderer])

/** Colours that differ in brightness as well, so that they survive a grey printer. */
export const palette = ['#1f5f8b', '#e0a030', '#6aa84f', '#9c4f96', '#7a8694', '#c25b4e']

export function svgChart(option: EChartsCoreOption, height: number, width = 900): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height })
  chart.setOption({
    animation: false,
    color: palette,
    textStyle: { fontFamily: 'system-ui, Noto Sans, Noto Sans CJK SC, sans-serif' },
    ...option,
  })
  const svg = chart.renderToSVGString()
  chart.dispose()
  return svg
}

export function figure(svg: string, caption: string): string {
  return `<figure>${svg}<figcaption>${escape(caption)}</figcaption></figure>`
}
