// Where the waiter's menu opens. Pure.

import { findDish } from '../lib/menu'
import type { Dish, Menu } from '../lib/types'

/** Shelves beside the sections: what the waiter starred, what they ordered last, what the house sells most. */
export const SHELVES = ['starred', 'last', 'often'] as const

/** One of them, or a section of the menu by its id. */
export type Shelf = (typeof SHELVES)[number] | number

export const popular = (menu: Menu): Dish[] =>
  menu.categories.flatMap(({ dishes }) => dishes.filter((dish) => dish.is_popular))

/** The first with something on it: a new restaurant has no favourites yet. */
export function firstShelf(menu: Menu | null, starred: number[]): Shelf {
  if (starred.some((id) => menu && findDish(menu, id))) return 'starred'
  if (!menu || popular(menu).length > 0) return 'often'
  return menu.categories.find(({ dishes }) => dishes.length > 0)?.id ?? 'often'
}
