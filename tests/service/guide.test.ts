/** docs/guides: both bots and the operator's requests run as they stand there, against a market of their own. */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestService, zone, type TestService } from './services.ts'

let service: TestService
let url: string

beforeAll(async () => {
  service = await openTestService()
  url = await service.app.listen({ host: '127.0.0.1', port: 0 })
  await service.moveTo(service.market.model.timeline.first + 46)
}, 120_000)
afterAll(() => service.close(), 120_000)

/** The block of the guide that comes after a heading. */
function block(heading: string, language: string, file = 'live-market'): string {
  const guide = readFileSync(`docs/guides/${file}.md`, 'utf8')
  const [, after] = guide.split(`## ${heading}\n`)
  return new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(after!)![1]!
}

/** Runs a bot and lets time pass until it has had enough. */
async function runBot(command: string, args: string[], key: string): Promise<string> {
  const env = {
    ...process.env,
    OVERWALL_URL: url,
    OVERWALL_KEY: key,
    OVERWALL_ZONE: zone,
    OVERWALL_ROUNDS: '3',
  }
  const bot = spawn(command, args, { env })
  let said = ''
  for (const stream of [bot.stdout, bot.stderr])
    stream.on('data', (text: Buffer) => (said += text.toString()))
  // Time passes once the bot has bid, so that it sees what comes of it.
  while (bot.exitCode === null) {
    await setTimeout(700)
    if (bot.exitCode === null && said.includes('bid')) await service.moveTo(service.store.orders.openFrom)
  }
  return said
}

test(
  'the bot in TypeScript bids for interval after interval and is told what became of it',
  { timeout: 120_000 },
  async () => {
    const code = block('A bot in TypeScript', 'ts')
    const said = await runBot(
      process.execPath,
      ['--input-type=module-typescript', '--eval', code],
      await service.keyOf('workshop'),
    )
    expect(
      said.match(/^workshop bids 0\.\d{4} for 2027-05-10T\d\d:\d\d: \S+$/gm)!.length,
    ).toBeGreaterThanOrEqual(3)
    expect(said.match(/^2027-05-10T\d\d:\d\d: (partly-|not-)?accepted, [\d.]+ kWh at \S+$/gm)).toHaveLength(3)
  },
)

test('the bot with curl bids once and is told what became of it', { timeout: 120_000 }, async () => {
  const said = await runBot('bash', ['-c', block('A bot with curl', 'sh')], await service.keyOf('shop'))
  const [, order] = /^bid 2027-05-10T\d\d:\d\d (\S+)$/m.exec(said)!
  expect(JSON.parse(/^\{.*\}$/m.exec(said)![0])).toMatchObject({
    order,
    side: 'buy',
    outcome: expect.stringContaining('accepted'),
  })
})

test('an operator with curl lists members, makes a key and sees that it was given out', async () => {
  const code = block('Keys', 'sh', 'keeping-a-market')
  const lines = (await runBot('bash', ['-c', code], service.keys.operator)).trim().split('\n')
  const [members, made, listed] = lines.map((line) => JSON.parse(line))
  expect(members.participants.map(({ id }: { id: string }) => id)).toContain('shop')
  expect(made.key).toMatch(/^ow_/)
  expect(listed.keys).toContainEqual(made.credential)
})
