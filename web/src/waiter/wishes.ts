// A comment as a list of short wishes, "без лука, соус отдельно", of which a tap adds or takes one.

const wordsOf = (comment: string): string[] =>
  comment
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean)

export const hasWish = (comment: string, wish: string): boolean => wordsOf(comment).includes(wish)

/** The comment with the wish, or without it where it was there. */
export function withWish(comment: string, wish: string): string {
  const words = wordsOf(comment)
  return (words.includes(wish) ? words.filter((word) => word !== wish) : [...words, wish]).join(', ')
}
