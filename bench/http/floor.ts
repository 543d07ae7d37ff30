/** What HTTP, JSON and the schema cost by themselves: a bare Fastify that checks orders and keeps nothing. */
import Fastify from 'fastify'
import { newOrders } from '../../src/contract/routes/orders.ts'

const app = Fastify()
app.post('/v1/zones/:zone/orders', (request, reply) => {
  const parsed = newOrders.safeParse(request.body)
  if (!parsed.success) return reply.code(400).send({ wrong: true })
  const { data } = parsed
  const orders = (Array.isArray(data) ? data : [data]).map(({ interval }, index) => ({
    id: `1998336-8f3k2m9qxt-${index}`,
    interval,
  }))
  return reply.code(201).send({ orders })
})
const clearing = {
  interval: '2027-05-10T12:00',
  prices: Array.from({ length: 23 }, (_, bus) => ({ bus: `f${bus}`, price: '0.4000', traded: true })),
}
app.get('/v1/zones/:zone/clearings/:interval', () => clearing)
const url = await app.listen({ host: '127.0.0.1', port: 0 })
process.on('message', () =>
  process.send!({ cpu: process.cpuUsage(), held: { maxMs: 0, p99Ms: 0 }, rss: process.memoryUsage().rss }),
)
process.send!({ url })
