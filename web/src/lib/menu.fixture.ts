// A small menu for the unit tests.

import type { Dish, Menu } from './types'

export function dish(id: number, name: string, prices: string[], more: Partial<Dish> = {}): Dish {
  return {
    id,
    name,
    description: '',
    category_id: 1,
    department: 'hot',
    sort_order: 0,
    is_available: true,
    is_popular: false,
    translations: {},
    allergens: [],
    variations: prices.map((price, i) => ({
      id: id * 10 + i,
      name: `size ${i}`,
      price,
      sort_order: i,
      is_available: true,
      is_default: i === 1,
      translations: {},
    })),
    ...more,
  }
}

const category = (id: number, name: string, dishes: Dish[]) => ({
  id,
  name,
  featured: false,
  sort_order: id,
  translations: {},
  dishes,
})

export const menu: Menu = {
  categories: [
    category(1, 'Супы', [
      dish(1, 'Борщ', ['390.00'], { description: 'Свёкла и говядина', translations: { en: { name: 'Borscht' } } }),
      dish(2, 'Уха', ['450.00', '590.50']),
    ]),
    category(2, 'Десерты', [dish(3, 'Медовик', ['310.00'])]),
  ],
}
