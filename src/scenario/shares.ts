/** Shares of one thing together; rounded, since 0.1 and 0.7 and 0.2 are a little more than 1, and 0.6 and 0.4 leave nothing. */
export function sumOfShares(parts: readonly { readonly share: number }[]): number {
  return Math.round(parts.reduce((sum, { share }) => sum + share, 0) * 1e9) / 1e9
}
