/**
 * Small markets with a published answer, written from their numbers. Where the source's answer is not the largest welfare, or
 * its price supports no clearing, what is right is worked by hand beside it.
 */
import type { Market, Order, Scale } from './market.ts'

export interface Answer {
  /** by id of the order; an order left out is accepted not at all */
  readonly accepted: Readonly<Record<string, number>>
  /** by bus, as far as the source names it */
  readonly prices: Readonly<Record<string, number>>
}

export interface PublishedCase {
  readonly kind: 'uniform price' | 'scarcity' | 'ties' | 'flat fee' | 'fee matrix' | 'limit'
  readonly name: string
  readonly source: string
  readonly market: Market
  readonly scale: Scale
  readonly theirs: Answer
  /** worked by hand, where it is not theirs */
  readonly right?: Answer
  /** why it is not theirs */
  readonly because?: string
}

const mwh: Scale = { ticksPerPrice: 100, whPerQuantity: 1000 }
const energyUnits: Scale = { ticksPerPrice: 100_000, whPerQuantity: 1000 }
const one: Market['buses'] = [{ id: 'zone' }]
const order =
  (side: Order['side'], bus: string) =>
  (id: string, quantity: number, price: number): Order => ({
    id,
    bus,
    side,
    price,
    quantity,
  })
const buy = order('buy', 'zone')
const sell = order('sell', 'zone')

const pypsa = 'PyPSA, simple-electricity-market-examples.ipynb'
const load = (bus: string, quantity: number) => order('buy', bus)(`${bus} load`, quantity, 4000)
const southAfrica = [
  order('sell', 'South Africa')('wind', 3000, 0),
  order('sell', 'South Africa')('coal', 35_000, 30),
  order('sell', 'South Africa')('gas', 8000, 60),
  order('sell', 'South Africa')('oil', 2000, 80),
]
const southAfricaAlone: Market['buses'] = [{ id: 'South Africa' }]
const zones: Market['buses'] = [
  { id: 'South Africa' },
  { id: 'Mozambique', parent: 'South Africa', capacityUp: 500, capacityDown: 500 },
  { id: 'Swaziland', parent: 'South Africa', capacityUp: 250, capacityDown: 250 },
]
const hydro = (bus: string, quantity: number) => order('sell', bus)(`${bus} hydro`, quantity, 0)

/** A supplier whose marginal cost rises with its output, in steps of 1 MW priced at their upper end. */
function rising(bus: string, from: number, slope: number, most: number): Order[] {
  return Array.from({ length: most }, (_, at) =>
    order('sell', bus)(`${bus} ${at + 1}`, 1, Math.round((from + slope * (at + 1)) * 100) / 100),
  )
}
const firstOf = (bus: string, most: number) =>
  Object.fromEntries(Array.from({ length: most }, (_, at) => [`${bus} ${at + 1}`, 1]))
const twoBus = 'Kirschen and Strbac, Fundamentals of Power System Economics (2004), problem 6.2'

/**
 * Marginal costs 20 + 0.03 P at A and 15 + 0.02 P at B, demands of 2,000 and 1,000 MW.
 *
 * @param a the output at A, and b that at B, as the marginal costs say [MW]
 */
function twoBusCase(
  name: string,
  { capacity = Infinity, mostA = 2500, mostB = 2500 },
  [a, b]: readonly [a: number, b: number],
  [priceA, priceB]: readonly [atA: number, atB: number],
): PublishedCase {
  const room = { capacityUp: capacity, capacityDown: capacity }
  return {
    kind: 'limit',
    name,
    source: twoBus,
    scale: mwh,
    market: {
      buses: [{ id: 'A' }, { id: 'B', parent: 'A', ...room }],
      orders: [
        order('buy', 'A')('demand A', 2000, 1000),
        order('buy', 'B')('demand B', 1000, 1000),
        ...rising('A', 20, 0.03, mostA),
        ...rising('B', 15, 0.02, mostB),
      ],
    },
    theirs: {
      accepted: { 'demand A': 2000, 'demand B': 1000, ...firstOf('A', a), ...firstOf('B', b) },
      prices: { A: priceA, B: priceB },
    },
  }
}

const assume = 'ASSUME, tests/test_simple_market_mechanisms.py'
const gsy = 'gsy-framework, tests/…/test_pay_as_clear_matching_algorithm.py'
const simplyFees = 'Simply, tests/test_market_fair.py, test_prices_matrix'
const simplyFlat = 'Simply, tests/test_market_2pac.py, test_prices_matrix'
const simplyDocs = 'Simply, doc/source/matching_strategies.rst'

/** Two clusters with a fee of 1 from one to the other in both directions. */
const clusters: Market['buses'] = [{ id: 'one' }, { id: 'zero', parent: 'one', feeUp: 1, feeDown: 1 }]
/** Everybody buys behind a fee of 1, wherever the seller is. */
const behindFee: Market['buses'] = [{ id: 'zone' }, { id: 'load', parent: 'zone', feeDown: 1 }]

const in0 = { buy: order('buy', 'zero'), sell: order('sell', 'zero') }
const in1 = { buy: order('buy', 'one'), sell: order('sell', 'one') }

function clusterCase(
  name: string,
  orders: readonly Order[],
  theirs: Answer,
  rest: Partial<PublishedCase> = {},
): PublishedCase {
  return {
    kind: 'fee matrix',
    name,
    source: simplyFees,
    scale: energyUnits,
    market: { buses: clusters, orders },
    theirs,
    ...rest,
  }
}

export const publishedCases: readonly PublishedCase[] = [
  {
    kind: 'uniform price',
    name: 'fixed load of 42,000 MW, gas is marginal',
    source: pypsa,
    scale: mwh,
    market: { buses: southAfricaAlone, orders: [load('South Africa', 42_000), ...southAfrica] },
    theirs: {
      accepted: { 'South Africa load': 42_000, wind: 3000, coal: 35_000, gas: 4000 },
      prices: { 'South Africa': 60 },
    },
  },
  {
    kind: 'uniform price',
    name: 'an industry of 8,000 MW that would pay 70 sets the price',
    source: pypsa,
    scale: mwh,
    market: {
      buses: southAfricaAlone,
      orders: [
        load('South Africa', 42_000),
        order('buy', 'South Africa')('industry', 8000, 70),
        ...southAfrica,
      ],
    },
    theirs: {
      accepted: { 'South Africa load': 42_000, industry: 4000, wind: 3000, coal: 35_000, gas: 8000 },
      prices: { 'South Africa': 70 },
    },
  },
  {
    kind: 'uniform price',
    name: 'bid stack of two units, demand 120 MW',
    source: 'nempy, examples/bidstack.py',
    scale: mwh,
    market: {
      buses: one,
      orders: [
        buy('demand', 120, 4000),
        sell('A 1', 20, 50),
        sell('A 2', 20, 60),
        sell('A 3', 5, 100),
        sell('B 1', 50, 50),
        sell('B 2', 30, 55),
        sell('B 3', 10, 80),
      ],
    },
    theirs: { accepted: { demand: 120, 'A 1': 20, 'A 2': 20, 'B 1': 50, 'B 2': 30 }, prices: { zone: 60 } },
  },
  {
    kind: 'uniform price',
    name: 'offers of 200, 230 and 300 MW for a demand of 400 MW',
    source: assume,
    scale: mwh,
    market: {
      buses: one,
      orders: [buy('demand', 400, 3000), sell('1', 300, 100), sell('2', 200, 50), sell('3', 230, 60)],
    },
    theirs: { accepted: { demand: 400, '2': 200, '3': 200 }, prices: { zone: 60 } },
  },
  {
    kind: 'uniform price',
    name: 'supply equals demand: every price from 100 to 3,000 is right',
    source: assume,
    scale: mwh,
    market: {
      buses: one,
      orders: [
        buy('demand 1', 400, 3000),
        buy('demand 2', 100, 3000),
        sell('1', 300, 100),
        sell('2', 200, 50),
      ],
    },
    theirs: { accepted: { 'demand 1': 400, 'demand 2': 100, '1': 300, '2': 200 }, prices: { zone: 100 } },
  },
  {
    kind: 'uniform price',
    name: 'six bids and offers at different prices, first market',
    source: gsy,
    scale: energyUnits,
    market: {
      buses: one,
      orders: [
        buy('1', 10, 1),
        buy('2', 15, 2),
        buy('3', 20, 3),
        sell('4', 25, 1.00001),
        sell('5', 30, 5),
        sell('6', 35, 2.4),
      ],
    },
    theirs: { accepted: { '3': 20, '4': 20 }, prices: { zone: 3 } },
    right: { accepted: { '2': 5, '3': 20, '4': 25 }, prices: { zone: 2 } },
    because: '5 units that bid 2 and offer 1.00001 agree on are left untraded',
  },
  {
    kind: 'uniform price',
    name: 'six bids and offers at different prices, second market',
    source: gsy,
    scale: energyUnits,
    market: {
      buses: one,
      orders: [
        buy('7', 40, 1.5),
        buy('8', 45, 2),
        buy('9', 50, 6),
        sell('10', 55, 1),
        sell('11', 60, 5),
        sell('12', 65, 1),
      ],
    },
    theirs: { accepted: { '8': 45, '9': 50, '10': 55, '12': 40 }, prices: { zone: 2 } },
    right: { accepted: { '7': 25, '8': 45, '9': 50, '10': 55, '12': 65 }, prices: { zone: 1.5 } },
    because: '25 units that bid 1.5 and offer 1 agree on are left untraded',
  },
  {
    kind: 'scarcity',
    name: 'demand of 700 MW at 3,000, offers of 500 MW',
    source: assume,
    scale: mwh,
    market: { buses: one, orders: [buy('demand', 700, 3000), sell('1', 300, 100), sell('2', 200, 50)] },
    theirs: { accepted: { demand: 500, '1': 300, '2': 200 }, prices: { zone: 100 } },
    right: { accepted: { demand: 500, '1': 300, '2': 200 }, prices: { zone: 3000 } },
    because: 'at the last accepted offer 200 MW of demand would still buy; only 3,000 clears',
  },
  {
    kind: 'ties',
    name: 'three offers of one price, 60, 30 and 10 kWh, for 50 kWh: 30, 15 and 5',
    source: 'by hand',
    scale: energyUnits,
    market: {
      buses: one,
      orders: [buy('demand', 50, 1), sell('1', 60, 0.4), sell('2', 30, 0.4), sell('3', 10, 0.4)],
    },
    theirs: { accepted: { demand: 50, '1': 30, '2': 15, '3': 5 }, prices: { zone: 0.4 } },
  },
  {
    kind: 'ties',
    name: 'bids of one price share what is offered, 7 Wh over three equal bids: 3, 2, 2',
    source: 'by hand',
    scale: energyUnits,
    market: {
      buses: one,
      orders: [buy('1', 0.005, 1), buy('2', 0.005, 1), buy('3', 0.005, 1), sell('offer', 0.007, 0.4)],
    },
    theirs: { accepted: { '1': 0.003, '2': 0.002, '3': 0.002, offer: 0.007 }, prices: { zone: 1 } },
  },
  clusterCase(
    'an offer next door at 4 and one beyond the fee at 3',
    [in1.buy('bid', 1, 5), in1.sell('near', 1, 4), in0.sell('far', 1, 3)],
    { accepted: { bid: 1, near: 1 }, prices: { one: 4 } },
    {
      kind: 'ties',
      right: { accepted: { bid: 1, near: 0.5, far: 0.5 }, prices: { one: 4, zero: 3 } },
      because: 'both cost the bid 4; they prefer the neighbour, we share',
    },
  ),
  {
    kind: 'flat fee',
    name: 'a fee of 1 on every trade',
    source: simplyFlat,
    scale: energyUnits,
    market: {
      buses: behindFee,
      orders: [order('buy', 'load')('bid', 1, 3), sell('dear', 0.9, 3), sell('cheap', 0.1, 2)],
    },
    theirs: { accepted: { bid: 0.1, cheap: 0.1 }, prices: { load: 3 } },
  },
  {
    kind: 'flat fee',
    name: 'the example of its documentation with a fee of 1 on every trade',
    source: simplyDocs,
    scale: energyUnits,
    market: {
      buses: behindFee,
      orders: [
        order('buy', 'load')('0', 0.1, 10),
        order('buy', 'load')('1', 0.1, 7),
        order('buy', 'load')('2', 0.1, 10),
        sell('3', 0.1, 6),
        sell('4', 0.1, 4),
      ],
    },
    theirs: { accepted: { '0': 0.1, '2': 0.1, '3': 0.1, '4': 0.1 }, prices: { load: 7 } },
  },
  clusterCase('offer above bid in one cluster', [in0.buy('bid', 1, 2), in0.sell('offer', 1, 2.5)], {
    accepted: {},
    prices: {},
  }),
  clusterCase('offer below bid in one cluster', [in1.buy('bid', 1, 2.5), in1.sell('offer', 1, 2)], {
    accepted: { bid: 1, offer: 1 },
    prices: { one: 2 },
  }),
  clusterCase('the fee is more than the gain', [in0.buy('bid', 1, 3), in1.sell('offer', 1, 3)], {
    accepted: {},
    prices: {},
  }),
  clusterCase('the fee is just the gain', [in0.buy('bid', 1, 3), in1.sell('offer', 1, 2)], {
    accepted: { bid: 1, offer: 1 },
    prices: { zero: 3 },
  }),
  clusterCase(
    'a bid beyond the fee is worth more than the neighbour’s',
    [in0.sell('offer', 1, 2), in0.buy('near', 1, 2), in1.buy('far', 1, 4)],
    { accepted: { offer: 1, far: 1 }, prices: { one: 3 } },
  ),
  {
    kind: 'fee matrix',
    name: 'the example of its documentation: three bids, two offers, two clusters',
    source: simplyDocs,
    scale: energyUnits,
    market: {
      buses: clusters,
      orders: [
        in1.buy('0', 0.1, 10),
        in1.buy('1', 0.1, 7),
        in0.buy('2', 0.1, 10),
        in1.sell('3', 0.1, 6),
        in1.sell('4', 0.1, 4),
      ],
    },
    theirs: { accepted: { '0': 0.1, '1': 0.1, '3': 0.1, '4': 0.1 }, prices: { one: 6 } },
    right: { accepted: { '0': 0.1, '2': 0.1, '3': 0.1, '4': 0.1 }, prices: { one: 7, zero: 8 } },
    because: 'bid 10 beyond the fee gains 3 with offer 6, bid 7 next door gains 1',
  },
  {
    kind: 'limit',
    name: 'two zones, a link of 500 MW: water sets the price on one side, gas on the other',
    source: pypsa,
    scale: mwh,
    market: {
      buses: zones.slice(0, 2),
      orders: [
        load('South Africa', 42_000),
        load('Mozambique', 650),
        ...southAfrica,
        hydro('Mozambique', 1200),
      ],
    },
    theirs: {
      accepted: {
        'South Africa load': 42_000,
        'Mozambique load': 650,
        wind: 3000,
        coal: 35_000,
        gas: 3500,
        'Mozambique hydro': 1150,
      },
      prices: { 'South Africa': 60, Mozambique: 0 },
    },
  },
  {
    kind: 'limit',
    name: 'three zones in a triangle, the link of 100 MW between the exporters cut',
    source: pypsa,
    scale: mwh,
    market: {
      buses: zones,
      orders: [
        load('South Africa', 42_000),
        load('Mozambique', 650),
        load('Swaziland', 250),
        ...southAfrica,
        hydro('Mozambique', 1200),
        hydro('Swaziland', 600),
      ],
    },
    theirs: {
      accepted: {
        'South Africa load': 42_000,
        'Mozambique load': 650,
        'Swaziland load': 250,
        wind: 3000,
        coal: 35_000,
        gas: 3250,
        'Mozambique hydro': 1150,
        'Swaziland hydro': 500,
      },
      prices: { 'South Africa': 60, Mozambique: 0, Swaziland: 0 },
    },
  },
  twoBusCase('two buses, line open: each serves itself', { capacity: 0 }, [2000, 1000], [80, 35]),
  twoBusCase('line without a limit: 900 MW to A', {}, [1100, 1900], [53, 53]),
  twoBusCase('the same, B gives at most 1,500 MW', { mostB: 1500 }, [1500, 1500], [65, 65]),
  twoBusCase('the same, A gives at most 900 MW', { mostA: 900 }, [900, 2100], [57, 57]),
  twoBusCase('line of 600 MW, full', { capacity: 600 }, [1400, 1600], [62, 47]),
]
