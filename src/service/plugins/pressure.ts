/** Past its capacity the service says so at once, with the time to come back, and goes on with what it has. */
import underPressure from '@fastify/under-pressure'
import type { FastifyInstance } from 'fastify'
import { Refusal } from '../refusal.ts'

/** Health is answered whatever the load. */
const always = ['/health/live', '/health/ready']

/** @param mostDelayMs how far behind the event loop may be, a second without a turn being too far whatever it says; 0 never minds */
export async function addPressure(app: FastifyInstance, mostDelayMs: number): Promise<void> {
  await app.register(underPressure, {
    maxEventLoopDelay: mostDelayMs,
    maxHeapUsedBytes: 0,
    maxRssBytes: 0,
    pressureHandler: (request) => {
      if (always.includes(request.url)) return
      throw new Refusal('overloaded', { came: 'more requests than can be answered in time', retryAfterS: 2 })
    },
  })
}
