/** What the figures rest on, the least certain first, and how to run them again. */
import type { SimulationResult } from '../../simulation/result.ts'
import { assumptionsOf } from '../assumptions.ts'
import { htmlTable, paragraph, section } from './escape.ts'

export function confidenceSection(result: SimulationResult): string {
  const assumptions = assumptionsOf(result)
  const unverified = assumptions.filter((each) => each.confidence === 'unverified').length
  return section(
    'confidence',
    'How sure this is',
    paragraph(
      `${unverified} of ${assumptions.length} entries below are unverified: assumptions or figures from memory. ` +
        'A change in any of them changes the result; run the scenario again with --set to see by how much.',
    ),
    ...(result.main.wheeling.exact ? [] : [paragraph(`Wheeling: ${result.main.wheeling.note}`)]),
    htmlTable(
      'Figures and their sources',
      ['figure', 'value', 'source', 'confidence', 'note'],
      assumptions.map((each) => [each.path, each.value, each.source, each.confidence, each.note]),
    ),
    inputsTable(result),
  )
}

function inputsTable({ inputs }: SimulationResult): string {
  if (inputs.length === 0) return ''
  return htmlTable(
    'Data files and what was found or mended in them',
    ['file', 'found', 'repairs asked for by the scenario'],
    inputs.map(({ file, findings, repairs }) => [
      file,
      findings.join('; ') || 'nothing unusual',
      repairs.map(({ kind, count }) => `${kind}: ${count}`).join(', ') || 'none',
    ]),
  )
}
