// Counting a drawer. Pure; minor units everywhere.

/** Sums with which a shift is opened: as the drawer was left, nothing, and round ones; each once. */
export function floats(left: number | null, denominations: number[]): number[] {
  const [large = 0, second = 0, third = 0] = denominations
  const round = [third, second, large].filter((sum) => sum > 0)
  return [...new Set([...(left === null ? [] : [left]), 0, ...round])]
}

/** How many of a note or coin somebody typed; null where that is no number of pieces. */
export function parsePieces(text: string): number | null {
  const typed = text.trim()
  if (typed === '') return 0
  return /^\d{1,5}$/.test(typed) ? Number(typed) : null
}

/** What so many of each come to; null while one of them is no number. */
export function totalOf(denominations: number[], pieces: (number | null)[]): number | null {
  let total = 0
  for (const [place, value] of denominations.entries()) {
    const count = pieces[place]
    if (count === null) return null
    total += value * (count ?? 0)
  }
  return total
}
