/** Where the zone's energy came from and went, both sides of the balance. */
import type { SimulationResult, VariantResult } from '../../simulation/result.ts'
import { grouped, percent, share } from '../numbers.ts'
import { figure } from './chart.ts'
import { htmlTable, section } from './escape.ts'
import { typicalWeek } from '../week.ts'
import { weekSvg } from './week-chart.ts'

/** PV that owners turn down (弃光), where the scenario says below which price. */
function turnedDown({ machines }: VariantResult): { label: string; energyWh: number }[] {
  const units = machines?.curtailed ?? []
  if (units.length === 0) return []
  const sum = (run: 'beforeWh' | 'afterWh') => units.reduce((total, unit) => total + unit[run], 0)
  return [
    { label: 'turned down by decision, since it would earn too little (弃光)', energyWh: sum('afterWh') },
    { label: 'the same without the market', energyWh: sum('beforeWh') },
  ]
}

export function weekSection(result: SimulationResult): string {
  const { from, to } = typicalWeek(result)
  const caption = `Load, PV and traded power, and the mean price that sellers received, ${from} to ${to}.`
  return section('week', 'A typical week', figure(weekSvg(result), caption))
}

export function flowsSection({ main }: SimulationResult): string {
  const { energy, storages } = main
  const lostWh = storages.reduce((sum, each) => sum + each.lostWh, 0)
  const boughtWh = storages.reduce((sum, each) => sum + each.boughtWh, 0)
  const soldWh = storages.reduce((sum, each) => sum + each.soldWh, 0)
  const inWh = energy.pvWh + energy.cogenerationWh + energy.importAfterWh
  const mwh = (energyWh: number) => grouped(energyWh / 1e6)
  const line = (label: string, energyWh: number) => [label, mwh(energyWh), percent(share(energyWh, inWh), 1)]
  return section(
    'flows',
    'Energy flows',
    htmlTable(
      'Energy into the zone',
      ['from', 'MWh', 'share'],
      [
        line('PV behind hosts’ meters (自发自用)', energy.selfUseWh),
        line('PV through the grid', energy.pvWh - energy.selfUseWh),
        line('biomass cogeneration (热电联产)', energy.cogenerationWh),
        line('from outside the zone (下网电量)', energy.importAfterWh),
      ],
    ),
    htmlTable(
      'Energy out of the zone and used in it',
      ['to', 'MWh', 'share'],
      [
        line('load of the enterprises (用电量)', energy.loadWh),
        line('lost in storage, and its change of charge', boughtWh - soldWh),
        line('to outside the zone (上网外送)', energy.exportAfterWh),
      ],
    ),
    htmlTable(
      'Of which',
      ['', 'MWh', 'share'],
      [
        line('traded between neighbours (分布式交易电量)', energy.tradedWh),
        line('fed in at outside prices', energy.fedInWh),
        line('not generated because a feeder was full', energy.curtailedWh),
        ...turnedDown(main).map(({ label, energyWh }) => line(label, energyWh)),
        line('lost in storage', lostWh),
      ],
    ),
  )
}
