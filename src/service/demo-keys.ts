/** Keys for a demonstration: one participant of each kind, and an observer. Those of an earlier demonstration end. */
import { makeKeyFor, officeOf } from './market/enter-members.ts'
import type { LiveMarket } from './market/live-market.ts'

export interface DemoKey {
  readonly participant: string
  readonly kind: string
  readonly key: string
}

const label = 'demonstration'

export async function demoKeys(market: LiveMarket): Promise<DemoKey[]> {
  const { store, directory } = market
  const by = { atMs: market.clock.now() }
  const ofKinds = [
    ...new Map(market.members.all.toReversed().map((member) => [member.kind, member])).values(),
  ]
  const holders = [
    ...ofKinds
      .toReversed()
      .map(({ participant, id, kind }) => ({ holder: participant, participant: id, kind })),
    { holder: await observer(market), participant: 'observer', kind: 'observer' },
  ]
  const earlier = [...directory.keys].filter((key) => key.label === label && key.revokedMs === undefined)
  const keys: DemoKey[] = []
  for (const { holder, participant, kind } of holders) {
    const revoking = earlier.filter((key) => key.participant === holder).map(({ id }) => id)
    const key = await makeKeyFor(store.access, { id: holder }, label, by, revoking)
    keys.push({ participant, kind, key })
  }
  await directory.refresh()
  return keys
}

async function observer({ store, directory, clock }: LiveMarket): Promise<number> {
  const known = [...directory.participants].find(({ role }) => role === 'observer')
  return (known ?? (await store.access.add(officeOf('observer'), { atMs: clock.now() }))!).id
}
