// A small menu for the unit tests of this folder.

import type { Dish, Menu } from '../lib/types'

export function dish(id: number, name: string, prices: string[], more: Partial<Dish> = {}): Dish {
  return {
    id,
    name,
    description: '',
    main_image_url: null,
    cooking_time: null,
    weight: null,
    calories: null,
    is_popular: false,
    translations: {},
    allergens: [],
    variations: prices.map((price, i) => ({
      id: id * 10 + i,
      name: `size ${i}`,
      description: null,
      price,
      image_url: null,
      weight: null,
      calories: null,
      is_default: i === 1,
      translations: {},
    })),
    ...more,
  }
}

export const menu: Menu = {
  categories: [
    {
      id: 1,
      name: 'Супы',
      description: null,
      translations: {},
      dishes: [
        dish(1, 'Борщ', ['390.00'], { description: 'Свёкла и говядина', translations: { en: { name: 'Borscht' } } }),
        dish(2, 'Уха', ['450.00', '590.50']),
      ],
    },
    { id: 2, name: 'Десерты', description: null, translations: {}, dishes: [dish(3, 'Медовик', ['310.00'])] },
  ],
}
