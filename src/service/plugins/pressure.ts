/** Past its capacity the service says so at once, with the time to come back, and goes on with what it has. */
import underPressure from '@fastify/under-pressure'
import type { FastifyInstance } from 'fastify'
import { Refusal } from '../refusal.ts'
import { firstOnRequest } from './route-hooks.ts'

/** Whoever watches is answered whatever the load: that is when there is something to see. */
const always = ['/health/live', '/health/ready', '/metrics']

/**
 * For the routes that are added afterwards.
 * @param mostDelayMs how far behind the event loop may be, a second without a turn being too far whatever it says; 0 never minds
 */
export async function addPressure(app: FastifyInstance, mostDelayMs: number): Promise<void> {
  let isPast = () => false
  // In a corner without routes: what the plugin itself does at every request costs as much as knowing who asks.
  await app.register(async (corner) => {
    await corner.register(underPressure, {
      maxEventLoopDelay: mostDelayMs,
      maxHeapUsedBytes: 0,
      maxRssBytes: 0,
    })
    isPast = () => corner.isUnderPressure()
  })
  app.addHook('onRoute', (route) => {
    if (always.includes(route.url)) return
    firstOnRequest(route, (_, __, done) => {
      if (isPast())
        throw new Refusal('overloaded', {
          came: 'more requests than can be answered in time',
          retryAfterS: 2,
        })
      done()
    })
  })
}
