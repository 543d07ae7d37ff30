/**
 * A market that runs: the zone it trades in, the store that remembers it, the clock it goes by, and everybody who may speak
 * in it. Routes see this and nothing behind it.
 */
import { Directory, type Caller } from '../access/directory.ts'
import { parseKey } from '../access/keys.ts'
import { openClock, type Clock, type ClockChoice, type WallClock } from '../clock.ts'
import { Refusal } from '../refusal.ts'
import type { World } from '../../simulation/world.ts'
import type { By, MarketStore } from '../../store/port.ts'
import { AuctionHall } from './auction-hall.ts'
import { enterMembers, makeKeyFor, operatorOf } from './enter-members.ts'
import type { UnprovedClearing } from './hold-auction.ts'
import { Keeper, type ClearedBook } from './keeper.ts'
import { MarketCore } from './market-core.ts'
import { buildModel, momentOf, type MarketModel } from './market-model.ts'
import type { Moment } from '../../simulation/moment.ts'
import { Members, type Member } from './members.ts'
import { OrderDoor } from './order-door.ts'
import { Pulse, type PulseLog } from './pulse.ts'

export interface LiveOptions {
  readonly store: MarketStore
  readonly world: World
  readonly clock: ClockChoice
  readonly wall: WallClock
  readonly log: PulseLog
  readonly onUnproved: (unproved: UnprovedClearing) => void
}

export interface OpenedMarket {
  readonly market: LiveMarket
  /** made where nobody could operate the market: shown once */
  readonly operatorKey: string | null
}

/** Opens the market that a store holds, or begins the one it was made for. */
export async function openLiveMarket(options: LiveOptions): Promise<OpenedMarket> {
  const { store, world } = options
  const model = buildModel(world)
  const atMs = await store.clock.position()
  const participants = await enterMembers(store.access, model, { atMs })
  const operator = operatorOf(participants)
  const keys = await store.access.keys()
  const canOperate = keys.some((key) => key.participant === operator.id && key.revokedMs === undefined)
  const operatorKey = canOperate ? null : await makeKeyFor(store.access, operator, 'first operator', { atMs })
  const { names } = world.chart
  const numbers = new Map(participants.map(({ name, id }) => [name, id]))
  const members = new Members(
    model.units.map((unit) => ({ ...unit, participant: numbers.get(names[unit.account]!)! })),
  )
  const directory = new Directory(store.access)
  await directory.refresh()
  const clock = await openClock(options.clock, store.clock, options.wall)
  return { market: new LiveMarket(options, { model, members, directory, clock }), operatorKey }
}

export interface MemberSettings {
  /** `own`: its strategy never bids */
  readonly bidding: 'strategy' | 'own'
}

const learnAgainMs = 500

export class LiveMarket {
  readonly store: MarketStore
  readonly model: MarketModel
  readonly members: Members
  readonly directory: Directory
  readonly clock: Clock
  readonly wall: WallClock
  readonly door: OrderDoor
  readonly core: MarketCore
  readonly pulse: Pulse
  readonly #hall = new AuctionHall()
  /** told of what was cleared here, so that a large book need not be read back just after it was written */
  onCleared: (interval: number, book: ClearedBook) => void = () => {}
  #unwatch: (() => void) | null = null
  readonly #stopping = new AbortController()

  constructor(
    { store, wall, log, onUnproved }: LiveOptions,
    { model, members, directory, clock }: Pick<LiveMarket, 'model' | 'members' | 'directory' | 'clock'>,
  ) {
    this.store = store
    this.model = model
    this.members = members
    this.directory = directory
    this.clock = clock
    this.wall = wall
    this.core = new MarketCore(model, members)
    const door = { model, members, orders: store.orders, now: () => clock.now() }
    this.door = new OrderDoor(door)
    const bidsByStrategy = (member: Member) => this.settingsOf(member).bidding === 'strategy'
    const keeper = new Keeper({
      core: this.core,
      store,
      hall: this.#hall,
      bidsByStrategy,
      onUnproved,
      onCleared: (interval, book) => this.onCleared(interval, book),
    })
    this.pulse = new Pulse({ clock, wall, store, keeper, end: model.timeline.end, log })
  }

  start(): void {
    this.#unwatch = this.store.watch((news) => {
      if (news.access) void this.#learn(() => this.directory.refresh())
      if (news.clock) void this.#learn(() => this.followClock())
      if (news.intervals) this.pulse.wake()
    })
    // What was written since the market was opened is no news any more.
    void this.#learn(() => this.directory.refresh())
    void this.#learn(() => this.followClock())
    this.pulse.start()
  }

  /** Reads what another process wrote. News come once: where the database cannot be read now it is asked again. */
  async #learn(read: () => Promise<void>): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      try {
        return await read()
      } catch {
        await this.wall.sleep(learnAgainMs, this.#stopping.signal)
      }
    }
  }

  /** Another process may have brought the market's time farther; what this one did itself is no news. */
  async followClock(): Promise<void> {
    if (this.clock.follow(await this.store.clock.position())) this.pulse.wake()
  }

  /** Orders are refused from here on; what is under way is finished. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#unwatch?.()
    await this.pulse.stop()
    await this.#hall.close()
  }

  /** @throws Refusal when no order can be taken now */
  ready(): void {
    if (this.#stopping.signal.aborted)
      throw new Refusal('not-ready', { came: 'the service stops', retryAfterS: 5 })
    if (this.pulse.trouble === 'clock-behind')
      throw new Refusal('clock-behind', { came: 'the clock stands before what is recorded', retryAfterS: 30 })
  }

  /** Where the interval stands whose gate closes next, or the last one of the market. */
  nextMoment(): Moment {
    const { timeline } = this.model
    return momentOf(this.model, Math.min(this.store.orders.openFrom, timeline.end - 1))
  }

  memberOf(caller: Caller): Member {
    return this.members.byParticipant(caller.participant)
  }

  settingsOf({ participant, isExternal }: Member): MemberSettings {
    if (isExternal) return { bidding: 'own' }
    const text = this.directory.participant(participant)?.privateJson ?? '{}'
    return { bidding: 'strategy', ...(JSON.parse(text) as Partial<MemberSettings>) }
  }

  /** @throws Refusal where there is no strategy that could bid */
  async setBidding(member: Member, bidding: MemberSettings['bidding'], by: By): Promise<void> {
    if (member.isExternal && bidding === 'strategy') throw new Refusal('no-strategy')
    const privateJson = JSON.stringify({ bidding })
    await this.store.access.update(member.participant, { privateJson }, by)
    await this.directory.refresh()
  }

  /**
   * Resolves once everything due until a moment is done, here or by the process that leads.
   *
   * @throws Refusal when the market has trouble and stands
   */
  async caughtUp(ms: number): Promise<void> {
    const giveUp = new AbortController()
    for (;;) {
      this.pulse.wake()
      await this.pulse.doneUntil(ms)
      if (this.pulse.trouble === 'not-proved') throw new Refusal('clearing-not-proved')
      if (this.pulse.trouble === 'store') throw new Refusal('store-refuses', { retryAfterS: 5 })
      if (this.#stopping.signal.aborted)
        throw new Refusal('not-ready', { came: 'the service stops', retryAfterS: 5 })
      if (this.pulse.isDoneUntil(ms) || (!this.pulse.leads && this.pulse.isCaughtUp)) return
      await this.wall.sleep(10, giveUp.signal)
    }
  }

  /** Ends a key that nobody will be told of. */
  async forgetKey(key: string): Promise<void> {
    await this.store.access.revokeKey(parseKey(key)!.id, { atMs: this.clock.now() })
  }

  /** Who does something, and when by the market's clock. */
  by(caller: Caller): By {
    return { actor: caller.participant, atMs: this.clock.now() }
  }
}
