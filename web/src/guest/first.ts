// What the page came with: the menu stands in the first reply, drawn by the box, with its data beside it.

import type { Category, Menu, Restaurant } from '../lib/types'

export interface FirstReply {
  restaurant: Restaurant
  menu: Menu
}

/** The data in the page; null when it was served without a menu, as the development server does. */
export function firstReply(page: ParentNode): FirstReply | null {
  const house = page.querySelector('script[data-house]')?.textContent
  if (!house) return null
  const parts = page.querySelectorAll('script[data-category]')
  const categories = Array.from(parts, (part) => whole(JSON.parse(part.textContent ?? '') as Category))
  return { restaurant: JSON.parse(house) as Restaurant, menu: { categories } }
}

/** What follows from the rest is not sent, and what is the staff's alone. */
function whole(part: Category): Category {
  const sold = <T>(thing: T, sort_order: number) => ({ ...thing, sort_order, is_available: true })
  const dishes = part.dishes.map((dish, place) => ({
    ...sold(dish, place),
    category_id: part.id,
    variations: dish.variations.map(sold),
  }))
  return { ...part, dishes }
}
