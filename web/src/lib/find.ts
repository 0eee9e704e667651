// A waiter's search: what begins with the word stands first, then codes, then what only holds it. The other keyboard
// layout and a slip of the finger are tried where nothing fits otherwise. Pure.

import type { Choice } from './menu'
import type { Dish, Menu } from './types'

const RU = 'йцукенгшщзхъфывапролджэячсмитьбю'
const EN = "qwertyuiop[]asdfghjkl;'zxcvbnm,."

const plain = (text: string): string => text.toLowerCase().replaceAll('ё', 'е').trim()

const typedOn = (from: string, to: string) => (text: string): string =>
  [...text].map((letter) => to[from.indexOf(letter)] ?? letter).join('')

/** "nbhfvbce" is "тирамису" on the other layout, and the other way round. */
export const otherLayouts = (text: string): string[] => [typedOn(EN, RU)(text), typedOn(RU, EN)(text)].filter((one) => one !== text)

interface Texts {
  names: string[]
  /** the words of the names */
  words: string[]
  code: string
  about: string
}

function textsOf(dish: Dish): Texts {
  const others = Object.values(dish.translations ?? {})
  const names = [dish.name, ...others.map(({ name }) => name ?? '')].map(plain).filter(Boolean)
  return {
    names,
    words: names.flatMap((name) => name.split(/[^\p{L}\p{N}]+/u).filter(Boolean)),
    code: plain(dish.code ?? ''),
    about: plain([dish.description, ...others.map(({ description }) => description ?? '')].join('\n')),
  }
}

/** How well a word fits, 0 best; null: not at all. */
function fit({ names, words, code, about }: Texts, word: string): number | null {
  if (code === word || names.some((name) => name.startsWith(word))) return 0
  if (words.some((one) => one.startsWith(word))) return 1
  if (code !== '' && code.startsWith(word)) return 2
  if (names.some((name) => name.includes(word))) return 3
  return about.includes(word) ? 4 : null
}

/** One slip in a word of four letters, two from seven on; what follows the typed letters does not count. */
function nearly({ words }: Texts, word: string): number | null {
  const slips = word.length < 4 ? 0 : word.length < 7 ? 1 : 2
  if (slips === 0) return null
  const least = Math.min(...words.map((one) => slipsTo(word, one)))
  return least <= slips ? least : null
}

/** Letters to change, add, leave out or exchange so that `whole` begins with `typed`. */
function slipsTo(typed: string, whole: string): number {
  let before: number[] = []
  let row = Array.from({ length: whole.length + 1 }, (_, at) => at)
  for (let i = 1; i <= typed.length; i++) {
    const next = [i]
    for (let j = 1; j <= whole.length; j++) {
      const same = typed[i - 1] === whole[j - 1]
      let least = Math.min(row[j - 1]! + (same ? 0 : 1), row[j]! + 1, next[j - 1]! + 1)
      const isSwapped = i > 1 && j > 1 && typed[i - 1] === whole[j - 2] && typed[i - 2] === whole[j - 1]
      if (isSwapped) least = Math.min(least, before[j - 2]! + 1)
      next.push(least)
    }
    before = row
    row = next
  }
  return Math.min(...row)
}

type Score = (texts: Texts, word: string) => number | null

function ranked(dishes: [Dish, Texts][], wish: string, score: Score): Dish[] {
  const words = wish.split(/\s+/).filter(Boolean)
  return dishes
    .flatMap(([dish, texts]): { dish: Dish; score: number }[] => {
      const scores = words.map((word) => score(texts, word))
      return scores.some((one) => one === null) ? [] : [{ dish, score: Math.max(...(scores as number[])) }]
    })
    .sort((a, b) => a.score - b.score)
    .map(({ dish }) => dish)
}

/** What a scanner typed, as the box keeps codes: a UPC-A is the EAN-13 with a 0 before it. Null where it is none. */
const scanned = (text: string): string | null => {
  const code = text.trim()
  if (!/^[\x21-\x7e]{4,48}$/.test(code)) return null
  return /^\d{12}$/.test(code) ? `0${code}` : code
}

/** The size whose barcode this is. */
export function findScanned(menu: Menu, text: string): Choice | null {
  const code = scanned(text)
  if (!code) return null
  for (const dish of menu.categories.flatMap((category) => category.dishes)) {
    const variation = dish.variations.find(({ barcodes }) => barcodes?.includes(code))
    if (variation) return { dish, variation }
  }
  return null
}

/** The dishes that fit, the best first; of equal ones the menu's order. */
export function findDishes(menu: Menu, wish: string): Dish[] {
  const typed = plain(wish)
  const dishes = menu.categories.flatMap((category) => category.dishes.map((dish): [Dish, Texts] => [dish, textsOf(dish)]))
  for (const score of [fit, nearly]) {
    for (const text of [typed, ...otherLayouts(typed)]) {
      const found = text === '' ? [] : ranked(dishes, text, score)
      if (found.length > 0) return found
    }
  }
  return []
}
