// How a table is found by what a waiter types. Pure.

import { otherLayouts } from '../lib/find'

/** Letters of two alphabets that look alike in capitals: the box takes them for the same, too. */
const CYRILLIC = 'АВЕКМНОРСТУХІЅЈ'
const LATIN = 'ABEKMHOPCTYXISJ'

const looks = (name: string): string =>
  [...name.trim().toUpperCase().replaceAll('Ё', 'Е')].map((letter) => LATIN[CYRILLIC.indexOf(letter)] ?? letter).join('')

/** How well a name fits, 0 best; null: not at all. "1" is table 1, then A1, then 10. */
function fit(name: string, wish: string): number | null {
  if (name === wish) return 0
  const parts: string[] = name.match(/\p{L}+|\d+/gu) ?? []
  if (parts.includes(wish)) return 1
  if (name.startsWith(wish)) return 2
  if (parts.some((part) => part.startsWith(wish))) return 3
  return name.includes(wish) ? 4 : null
}

/** The tables that fit, the best first; of equal ones the order in which they come. */
export function findTables<T extends { name: string }>(tables: T[], typed: string): T[] {
  for (const text of [typed, ...otherLayouts(typed.toLowerCase())]) {
    const wish = looks(text)
    if (wish === '') return []
    const fits = tables.flatMap((table) => {
      const score = fit(looks(table.name), wish)
      return score === null ? [] : [{ table, score }]
    })
    if (fits.length > 0) return fits.sort((a, b) => a.score - b.score).map(({ table }) => table)
  }
  return []
}
