// What was tapped before the app was there: the page that the box draws has links, and the address keeps the last one.

export type Early = { dish: number } | { allergen: number } | 'popular' | null

/** "#d12": a dish; "#a3": what is left out; "#popular". */
export function earlyTap(hash: string): Early {
  if (hash === '#popular') return 'popular'
  const [, kind, id] = /^#([da])(\d{1,9})$/.exec(hash) ?? []
  if (!kind) return null
  return kind === 'd' ? { dish: Number(id) } : { allergen: Number(id) }
}
