/** What the shell is told. */
export const exitCode = { done: 0, inputFault: 1, ourFault: 2, interrupted: 130 } as const
