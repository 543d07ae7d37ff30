/** A bar on stderr while a long run goes on, and a way out of it that leaves nothing half-written. */
import { setImmediate } from 'node:timers/promises'
import { SingleBar } from 'cli-progress'
import { exitCode } from './exit.ts'
import { checkOutputFolder, OutputFolder } from './output-folder.ts'

/** @param work is told how to report the share of it that is done */
export async function withProgress<T>(
  work: (tell: (share: number) => Promise<void>) => Promise<T>,
): Promise<T> {
  const bar = new SingleBar({
    format: '{bar} {percentage} %  {duration_formatted}',
    stream: process.stderr,
    noTTYOutput: false,
    hideCursor: true,
    clearOnComplete: true,
  })
  bar.start(100, 0)
  try {
    return await work((share) => {
      bar.update(Math.round(share * 100))
      // A turn for the event loop, so that Ctrl-C is heard.
      return setImmediate()
    })
  } finally {
    bar.stop()
  }
}

/** Runs what fills an output folder; whatever interrupts it, nothing half-written stays. */
export async function intoFolder(
  folder: string,
  fill: (output: OutputFolder) => Promise<void>,
): Promise<void> {
  checkOutputFolder(folder)
  const output = new OutputFolder(folder)
  const stop = () => {
    output.abandon()
    process.exit(exitCode.interrupted)
  }
  process.once('SIGINT', stop).once('SIGTERM', stop)
  try {
    await fill(output)
  } finally {
    output.abandon()
    process.removeListener('SIGINT', stop).removeListener('SIGTERM', stop)
  }
}
