/**
 * A new operator key for whoever lost the former one. Who may write the market's database may have one: nothing in it is safe
 * from them anyway. Services that run on that database hear of it as of any change of keys.
 */
import { StoreFault } from '../store/fault.ts'
import { openAccess } from '../store/open.ts'
import { makeKey } from './access/keys.ts'

export interface OperatorKey {
  /** name of the market */
  readonly market: string
  /** nowhere else: shown once */
  readonly key: string
  /** keys of the operator that ended with it */
  readonly ended: number
}

/**
 * @param database `sqlite:FILE` or `postgres://…`
 * @throws StoreFault where there is no market, or none that this program knows or may write
 */
export async function replaceOperatorKeys(database: string): Promise<OperatorKey> {
  await using store = await openAccess(database)
  const { access, clock, market } = store
  const operator = (await access.participants()).find(({ role }) => role === 'operator')
  if (!operator)
    throw new StoreFault(
      'empty',
      `nobody operates ${market.name} yet: its first start makes an operator's key`,
    )
  const { id, hash, text } = makeKey()
  const key = { id, hash, participant: operator.id, label: 'operator, from the console' }
  const ended = await access.replaceKeys(key, { atMs: await clock.position() }, 'console')
  return { market: market.name, key: text, ended }
}
