/**
 * The scenario file: its shape, its units and what every key means. The JSON Schema that editors use is made from this.
 */
import { z } from 'zod'
import { isDate } from '../base/calendar.ts'
import { voltageLevels } from '../grid/voltage.ts'
import { parseRegime, regimeForms } from '../grid/regimes/index.ts'
import { treeRuleNames } from '../market/pricing/index.ts'
import { plainStrategies } from '../strategy/bidding/index.ts'
import { bands } from '../tariff/book-schema.ts'

const id = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'lower-case letters, digits and hyphens')
const date = z.string().refine(isDate, 'a day as YYYY-MM-DD').meta({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })
const share = z.number().min(0).max(1)
const positive = z.number().positive()
const notNegative = z.number().min(0)
/** What a quarter-hour of it is in whole Wh is still an Int32. */
const powerKw = positive.max(5_000_000)
const yearKwh = positive.max(10_000_000_000)
const priceCny = z.number().min(0).max(10)
const names = z.strictObject({ en: z.string(), zh: z.string() })
const bus = id.describe('id of a bus')
const strategy = z
  .union(
    [
      z.enum(plainStrategies),
      z.strictObject({ markup: share.describe('share by which the limit is shaded') }),
    ],
    { error: `one of ${plainStrategies.join(', ')}, or { markup: share }` },
  )
  .describe(
    'how a value becomes the limit that is bid; external: orders come from outside, a simulation places none',
  )
const forecast = z
  .union(
    [
      z.enum(['perfect', 'persistence']),
      z.strictObject({
        noisy: z.strictObject({
          error_share: share.describe('standard deviation of the relative error at the lead below'),
          at_lead_hours: z.number().min(0.25).max(240).describe('24 unless said').optional(),
          neighbour_correlation: z
            .number()
            .min(0)
            .max(0.9999)
            .describe('of the errors of neighbouring quarter-hours; 0 unless said')
            .optional(),
        }),
      }),
    ],
    { error: 'perfect, persistence, or noisy with its error_share' },
  )
  .describe('how a participant knows what its meter will show')
const outside = z
  .union(
    [
      z.enum(['mechanism-stock', 'mechanism-incremental', 'spot']),
      z.strictObject({ price_cny_per_kwh: priceCny }),
    ],
    { error: 'mechanism-stock, mechanism-incremental, spot, or { price_cny_per_kwh: price }' },
  )
  .describe('what a kWh fed in earns outside the local market')

const byPeriod = z.strictObject(
  Object.fromEntries(bands.map((band) => [band, priceCny])) as Record<
    (typeof bands)[number],
    typeof priceCny
  >,
)
const contract = z
  .union(
    [
      z.literal('agency'),
      z.strictObject({ retail_flat_cny_per_kwh: priceCny }),
      z.strictObject({ retail_by_period_cny_per_kwh: byPeriod }),
    ],
    { error: 'agency, or a retail contract: { retail_flat_cny_per_kwh: price } or by period' },
  )
  .describe('代理购电 (agency purchase), or a retail contract: the energy price without adders')

const metering = z.strictObject({
  file: z.string().describe('CSV beside the scenario'),
  column: z.string().optional(),
  meter: z.string().optional(),
  unit: z.enum(['kw', 'kwh', 'mw', 'w']),
  stamps: z.enum(['start', 'end', 'detect']).optional(),
  encoding: z.enum(['utf-8', 'gbk', 'detect']).optional(),
  multiplier: positive.optional(),
  map_year: z.boolean().optional(),
  repairs: z
    .strictObject({
      gaps: z.enum(['refuse', 'interpolate', 'previous-day']).optional(),
      text: z.enum(['refuse', 'gap']).optional(),
      negative: z.enum(['refuse', 'zero']).optional(),
      duplicates: z.enum(['refuse', 'first']).optional(),
    })
    .optional(),
})

const spread = z.strictObject({ mean: notNegative, spread: notNegative })
const hourSpread = z.strictObject({ mean: notNegative.lt(24), spread: notNegative })
const evCharging = z
  .strictObject({
    vehicles: z.int().min(1).max(5000),
    workday_share: share.describe('of the vehicles, that come on a workday'),
    day_off_share: share,
    arrival_hour: hourSpread.describe('normal, cut at two spreads and at the ends of the day'),
    stay_hours: hourSpread.describe('below a day'),
    energy_kwh: spread.describe('wanted by a visit'),
    power_kw: positive.describe('of one charger'),
    site_kw: positive.optional().describe('of all chargers together'),
    control: z.enum(['on-arrival', 'by-price']).describe('无序充电 or 有序充电'),
  })
  .describe('charging of a fleet (充电站)')
const coldStore = z
  .strictObject({
    compressor_kw: powerKw.describe('electric'),
    cop: positive.max(20).describe('制冷系数: heat taken out per electric energy'),
    capacity_kwh_per_k: positive.describe('thermal, of goods and room'),
    conductance_kw_per_k: positive.describe('of walls, roof and floor'),
    lowest_c: z.number().min(-60).max(20),
    highest_c: z.number().min(-60).max(20),
    goods_heat_kw: notNegative.describe('heat of goods, doors, light and people while it is worked in'),
    work_from_hour: z.number().min(0).max(24),
    work_to_hour: z.number().min(0).max(24),
    control: z.enum(['thermostat', 'by-price']).describe('holds the middle of the band, or cools ahead'),
  })
  .describe('a cold store (冷库) whose temperature may move within a band')

const connection = {
  part: z.enum(['single', 'two']).describe('单一制 or 两部制').optional(),
  billing: z.enum(['demand', 'capacity']).optional(),
  transformer_kva: positive.optional(),
  contract_demand_kw: positive.optional(),
  power_factor: z.number().min(0.3).max(1).optional(),
}

const enterprise = z.strictObject({
  id,
  name: z.string(),
  group: z.string(),
  bus,
  annual_kwh: yearKwh.describe(
    'energy of a full year; scales an archetype, tells the size of every other customer',
  ),
  load: z.union(
    [
      z.strictObject({ archetype: z.string() }),
      metering,
      z.strictObject({ ev_charging: evCharging }),
      z.strictObject({ cold_store: coldStore }),
    ],
    { error: 'an archetype, a metering file, ev_charging or cold_store' },
  ),
  contract,
  ...connection,
  strategy: strategy.optional(),
  forecast: forecast.optional(),
})

const draw = z
  .strictObject({
    id,
    count: z.int().min(1).max(5000),
    name: z.string(),
    group: z.string(),
    archetype: z.string(),
    annual_kwh: z
      .strictObject({ min: positive, max: positive })
      .describe('sizes are drawn log-uniformly, then scaled'),
    buses: z.array(bus).min(1).describe('taken in turn'),
    strategies: z
      .array(z.strictObject({ strategy, share: share.gt(0).describe('of the enterprises, by number') }))
      .min(1)
      .optional()
      .describe('drawn among them; the rest have the strategy of the scenario'),
  })
  .describe('enterprises drawn from an archetype')

const curtailBelow = priceCny
  .optional()
  .describe('弃光: what a kWh must earn outside to be sent out; below it the inverter is turned down')
const pvSystem = {
  capacity_kw: powerKw.describe('direct current, at standard test conditions'),
  inverter_kw: positive.optional(),
  tilt_deg: z.number().min(0).max(90).optional(),
  azimuth_deg: z.number().min(0).max(360).optional(),
  losses_share: share.optional(),
  inverter_curve: z
    .enum(['pvwatts', 'flat'])
    .optional()
    .describe('efficiency at part load: as in PVWatts, which is low in dim light, or the same at every load'),
}

const pvPlant = z.strictObject({
  id,
  name: z.string(),
  owner: z.string().optional(),
  bus,
  ...pvSystem,
  outside,
  curtail_below_cny_per_kwh: curtailBelow,
  strategy: strategy.optional(),
  forecast: forecast.optional(),
})
const pvRoof = z.strictObject({
  id,
  name: z.string(),
  host: id,
  owner: z.string().optional(),
  behind_meter_cny_per_kwh: priceCny
    .optional()
    .describe('what the host pays a third-party owner (合同能源管理)'),
  ...pvSystem,
  outside,
  curtail_below_cny_per_kwh: curtailBelow,
  strategy: strategy.optional(),
  forecast: forecast.optional(),
})

const storage = z.strictObject({
  id,
  name: z.string(),
  bus,
  mode: z
    .enum(['arbitrage', 'own-load', 'peak-shaving', 'rental'])
    .describe('what it does with the market: trade, serve its host, or be rented out (共享储能)')
    .optional(),
  plan: z
    .strictObject({
      forecast: z.enum(['yesterday', 'last-week', 'prices', 'perfect']).optional(),
      horizon_hours: z.int().min(1).max(168).optional(),
      replan_hours: z.number().min(0.25).max(168).multipleOf(0.25).optional(),
    })
    .describe('what it expects of others, how far ahead it plans and how often')
    .optional(),
  rent: z
    .strictObject({
      cny_per_kw_month: z.number().min(0).max(1000).optional(),
      cny_per_kwh_month: z.number().min(0).max(1000).optional(),
      cny_per_kwh_out: priceCny.optional().describe('for use, per kWh taken out'),
    })
    .describe('容量租赁费, what tenants pay')
    .optional(),
  tenants: z
    .array(z.strictObject({ id, share: share.gt(0).describe('of power and energy') }))
    .min(1)
    .describe('enterprises that each rent a share and trade with it for themselves')
    .optional(),
  power_kw: positive,
  energy_kwh: positive,
  charge_efficiency: z.number().gt(0.3).max(1),
  discharge_efficiency: z.number().gt(0.3).max(1),
  min_soc: share,
  max_soc: share,
  initial_soc: share,
  wear_cny_per_kwh: z.number().min(0).max(2).describe('per kWh taken out of the battery'),
  baseline: z.enum(['idle', 'user-side']),
  host: id.nullable().optional(),
  strategy: z
    .enum(['value', 'external'])
    .describe(
      'value: it bids what its stored energy is worth, in no other way; external: orders come from outside, and in a simulation ' +
        'it rests',
    )
    .optional(),
})

const dispatch = z
  .strictObject({
    fuel_cny_per_kwh: priceCny.describe('of a kWh sent out'),
    heat_credit_cny_per_kwh: priceCny.describe('what its heat saves while somebody takes it'),
    start_cost_cny: notNegative,
    least_on_hours: z.number().min(0.25).max(24).multipleOf(0.25),
    least_off_hours: z.number().min(0.25).max(24).multipleOf(0.25),
  })
  .describe('the unit starts and stops by price; without it, it follows its heat')

const cogeneration = z.strictObject({
  id,
  name: z.string(),
  bus,
  electric_kw: powerKw,
  min_load_share: share,
  maintenance_days: z.int().min(0).max(120),
  maintenance_start_day_of_year: z.int().min(1).max(366),
  outside,
  dispatch: dispatch.optional(),
  strategy: strategy.optional(),
})

const capacity = {
  capacity_up_kw: notNegative
    .nullable()
    .optional()
    .describe('room for energy leaving upward; 0: no reverse flow'),
  capacity_down_kw: notNegative.nullable().optional(),
}

const replacement = z.strictObject({
  every_years: z.int().min(1).max(50),
  share_of_investment: share,
})

const economics = z
  .strictObject({
    discount_rate: z.number().min(0).max(1).describe('per year; of the whole capital, without loans'),
    price_rise_per_year: z.number().min(-0.5).max(0.5).optional().describe('of everything a project earns'),
    cost_rise_per_year: z.number().min(-0.5).max(0.5).optional().describe('of operation and replacement'),
    tax: z
      .strictObject({
        vat_share: share.describe('增值税: income and costs are taken without it'),
        rate: share.describe('企业所得税'),
        exempt_years: z.int().min(0).max(50),
        half_years: z.int().min(0).max(50),
        depreciation_years: z.int().min(1).max(50),
        loss_years: z.int().min(0).max(50),
      })
      .nullable()
      .describe('null: before tax, with VAT'),
    years: z
      .strictObject({
        simulated: z
          .array(z.int().min(1).max(50))
          .min(1)
          .describe('years of life run in full, in order, the first being this run: [1], or [1, 10, 20] …'),
        chance: z
          .enum(['same', 'drawn'])
          .describe('whether a later year has the weather and habits of the first, or draws its own'),
      })
      .optional(),
    pv: z
      .strictObject({
        investment_cny_per_kw: notNegative,
        operation: z.strictObject({
          share_of_investment: share.optional(),
          cny_per_kw: notNegative.optional(),
        }),
        lifetime_years: z.int().min(1).max(50),
        first_year_loss_share: z.number().min(0).max(0.5),
        yearly_loss_share: z.number().min(0).max(0.2),
        replacement: replacement.describe('of inverters; the modules stay as old as they are').optional(),
      })
      .optional(),
    storage: z
      .strictObject({
        investment_cny_per_kw: notNegative,
        investment_cny_per_kwh: notNegative,
        operation: z.strictObject({
          share_of_investment: share.optional(),
          cny_per_kwh: notNegative.optional(),
        }),
        lifetime_years: z.int().min(1).max(50),
        first_year_loss_share: z.number().min(0).max(0.5),
        yearly_loss_share: z.number().min(0).max(0.2),
        replacement: replacement.describe('of cells; the battery is as new after it').optional(),
      })
      .optional(),
  })
  .describe('what PV and batteries cost, for present value, rate of return, payback and levelised cost')

export const scenarioSchema = z
  .strictObject({
    overwall: z.literal(1).describe('version of the scenario format'),
    name: id,
    title: names,
    calendar: z.strictObject({ from: date, to: date }),
    seed: z.int().min(0),
    site: z.strictObject({
      latitude_deg: z.number().min(-66).max(66),
      longitude_deg: z.number().min(-180).max(180),
      altitude_m: z.number().min(-100).max(6000),
    }),
    weather: z.union([
      z.strictObject({ climate: z.string().describe('a climate seed'), ghi_scale: positive.optional() }),
      z.strictObject({
        epw: z.string().describe('EPW file beside the scenario'),
        solar_shift_hours: z.union([z.int().min(-3).max(3), z.literal('detect')]).optional(),
      }),
    ]),
    seeds: z.strictObject({ tariffs: z.string(), holidays: z.string(), load_archetypes: z.string() }),
    upstream_cny_per_kwh: z
      .array(priceCny)
      .length(24)
      .optional()
      .describe('by hour; the tariff book has a default'),
    zone: z.strictObject({
      wheeling: z.strictObject({
        regime: z.string().refine((text) => parseRegime(text) !== undefined, `one of ${regimeForms}`),
        line_loss: z.boolean().describe('whether a traded kWh pays line loss'),
        system_fee: z.boolean().describe('whether a traded kWh pays the system operation fee'),
        storage_exempt: z.boolean().describe('whether energy stored to be sold again is free of fees'),
      }),
      level_above_root: z.enum(voltageLevels).nullable(),
      no_reverse_flow: z
        .union([z.boolean(), z.array(bus)], { error: 'true, false or a list of buses' })
        .describe(
          'buses from which nothing may be traded upward; true: wherever the parent has a higher voltage',
        ),
      buses: z
        .array(
          z.strictObject({
            id,
            name: z.string().optional(),
            voltage: z.enum(voltageLevels),
            parent: bus.nullable(),
            ...capacity,
          }),
        )
        .min(1),
    }),
    market: z.strictObject({
      rule: z.enum(treeRuleNames, {
        error: `one of ${treeRuleNames.join(', ')} (trade-reduction is for order books with one bus)`,
      }),
      k: share,
      price_floor_cny_per_kwh: z.number().min(-10).max(10),
      price_cap_cny_per_kwh: z.number().min(-10).max(10),
      mechanism: z.enum(['per-interval', 'annual']),
      auctions: z
        .strictObject({
          day_ahead: z
            .strictObject({
              closes_hour: z
                .number()
                .min(0)
                .max(23.75)
                .multipleOf(0.25)
                .describe('of the day before; 12 unless said')
                .optional(),
            })
            .describe('日前: one gate for the 96 intervals of a day')
            .optional(),
          intraday: z
            .strictObject({
              closes_minutes_before: notNegative.max(1440).describe('15 unless said').optional(),
            })
            .describe('日内: a gate for each interval')
            .optional(),
        })
        .describe('which auctions are held; intraday alone unless said')
        .optional(),
    }),
    forecast: z
      .strictObject({
        load: forecast.optional(),
        pv: forecast.optional(),
        load_error_share: share
          .describe('instead of load: an error drawn for each interval, whatever the lead')
          .optional(),
        pv_error_share: share.optional(),
      })
      .describe('of every participant that names none: a mode or an error share, for loads and for PV'),
    deviation: z.strictObject({ free_share: share, coefficient: share }).optional(),
    strategy: strategy.describe('of every enterprise that names none'),
    pv_strategy: strategy.optional().describe('of every PV unit that names none; truthful'),
    cogeneration_strategy: strategy
      .optional()
      .describe('of every cogeneration unit that names none; truthful'),
    participants: z.strictObject({
      enterprises: z.array(enterprise),
      draws: z
        .strictObject({
          total_kwh: yearKwh.describe('energy of all drawn enterprises together'),
          retail_share: share.describe(
            'of the drawn energy on retail contracts; the smallest customers stay on agency purchase',
          ),
          retail_flat_share: share.describe('of the retail energy'),
          retail_flat_cny_per_kwh: priceCny,
          retail_by_period_cny_per_kwh: byPeriod,
          groups: z.array(draw).min(1),
        })
        .optional(),
      roofs: z
        .strictObject({
          total_kw: powerKw,
          count: z.int().min(1).max(2000),
          third_party_share: share.describe('of the roofs, by number'),
          behind_meter_cny_per_kwh: priceCny,
          stock_share: share.describe('of the capacity with the stock mechanism price'),
        })
        .optional()
        .describe('roofs on the largest drawn enterprises above 1 kV'),
      pv_plants: z.array(pvPlant),
      pv_roofs: z.array(pvRoof),
      storage: z.array(storage),
      cogeneration: z.array(cogeneration),
    }),
    carbon: z.strictObject({
      factor_kg_per_kwh: notNegative,
      factor_name: z.string(),
      coal_kg_per_kwh: notNegative,
    }),
    economics: economics.optional(),
    headline: z
      .strictObject({
        regimes: z.array(z.string().refine((text) => parseRegime(text) !== undefined, 'a wheeling regime')),
        cogeneration_outside_cny_per_kwh: z.array(priceCny),
        storage_baselines: z.array(z.enum(['idle', 'user-side'])),
      })
      .optional(),
    provenance: z.array(
      z.strictObject({
        path: z.string().describe('dotted, * for one step, ** for any; the most telling entry first'),
        source: z.string().describe('a reference, or the word assumption'),
        confidence: z.enum(['verified-primary', 'verified-secondary', 'derived', 'unverified']),
        note: z.string().optional(),
      }),
    ),
  })
  .meta({
    title: 'overwall scenario',
    description: 'A zone, its people and machines, its rules, and the days to simulate.',
  })

export type ScenarioData = z.infer<typeof scenarioSchema>
export type DrawData = NonNullable<ScenarioData['participants']['draws']>
export type RoofsData = NonNullable<ScenarioData['participants']['roofs']>
export type EconomicsData = NonNullable<ScenarioData['economics']>
export type ContractData = ScenarioData['participants']['enterprises'][number]['contract']
export type StorageData = ScenarioData['participants']['storage'][number]
export type StrategyData = ScenarioData['strategy']
export type OutsideData = ScenarioData['participants']['pv_plants'][number]['outside']

/** JSON Schema for editors (`scenarios/schema.json`). */
export function scenarioJsonSchema(): unknown {
  return z.toJSONSchema(scenarioSchema, { io: 'input', unrepresentable: 'any' })
}
