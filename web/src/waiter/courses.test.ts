import { expect, test } from 'vitest'
import type { Line } from '../lib/line'
import { dish } from '../lib/menu.fixture'
import type { Dish, ItemStatus, Menu, OrderItem } from '../lib/types'
import { byCourse, canHold, courseAsked, courseOf, nextCourse, withOne } from './courses'

const soup = { ...dish(1, 'Борщ', ['350.00']), course: 1 }
const menu: Menu = { categories: [{ id: 1, name: 'Меню', featured: false, sort_order: 0, translations: {}, dishes: [soup] }] }
const line = (more: Partial<Line> = {}): Line => ({ dishId: 1, variationId: 10, name: 'Борщ', quantity: 1, comment: '', ...more })
const item = (course: number | null, status: ItemStatus, more: Partial<OrderItem> = {}): OrderItem =>
  ({ course, status, ...more }) as OrderItem

test('a line has the course that was said, else the usual one of its dish at a table', () => {
  const table = { at: 'table', tableId: 1, name: '1' } as const
  expect(courseOf(line(), menu, table)).toBe(1)
  expect(courseOf(line({ course: 3 }), menu, table)).toBe(3)
  expect(courseOf(line({ course: 0 }), menu, table)).toBe(0)
  expect(courseOf(line(), menu, { at: 'takeaway' })).toBe(0)
  expect(courseAsked(line())).toEqual({})
  expect(courseAsked(line({ course: 0 }))).toEqual({ course: null })
  expect(courseAsked(line({ course: 2 }))).toEqual({ course: 2 })
})

test('a combo stands in a draft where the first of its parts is served', () => {
  const table = { at: 'table', tableId: 1, name: '1' } as const
  const tea = { ...dish(2, 'Чай', ['90.00']), course: 3 }
  const cake = dish(3, 'Пирог', ['190.00'])
  const choice = (id: number, { id: dish_id, name, variations }: Dish) => ({
    id,
    dish_id,
    dish_variation_id: variations[0]!.id,
    dish_name: name,
    dish_translations: {},
    variation_name: '',
    surcharge: '0',
    is_default: false,
    is_available: true,
  })
  const part = (id: number, ...dishes: Dish[]) => ({ id, name: String(id), translations: {}, choices: dishes.map((one) => choice(id * 10 + one.id, one)) })
  const lunch = dish(9, 'Ланч', ['500.00'], { combo: [part(1, soup, tea), part(2, cake, tea)] })
  const offered = (combo: Dish): Menu => ({ categories: [{ ...menu.categories[0]!, dishes: [soup, tea, cake, combo] }] })
  const chosen = (...ids: number[]) => line({ dishId: 9, combo: ids.map((choice_id) => ({ choice_id })) })
  expect(courseOf(chosen(11, 22), offered(lunch), table)).toBe(1)
  expect(courseOf(chosen(12, 23), offered(lunch), table)).toBe(3)
  expect(courseOf({ ...chosen(11, 22), course: 2 }, offered(lunch), table)).toBe(2)
  // What its parts leave open the combo says.
  expect(courseOf(chosen(12, 23), offered({ ...lunch, course: 2 }), table)).toBe(2)
  expect(courseOf(chosen(12, 22), offered({ ...lunch, course: 2 }), table)).toBe(3)
})

test('lines of one choice count up within their course only', () => {
  const lines = [line({ course: 1 }), line({ course: 2, quantity: 2 })]
  expect(withOne(lines, line({ course: 2 })).map(({ quantity }) => quantity)).toEqual([1, 3])
  expect(withOne(lines, line({ course: 1 })).map(({ quantity }) => quantity)).toEqual([2, 2])
  expect(withOne(lines, line()).map(({ course }) => course)).toEqual([1, 2, undefined])
})

test('courses stand in turn, what has none before them', () => {
  const grouped = byCourse([2, 0, 1, 2], (course) => course)
  expect(grouped.map(({ course, lines }) => [course, lines.length])).toEqual([[0, 1], [1, 1], [2, 2]])
})

test('the next course is wanted once all before it is served', () => {
  for (const [lines, next] of [
    [[item(1, 'SERVED'), item(2, 'HELD'), item(3, 'HELD')], 2],
    [[item(1, 'READY'), item(2, 'HELD')], null],
    [[item(1, 'CANCELLED'), item(2, 'HELD')], 2],
    [[item(null, 'IN_PREPARATION'), item(2, 'HELD')], 2],
    [[item(1, 'SERVED')], null],
    [[], null],
  ] as const)
    expect(nextCourse([...lines])).toBe(next)
})

test('a course is held again only while nobody has begun it', () => {
  expect(canHold([item(1, 'IN_PREPARATION'), item(2, 'READY')], 1)).toBe(true)
  expect(canHold([item(1, 'IN_PREPARATION'), item(1, 'IN_PREPARATION', { preparation_started_at: 'x' })], 1)).toBe(false)
  expect(canHold([item(1, 'IN_PREPARATION'), item(1, 'SERVED')], 1)).toBe(false)
  expect(canHold([item(1, 'HELD')], 1)).toBe(false)
})
