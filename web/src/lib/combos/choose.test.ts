import { expect, test } from 'vitest'
import { dish as makeDish, menu as smallMenu } from '../menu.fixture'
import type { ComboPart, Dish, Menu } from '../types'
import { answerFor, comboAnswer, usualPicks, withPick, wrongFor } from './choose'
import { together } from './together'

const choice = (id: number, dish: Dish, surcharge: string, is_default = false) => ({
  id,
  dish_id: dish.id,
  dish_variation_id: dish.variations[0]!.id,
  dish_name: dish.name,
  dish_translations: {},
  variation_name: '',
  surcharge,
  is_default,
  is_available: true,
})

const soup = makeDish(1, 'Борщ', ['340.00'])
const stew = makeDish(2, 'Харчо', ['560.00'])
const coffee = makeDish(3, 'Кофе', ['190.00'], { modifier_groups: [{ group_id: 7, min: 1, max: 1 }] })
const parts: ComboPart[] = [
  { id: 1, name: 'Суп', translations: {}, choices: [choice(11, soup, '0', true), choice(12, stew, '60.00')] },
  { id: 2, name: 'Напиток', translations: {}, choices: [choice(21, coffee, '0')] },
]
const lunch = makeDish(9, 'Ланч', ['500.00'], { combo: parts })
const milk = {
  id: 7,
  name: 'Молоко',
  translations: {},
  min: 1,
  max: 1,
  free: 0,
  prefixes: [],
  options: [{ id: 71, name: 'Овсяное', translations: {}, price: '40.00', is_default: false, max_quantity: 1 }],
}
const menu: Menu = { categories: [{ ...smallMenu.categories[0]!, dishes: [soup, stew, coffee, lunch] }], modifier_groups: [milk] }

test('the usual things are chosen, and what there is no choice about', () => {
  expect(usualPicks(lunch)).toEqual([{ choice_id: 11 }, { choice_id: 21 }])
})

test('another thing takes the place in its part, and the parts keep their order', () => {
  expect(withPick(lunch, [{ choice_id: 21 }, { choice_id: 11 }], parts[0]!, { choice_id: 12 })).toEqual([{ choice_id: 12 }, { choice_id: 21 }])
})

test('what a part asks for has to be answered, and counts', () => {
  expect(comboAnswer(menu, lunch, [{ choice_id: 12 }], 2).lack).toContain('Напиток')
  const asked = comboAnswer(menu, lunch, [{ choice_id: 12 }, { choice_id: 21 }], 2)
  expect(asked.lack).toContain('Молоко')
  const done = comboAnswer(menu, lunch, [{ choice_id: 12 }, { choice_id: 21, modifiers: [{ option_id: 71 }] }], 2)
  expect(done).toMatchObject({ lack: '', adds: 10000, said: 'Харчо, Кофе (Овсяное)' })
  expect(done.combo).toEqual([{ choice_id: 12 }, { choice_id: 21, modifiers: [{ option_id: 71 }] }])
})

test('what ran out is seen, and a combo whose parts are not here yet says nothing', () => {
  const picks = [{ choice_id: 12 }, { choice_id: 21, modifiers: [{ option_id: 71 }] }]
  expect(wrongFor(menu, lunch, { combo: picks })).toBe('')
  expect(wrongFor(menu, lunch, { combo: [{ choice_id: 99 }, picks[1]!] })).not.toBe('')
  expect(wrongFor(menu, { ...lunch, combo: [] }, { combo: picks })).toBe('')
  expect(answerFor(menu, { ...lunch, combo: [] }, {}, 2).lack).not.toBe('')
})

test('lines of a combo stand together where the first of them stands', () => {
  const combo = { id: 5, dish_id: 9, name: 'Ланч' }
  const lines = [{ id: 5, combo }, { id: 6 }, { id: 7, combo }]
  expect(together(lines, ({ id }) => id).map(({ lines }) => lines.map(({ id }) => id))).toEqual([[5, 7], [6]])
})
