import { expect, test } from 'vitest'
import { dish, menu } from '../lib/menu.fixture'
import type { Menu } from '../lib/types'
import { firstShelf } from './shelves'

const withPopular: Menu = {
  categories: [...menu.categories, { ...menu.categories[0]!, id: 9, dishes: [dish(9, 'Чай', ['90.00'], { is_popular: true })] }],
}

// screens-1, 8: in a new restaurant the menu opened at an empty shelf, without a word.
test('a new restaurant’s menu opens at the first section that has dishes', () => {
  expect(firstShelf(menu, [])).toBe(1)
  const empty = { ...menu.categories[0]!, dishes: [] }
  expect(firstShelf({ categories: [empty, menu.categories[1]!] }, [])).toBe(2)
})

test('what is starred and still on the menu stands before what the house sells most', () => {
  expect(firstShelf(withPopular, [])).toBe('often')
  expect(firstShelf(withPopular, [2])).toBe('starred')
  expect(firstShelf(withPopular, [404])).toBe('often')
})

test('where nothing is sold there is a shelf that says so', () => {
  expect(firstShelf({ categories: [] }, [])).toBe('often')
  expect(firstShelf(null, [])).toBe('often')
})
