/** Hooks of one route, which know it without being told at every request. */
import type { onRequestHookHandler, RouteOptions } from 'fastify'

/** Has a hook run before those that the route has. */
export function firstOnRequest(route: RouteOptions, hook: onRequestHookHandler): void {
  route.onRequest = [hook, ...[route.onRequest ?? []].flat()]
}
