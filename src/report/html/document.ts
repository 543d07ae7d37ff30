/** The frame of every page of ours: one file that needs nothing else, on a screen or on paper. */
import { escape } from './escape.ts'
import { style } from './style.ts'

export interface PageParts {
  readonly title: string
  readonly lead: string
  readonly sections: readonly string[]
  readonly footer: string
}

export function htmlDocument({ title, lead, sections, footer }: PageParts): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)} – overwall</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>${escape(title)}</h1>
<p class="soft">${escape(lead)}</p>
</header>
<main>
${sections.join('\n')}
</main>
${footer}
</body>
</html>
`
}

/** @param command what was typed to make the page */
export function pageFooter(version: string, resultHash: string, command: string): string {
  return `<footer><p>overwall ${escape(version)}, result <code>${escape(resultHash)}</code>.<br>Again: <code>${escape(command)}</code></p></footer>`
}
