/** What the shape of forecasts cannot say. */
import type { Tell } from './check.ts'
import type { ScenarioData } from './schema.ts'

export function checkForecast({ forecast }: ScenarioData, fault: Tell): void {
  for (const kind of ['load', 'pv'] as const) {
    const share = `${kind}_error_share` as const
    if (forecast[kind] !== undefined && forecast[share] !== undefined)
      fault('forecast', ['forecast', share], `either ${kind} or ${share}`, 'both')
    if (forecast[kind] === undefined && forecast[share] === undefined)
      fault('forecast', ['forecast'], `${kind}: perfect, persistence or noisy, or ${share}`, 'neither')
  }
}
