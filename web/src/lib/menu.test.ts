import { expect, test } from 'vitest'
import { menu } from './menu.fixture'
import { defaultVariation, findChoice, priceOf, search } from './menu'

const [soups] = menu.categories
const names = (wish: string) => search(menu, wish).flatMap((category) => category.dishes.map((d) => d.name))

test('finds a dish by a word of any language, with е for ё, all words needed', () => {
  expect(names('borsch')).toEqual(['Борщ'])
  expect(names('СВЕКЛА')).toEqual(['Борщ'])
  expect(names('говядина свёкла')).toEqual(['Борщ'])
  expect(names('борщ медовик')).toEqual([])
  expect(names('  ')).toHaveLength(3)
})

test('a category without hits is not shown', () => {
  expect(search(menu, 'медовик').map((category) => category.name)).toEqual(['Десерты'])
})

test('price from the least, and whether it differs', () => {
  expect(priceOf(soups!.dishes[0]!, 2)).toEqual({ least: 39000, usual: 39000, differs: false })
  expect(priceOf(soups!.dishes[1]!, 2)).toEqual({ least: 45000, usual: 45000, differs: true })
  const [size] = soups!.dishes[0]!.variations
  const atNight = { ...soups!.dishes[0]!, variations: [{ ...size!, list_price: '450.00' }] }
  expect(priceOf(atNight, 2)).toMatchObject({ least: 39000, usual: 45000 })
})

test('the default size stands chosen, else the first', () => {
  expect(defaultVariation(soups!.dishes[1]!)?.id).toBe(21)
  expect(defaultVariation(soups!.dishes[0]!)?.id).toBe(10)
})

test('a choice that is no longer on the menu is null', () => {
  expect(findChoice(menu, 2, 21)?.dish.name).toBe('Уха')
  expect(findChoice(menu, 2, 10)).toBeNull()
  expect(findChoice(menu, 9, 90)).toBeNull()
})
