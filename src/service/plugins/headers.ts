/**
 * Security headers. Answers of the interface are data for programs: no browser shall run, frame or guess at them. The pages
 * under /docs get what helmet gives to pages.
 */
import helmet from '@fastify/helmet'
import type { FastifyInstance } from 'fastify'

export const dataHeaders = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const

export async function addPageHeaders(pages: FastifyInstance): Promise<void> {
  await pages.register(helmet, {
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
