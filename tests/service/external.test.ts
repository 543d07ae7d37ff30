/** Members whose strategy in the scenario is `external`: their orders come from nobody but themselves. */
import { expect, test } from 'vitest'
import { Refusal } from '../../src/service/refusal.ts'
import { strategicPark } from '../simulation/zones.ts'
import { openTestMarket } from './markets.ts'
import { coreOf } from './worlds.ts'

const battery = 'participants.storage.0.strategy=external'
const scenario = [strategicPark, 'calendar.to=2027-05-02', battery] as const

test('nothing is proposed for an external member, and something at noon for everybody else beside batteries', () => {
  const core = coreOf(...scenario)
  const noon = core.model.timeline.first + 96 + 48
  core.startDay(core.model.timeline.first + 96)
  const proposed = new Set(core.propose(noon).map(({ member }) => member.id))
  expect(core.members.all.filter(({ isExternal }) => isExternal).map(({ id }) => id)).toEqual([
    'laboratory',
    'battery',
  ])
  const silent = core.members.all.filter(({ id, kind }) => !proposed.has(id) && kind !== 'storage')
  expect(silent.map(({ id }) => id)).toEqual(['laboratory'])
})

test('an external member bids by itself and cannot leave it to a strategy', async () => {
  const opened = await openTestMarket({ scenario: [...scenario] })
  const { market } = opened
  const member = market.members.byId('laboratory')!
  expect(market.settingsOf(member)).toEqual({ bidding: 'own' })
  const by = { atMs: 0 }
  await expect(market.setBidding(member, 'strategy', by)).rejects.toThrow(Refusal)
  await market.setBidding(member, 'own', by)
  expect(market.settingsOf(market.members.byId('foundry')!)).toEqual({ bidding: 'strategy' })
  await opened.close()
})
