// What this guest leaves out: dishes with something that he can't or won't eat are not shown. Kept on his phone.

import { lasting, recall, remember } from '../lib/storage'
import type { Category, Dish, Menu } from '../lib/types'
import type { Early } from './early'

const KEY = 'qres.diet'

const isIds = (value: unknown): value is number[] => Array.isArray(value) && value.every(Number.isInteger)

export class Diet {
  /** ids of allergens */
  excluded = $state<number[]>(recall(lasting, KEY, isIds) ?? [])
  popularOnly = $state(false)

  get isOn(): boolean {
    return this.popularOnly || this.excluded.length > 0
  }

  excludes(allergenId: number): boolean {
    return this.excluded.includes(allergenId)
  }

  toggle(allergenId: number): void {
    this.excluded = this.excludes(allergenId)
      ? this.excluded.filter((id) => id !== allergenId)
      : [...this.excluded, allergenId]
    remember(lasting, KEY, this.excluded.length > 0 ? this.excluded : null)
  }

  /** What was tapped in the filter before the app was there. */
  takeUp(early: Early): void {
    if (early === 'popular') this.popularOnly = true
    else if (early && 'allergen' in early && !this.excludes(early.allergen)) this.toggle(early.allergen)
  }

  clear(): void {
    this.excluded = []
    this.popularOnly = false
    remember(lasting, KEY, null)
  }

  shows(dish: Dish): boolean {
    return (dish.is_popular || !this.popularOnly) && !dish.allergens.some((allergen) => this.excludes(allergen.id))
  }

  /** The menu without what this guest does not want to see. */
  filter(menu: Menu): Menu {
    if (!this.isOn) return menu
    const categories = menu.categories.map((category) => ({
      ...category,
      dishes: category.dishes.filter((dish) => this.shows(dish)),
    }))
    return { categories: categories.filter((category) => category.dishes.length > 0) }
  }
}

/** The allergens that this menu names, each once, in the order in which the restaurant entered them. */
export function allergensOf(menu: Menu): Dish['allergens'] {
  const all = menu.categories.flatMap((category: Category) => category.dishes.flatMap((dish) => dish.allergens))
  return [...new Map(all.map((allergen) => [allergen.id, allergen])).values()].sort((a, b) => a.id - b.id)
}

export const dishCount = (menu: Menu): number => menu.categories.reduce((sum, { dishes }) => sum + dishes.length, 0)
