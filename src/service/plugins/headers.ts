/** Security headers on every answer. Nothing here is meant for another site's page. */
import helmet from '@fastify/helmet'
import type { FastifyInstance } from 'fastify'

export async function addSecurityHeaders(app: FastifyInstance): Promise<void> {
  await app.register(helmet, {
    // A service behind plain HTTP on this machine must not tell browsers to ask for HTTPS ever after.
    strictTransportSecurity: false,
    contentSecurityPolicy: {
      directives: {
        defaultSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        upgradeInsecureRequests: null,
      },
    },
  })
}
