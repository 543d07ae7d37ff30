/** What watches the service. */
import { hash } from 'node:crypto'
import { Sent, tagged, type Handlers } from '../../answer.ts'
import type { LiveMarket } from '../../market/live-market.ts'
import type { Metrics } from '../../plugins/metrics.ts'
import { Refusal } from '../../refusal.ts'
import { StoreFault } from '../../../store/fault.ts'

export function serviceRoutes(
  market: LiveMarket,
  { metrics, document }: { readonly metrics: Metrics; readonly document: object },
): Handlers<'isLive' | 'isReady' | 'getMetrics' | 'getOpenApi'> {
  const described = tagged(document, hash('sha256', JSON.stringify(document)).slice(0, 32))
  return {
    isLive: () => ({ status: 'ok' }),
    isReady: async () => {
      const checks = await checksOf(market)
      const wrong = Object.entries(checks).filter(([, state]) => state !== 'ok')
      if (wrong.length === 0) return { status: 'ok', checks }
      throw new Refusal('not-ready', {
        came: wrong.map(([name, state]) => `${name}: ${state}`).join('; '),
        retryAfterS: 5,
      })
    },
    getMetrics: async () =>
      new Sent(await metrics.registry.metrics(), { type: metrics.registry.contentType }),
    getOpenApi: () => described,
  }
}

async function checksOf({ store, pulse }: LiveMarket): Promise<Record<string, string>> {
  return {
    store: await checkStore(store),
    market: pulse.trouble ?? (pulse.isCaughtUp ? 'ok' : 'catching up'),
  }
}

async function checkStore(store: LiveMarket['store']): Promise<string> {
  try {
    await store.check()
    return 'ok'
  } catch (error) {
    return error instanceof StoreFault ? error.code : 'broken'
  }
}
