// Reading the menu: finding a choice, prices, search. Pure.

import type { Category, Dish, Menu, SaleUnit, Variation } from './types'
import { toMinor } from './money'

export interface Choice {
  dish: Dish
  variation: Variation
}

export function findChoice(menu: Menu, dishId: number, variationId: number): Choice | null {
  for (const category of menu.categories) {
    const dish = category.dishes.find((d) => d.id === dishId)
    const variation = dish?.variations.find((v) => v.id === variationId)
    if (dish && variation) return { dish, variation }
  }
  return null
}

export const findDish = (menu: Menu, id: number): Dish | undefined =>
  menu.categories.flatMap((category) => category.dishes).find((dish) => dish.id === id)

/** A dish by the name under which it was ordered, where nothing else of it is known. */
export function findByName(menu: Menu, name: string): Dish | undefined {
  return menu.categories.flatMap((category) => category.dishes).find((dish) => dish.name === name)
}

/** The variation that stands chosen when a dish is opened. */
export function defaultVariation(dish: Dish): Variation | undefined {
  return dish.variations.find((v) => v.is_default) ?? dish.variations[0]
}

/** Whether something can be chosen with it. */
export const hasChoices = (dish: Dish): boolean => !!(dish.combo ?? dish.modifier_groups)

/** Whether somebody has to answer something before it can be ordered. */
export const isAsking = (dish: Dish): boolean => !!dish.combo || !!dish.modifier_groups?.some(({ min }) => min > 0)

/** Lowest price in minor units, what it is at other times if that is more, of what it is, and whether another size costs more. */
export function priceOf(dish: Dish, digits: number): { least: number; usual: number; unit?: SaleUnit | undefined; differs: boolean } {
  const prices = dish.variations.map((v) => toMinor(v.price, digits))
  const least = Math.min(...prices)
  const { unit, list_price } = dish.variations[prices.indexOf(least)] ?? {}
  return { least, usual: Math.max(least, toMinor(list_price ?? '0', digits)), unit, differs: prices.some((price) => price !== least) }
}

const plain = (text: string) => text.toLowerCase().replaceAll('ё', 'е').trim()

/** Everything one may call the dish, in every language of the menu. */
function textOf(dish: Dish): string {
  const others = Object.values(dish.translations ?? {}).flatMap((t) => [t.name, t.description])
  return plain([dish.name, dish.description, ...others].filter(Boolean).join('\n'))
}

/** The categories with only the dishes that hold every word of the search. */
export function search(menu: Menu, wish: string): Category[] {
  const words = plain(wish).split(/\s+/).filter(Boolean)
  if (words.length === 0) return menu.categories
  return menu.categories
    .map((category) => ({
      ...category,
      dishes: category.dishes.filter((dish) => {
        const text = textOf(dish)
        return words.every((word) => text.includes(word))
      }),
    }))
    .filter((category) => category.dishes.length > 0)
}
