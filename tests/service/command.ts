/** The command line as a process of its own, which holds nobody else up. */
import { execFile } from 'node:child_process'

export interface Done {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

export function overwall(...args: string[]): Promise<Done> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ['src/cli/main.ts', ...args], (_, stdout, stderr) =>
      resolve({ status: child.exitCode!, stdout, stderr }),
    )
  })
}

/** The operator's key where one was printed. */
export function keyPrinted(stdout: string): string {
  return /shown this once: (ow_\S+)\n/.exec(stdout)![1]!
}
