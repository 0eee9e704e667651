// What the page came with: the menu stands in the first reply, drawn by the box, with its data beside it.

import type { Category, Dish, Menu, Restaurant } from '../lib/types'

/** What a first reply says of the menu that is not in it: it has the language of the page, and the dishes that fit. */
export interface Part {
  lang: string
  /** how many dishes are not here */
  more: number
  /** of the whole menu */
  allergens: Dish['allergens']
  popular: boolean
}

export interface FirstReply {
  restaurant: Restaurant
  menu: Menu
  part: Part
}

/** The data in the page; null when it was served without a menu, as the development server does. */
export function firstReply(page: ParentNode): FirstReply | null {
  const read = (name: string): string | null => page.querySelector(`script[data-${name}]`)?.textContent ?? null
  const [house, part] = [read('house'), read('part')]
  if (!house || !part) return null
  const groups = read('groups')
  const parts = page.querySelectorAll('script[data-category]')
  const categories = Array.from(parts, (part) => whole(JSON.parse(part.textContent ?? '') as Category))
  const told = JSON.parse(part) as Omit<Part, 'lang'>
  return {
    restaurant: JSON.parse(house) as Restaurant,
    menu: { categories, ...(groups && { modifier_groups: JSON.parse(groups) as NonNullable<Menu['modifier_groups']> }) },
    part: { ...told, lang: document.documentElement.lang },
  }
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
