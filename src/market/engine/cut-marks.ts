/**
 * What is kept of each subtree's curve once it has been passed on: how much its arc lets through, and at which keys its net
 * export reaches and passes the three levels that may fix it.
 *
 *     reach(level) = the first key with which net export is at least the level, −∞ if it is so below all keys
 *     pass(level)  = the first key with which net export is above the level, ∞ if it never is
 *
 * Where a step straddles the level both are its key.
 */

// Eight numbers a bus, so that those of a bus share a line of the cache.
export const ofBus = 8
/** most that flows in and out [Wh] */
export const importWh = 0
export const exportWh = 1
export const reachImport = 2
export const passImport = 3
export const reachZero = 4
export const passZero = 5
export const reachExport = 6
export const passExport = 7
