/** A new market's members and keys, as the store gets them. */
import { assert } from '../../base/errors.ts'
import { makeKey } from '../access/keys.ts'
import type { AccessRecords, By, NewParticipant, Participant } from '../../store/port.ts'
import type { MarketModel } from './market-model.ts'

/** Enters every unit of the zone and the operator, where nobody is entered yet. */
export async function enterMembers(
  access: AccessRecords,
  { world, units }: MarketModel,
  by: By,
): Promise<readonly Participant[]> {
  const known = await access.participants()
  if (known.length > 0) return known
  const { names } = world.chart
  const members = units.map(({ account, id, kind, bus }): NewParticipant => ({
    name: names[account]!,
    role: 'participant',
    bus,
    publicJson: JSON.stringify({ id, kind }),
    privateJson: '{}',
  }))
  return access.addAll([...members, officeOf('operator')], by)
}

/** Who operates or observes is no unit of the zone; all keys of a role belong to one holder. */
export function officeOf(role: 'operator' | 'observer'): NewParticipant {
  return { name: role, role, publicJson: '{}', privateJson: '{}' }
}

export function operatorOf(participants: readonly Participant[]): Participant {
  const operator = participants.find(({ role }) => role === 'operator')
  assert(operator !== undefined, 'a market has an operator')
  return operator
}

/** @returns the key, which is nowhere else */
export async function makeKeyFor(
  access: AccessRecords,
  holder: Pick<Participant, 'id'>,
  label: string,
  by: By,
  revoking: readonly string[] = [],
): Promise<string> {
  const { id, hash, text } = makeKey()
  const added = await access.addKey({ id, participant: holder.id, hash, label }, by, revoking)
  assert(added, 'two keys drew one id')
  return text
}
