import { expect, test } from 'vitest'
import { findDishes, findScanned } from './find'
import type { Dish, Menu } from './types'

const dish = (name: string, more: Partial<Dish> = {}) => ({ name, description: '', translations: {}, code: null, ...more }) as unknown as Dish
const menu = {
  categories: [
    { dishes: [dish('Шоти', { code: 'P01' }), dish('Утиная грудка', { description: 'с вишней' }), dish('Чай с чабрецом')] },
    { dishes: [dish('Тирамису', { translations: { en: { name: 'Tiramisu' } } }), dish('Суп тыквенный'), dish('Чёрный чай', { code: 'P02' })] },
  ],
} as unknown as Menu
const found = (wish: string) => findDishes(menu, wish).map(({ name }) => name)

// Row 12: two letters of a name's beginning bring that dish first.
test.each([
  ['ти', ['Тирамису', 'Шоти', 'Утиная грудка']],
  ['чай', ['Чай с чабрецом', 'Чёрный чай']],
  ['черный', ['Чёрный чай']],
  ['tira', ['Тирамису']],
  ['p02', ['Чёрный чай']],
  ['p', ['Шоти', 'Чёрный чай']],
  ['вишн', ['Утиная грудка']],
  ['чай черн', ['Чёрный чай']],
])('%s', (wish, names) => expect(found(wish)).toEqual(names))

test.each([
  ['nbhf', 'Тирамису'],
  ['ешкф', 'Тирамису'],
  ['шз02', undefined],
  ['з02', 'Чёрный чай'],
  ['xfq', 'Чай с чабрецом'],
])('%s was typed on the other layout', (wish, name) => expect(found(wish)[0]).toBe(name))

test.each([
  ['тирмису', 'Тирамису'],
  ['тримаису', 'Тирамису'],
  ['утинная', 'Утиная грудка'],
  ['тыковенный', 'Суп тыквенный'],
  ['nbhvfbce', 'Тирамису'],
])('%s is a slip of the finger', (wish, name) => expect(found(wish)[0]).toBe(name))

test('what nothing resembles is not found', () => {
  expect(found('плов')).toEqual([])
  expect(found('  ')).toEqual([])
})

// A scanner tells a UPC-A with the 0 before it, or without.
test.each([
  ['4006381333931', 1],
  ['036000291452', 2],
  ['0036000291452', 2],
  ['ABC-7', 3],
  ['4006381333930', undefined],
  ['чай', undefined],
])('scanned: %s', (code, id) => {
  const sizes = [['4006381333931'], ['0036000291452'], ['ABC-7'], undefined].map((barcodes, i) => ({ id: i + 1, barcodes }))
  const shop = { categories: [{ dishes: [dish('Вода', { variations: sizes } as unknown as Partial<Dish>)] }] } as unknown as Menu
  expect(findScanned(shop, code)?.variation.id).toBe(id)
})
