/** What the shape of forecasts and auctions cannot say. */
import type { Tell } from './check.ts'
import { followsPrices } from './flexible.ts'
import { auctionsOf } from './forecast.ts'
import type { ScenarioData } from './schema.ts'

export function checkForecast(data: ScenarioData, fault: Tell): void {
  checkModes(data.forecast, fault)
  const { auctions } = data.market
  if (!auctions) return
  if (!auctions.day_ahead && !auctions.intraday)
    fault('auctions', ['market', 'auctions'], 'day_ahead, intraday or both', auctions)
  if (!auctions.day_ahead) return
  checkGates(data, fault)
  if (auctions.intraday) checkForesight(data, fault)
  else checkPlanned(data, fault)
}

function checkModes(forecast: ScenarioData['forecast'], fault: Tell): void {
  for (const kind of ['load', 'pv'] as const) {
    const share = `${kind}_error_share` as const
    if (forecast[kind] !== undefined && forecast[share] !== undefined)
      fault('forecast', ['forecast', share], `either ${kind} or ${share}`, 'both')
    if (forecast[kind] === undefined && forecast[share] === undefined)
      fault('forecast', ['forecast'], `${kind}: perfect, persistence or noisy, or ${share}`, 'neither')
  }
}

/** What is bought for midnight a day ahead is bought before the intraday gate for midnight closes. */
function checkGates({ market }: ScenarioData, fault: Tell): void {
  const { dayAhead, closesMinutesBefore } = auctionsOf(market)
  const minutesMax = 60 * (24 - dayAhead!.closesHour)
  if (closesMinutesBefore >= minutesMax) {
    const path = ['market', 'auctions', 'intraday', 'closes_minutes_before']
    fault(
      'gates',
      path,
      `less than ${minutesMax}, so that the day-ahead gate closes first`,
      closesMinutesBefore,
    )
  }
}

const tradesIntraday = 'an intraday auction, the one it trades in'

/** Batteries bid what they hold, and machines what they have decided by midnight: neither is known a day ahead. */
function checkPlanned({ participants }: ScenarioData, fault: Tell): void {
  const tell = (kind: string, row: number) =>
    fault('auctions', ['participants', kind, row], tradesIntraday, 'day_ahead alone')
  participants.storage.forEach(({ mode = 'arbitrage' }, row) => {
    if (mode === 'arbitrage' || mode === 'rental') tell('storage', row)
  })
  participants.enterprises.forEach((each, row) => {
    if (followsPrices(each)) tell('enterprises', row)
  })
  participants.cogeneration.forEach(({ dispatch }, row) => {
    if (dispatch) tell('cogeneration', row)
  })
}

function checkForesight({ participants }: ScenarioData, fault: Tell): void {
  participants.storage.forEach(({ plan }, row) => {
    if (plan?.forecast !== 'perfect') return
    const wanted = 'yesterday, last-week or prices: nobody knows what the day-ahead auction will leave'
    fault('foresight', ['participants', 'storage', row, 'plan', 'forecast'], wanted, 'perfect')
  })
}
