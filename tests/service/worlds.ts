/** Markets of the shipped scenarios for tests, without a store. */
import { MarketCore } from '../../src/service/market/market-core.ts'
import { buildModel, type MarketModel } from '../../src/service/market/market-model.ts'
import { Members } from '../../src/service/market/members.ts'
import { buildWorld, type World } from '../../src/simulation/world.ts'
import { zoneOf } from '../simulation/zones.ts'

export function worldOf(...scenario: Parameters<typeof zoneOf>): World {
  const built = buildWorld(zoneOf(...scenario), () => undefined)
  if (!built.ok) throw new Error(JSON.stringify(built.faults))
  return built.value
}

/** Members numbered from 1, as a store numbers the first it gets. */
export function membersOf({ units }: MarketModel): Members {
  return new Members(units.map((unit, index) => ({ ...unit, participant: index + 1 })))
}

export function coreOf(...scenario: Parameters<typeof zoneOf>): MarketCore {
  const model = buildModel(worldOf(...scenario))
  return new MarketCore(model, membersOf(model))
}
