/** Enterprises and roofs that a scenario asks for by number: drawn from the seed, independent of the run's dates. */
import { randomStream } from '../base/random.ts'
import { drawnId } from './check.ts'
import type { ContractData, DrawData, RoofsData, StrategyData } from './schema.ts'

export interface DrawnEnterprise {
  readonly id: string
  readonly name: string
  readonly group: string
  readonly archetype: string
  readonly bus: string
  readonly annualKwh: number
  readonly contract: ContractData
  /** where its group shares out strategies and it got one */
  readonly strategy: StrategyData | undefined
}

type Sized = Omit<DrawnEnterprise, 'contract'>

/** Draws all groups; their energies sum to the asked total, their contracts come as near to the asked shares as they can. */
export function drawEnterprises(
  draws: DrawData,
  seed: number,
  isLowVoltage: (bus: string) => boolean,
): DrawnEnterprise[] {
  const raw = draws.groups.flatMap((group): Sized[] => {
    const random = randomStream(seed, `draw/${group.id}`)
    const spread = Math.log(group.annual_kwh.max / group.annual_kwh.min)
    const strategies = drawStrategies(group, seed)
    return Array.from({ length: group.count }, (_, at) => ({
      id: drawnId(group.id, at + 1),
      name: `${group.name} ${String(at + 1).padStart(2, '0')}`,
      group: group.group,
      archetype: group.archetype,
      bus: group.buses[at % group.buses.length]!,
      annualKwh: group.annual_kwh.min * Math.exp(spread * random.uniform()),
      strategy: strategies[at],
    }))
  })
  const total = raw.reduce((sum, each) => sum + each.annualKwh, 0)
  const sized = raw.map((each) => ({
    ...each,
    annualKwh: Math.round((each.annualKwh * draws.total_kwh) / total),
  }))
  return assignContracts(sized, draws, isLowVoltage)
}

type DrawGroup = DrawData['groups'][number]

/** Who of a group has which strategy: the group in a drawn sequence, cut by the shares. */
function drawStrategies(group: DrawGroup, seed: number): (StrategyData | undefined)[] {
  const { id, count, strategies } = group
  const drawn = Array.from({ length: count }, (): StrategyData | undefined => undefined)
  if (!strategies) return drawn
  const random = randomStream(seed, `draw/${id}/strategies`)
  const sequence = Array.from({ length: count }, (_, at) => ({ at, place: random.uniform() }))
  sequence.sort((a, b) => a.place - b.place)
  let upTo = 0
  let given = 0
  for (const { strategy, share } of strategies) {
    upTo += share
    for (const end = Math.min(count, Math.round(upTo * count)); given < end; given++)
      drawn[sequence[given]!.at] = strategy
  }
  return drawn
}

/** The smallest customers, low voltage first, stay on agency purchase until its share is reached; the rest alternates. */
function assignContracts(
  sized: readonly Sized[],
  draws: DrawData,
  isLowVoltage: (bus: string) => boolean,
): DrawnEnterprise[] {
  const total = sized.reduce((sum, each) => sum + each.annualKwh, 0)
  const bySize = sized.toSorted(
    (a, b) => Number(isLowVoltage(b.bus)) - Number(isLowVoltage(a.bus)) || a.annualKwh - b.annualKwh,
  )
  const agencyKwh = total * (1 - draws.retail_share)
  const contracts = new Map<string, ContractData>()
  let agency = 0
  let flat = 0
  let retail = 0
  for (const each of bySize) {
    if (Math.abs(agency + each.annualKwh - agencyKwh) <= Math.abs(agency - agencyKwh)) {
      agency += each.annualKwh
      contracts.set(each.id, 'agency')
      continue
    }
    const takesFlat = flat <= draws.retail_flat_share * retail
    retail += each.annualKwh
    if (takesFlat) flat += each.annualKwh
    contracts.set(
      each.id,
      takesFlat
        ? { retail_flat_cny_per_kwh: draws.retail_flat_cny_per_kwh }
        : { retail_by_period_cny_per_kwh: draws.retail_by_period_cny_per_kwh },
    )
  }
  return sized.map((each) => ({ ...each, contract: contracts.get(each.id)! }))
}

export interface DrawnRoof {
  readonly id: string
  readonly host: string
  readonly capacityKw: number
  readonly owner: 'host' | 'third-party'
  readonly outside: 'mechanism-stock' | 'mechanism-incremental'
}

/** Roofs on the largest hosts, sized by their energy; whole kW that sum to the asked total. */
export function drawRoofs(
  roofs: RoofsData,
  hosts: readonly { readonly id: string; readonly annualKwh: number }[],
  seed: number,
): DrawnRoof[] {
  const largest = hosts.toSorted((a, b) => b.annualKwh - a.annualKwh).slice(0, roofs.count)
  const weight = largest.map((host) => Math.sqrt(host.annualKwh))
  const total = weight.reduce((sum, each) => sum + each, 0)
  const random = randomStream(seed, 'draw/roofs')
  let capacityLeft = roofs.total_kw
  let weightLeft = total
  let stock = 0
  let built = 0
  let thirdParty = 0
  return largest.map((host, at) => {
    const capacityKw = Math.round((capacityLeft * weight[at]!) / weightLeft)
    capacityLeft -= capacityKw
    weightLeft -= weight[at]!
    const isStock = stock <= roofs.stock_share * built
    built += capacityKw
    if (isStock) stock += capacityKw
    const isThirdParty = thirdParty + 1 <= roofs.third_party_share * (at + 1) + 0.5 * random.uniform()
    if (isThirdParty) thirdParty++
    return {
      id: `roof-${String(at + 1).padStart(2, '0')}`,
      host: host.id,
      capacityKw,
      owner: isThirdParty ? 'third-party' : 'host',
      outside: isStock ? 'mechanism-stock' : 'mechanism-incremental',
    }
  })
}
