// What a price can be of: all, a category, a dish, a size; by the word that a form's list has for it. Pure.

import type { ListPrice, MenuTimes, WholeMenu } from './api'
import type { PricesMessages } from './messages/ru'

export interface Thing {
  /** "ALL", or a scope and an id as in "DISH 7" */
  value: string
  label: string
}

/** What has a `translations` and a name, in a language. */
export type Named = (thing: { name: string; translations?: unknown }) => string

export const keyOf = ({ scope, target_id }: Pick<ListPrice | MenuTimes, 'scope' | 'target_id'>): string =>
  target_id ? `${scope} ${target_id}` : scope

/** All categories and dishes in the order of the menu; sizes too where `sizes`, and all of it where `all`. */
export function thingsOf(menu: WholeMenu, named: Named, words: PricesMessages, more: { sizes: boolean; all: boolean }): Thing[] {
  const things: Thing[] = more.all ? [{ value: 'ALL', label: words.all }] : []
  for (const category of menu.categories) {
    things.push({ value: `CATEGORY ${category.id}`, label: words.wholeCategory(named(category)) })
    for (const dish of category.dishes) {
      things.push({ value: `DISH ${dish.id}`, label: named(dish) })
      if (!more.sizes || dish.variations.length < 2) continue
      for (const size of dish.variations) {
        things.push({ value: `VARIATION ${size.id}`, label: `${named(dish)}, ${named(size)}` })
      }
    }
  }
  return things
}
