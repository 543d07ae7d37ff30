/**
 * A zone as it stands in a later year of its assets' lives: PV gives less, batteries hold less, everything else is as it
 * was. Prices are those of the first year: where all of them rise together, what is worth doing stays the same, so the
 * rise is laid on the amounts afterwards.
 */
import { shareLeft } from '../scenario/economics.ts'
import type { Zone } from '../scenario/zone.ts'

/** @param year of life, 1 for the zone as it is */
export function agedZone(zone: Zone, year: number): Zone {
  const { economics } = zone
  if (economics === null || year === 1) return zone
  const { pv, storage, drawsChance } = economics
  const pvLeft = pv ? shareLeft(pv, year) : 1
  const storageLeft = storage ? shareLeft(storage, year) : 1
  return {
    ...zone,
    seed: drawsChance ? zone.seed + year - 1 : zone.seed,
    pvUnits: zone.pvUnits.map((unit) => ({
      ...unit,
      system: { ...unit.system, capacityKwDc: unit.system.capacityKwDc * pvLeft },
    })),
    storages: zone.storages.map((unit) => ({
      ...unit,
      spec: { ...unit.spec, energyKwh: unit.spec.energyKwh * storageLeft },
    })),
  }
}
