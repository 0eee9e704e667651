import { expect, test } from 'vitest'
import { fieldsOf } from './menu-fields'

test('four dishes, one in each field', () => {
  const found = fieldsOf([
    { name: 'Борщ', quantity: 100, margin: 30_000 },
    { name: 'Чай', quantity: 120, margin: 6_000 },
    { name: 'Утка', quantity: 10, margin: 9_000 },
    { name: 'Компот', quantity: 10, margin: 500 },
  ])!
  // 240 pieces of four dishes: 42 are seven tenths of an even share. 455 minor units over 240 pieces is 189.6 each.
  expect(found.often).toBeCloseTo(42)
  expect(found.much).toBeCloseTo(189.58, 1)
  expect(found.dishes.map(({ name, field }) => [name, field])).toEqual([
    ['Борщ', 'star'],
    ['Чай', 'horse'],
    ['Утка', 'puzzle'],
    ['Компот', 'dog'],
  ])
  expect(found.dishes[2]!.each).toBe(900)
})

test('alike dishes are all good, and one alone is not compared', () => {
  const dish = (name: string) => ({ name, quantity: 5, margin: 500 })
  expect(fieldsOf([dish('a'), dish('b')])!.dishes.map(({ field }) => field)).toEqual(['star', 'star'])
  expect(fieldsOf([dish('a'), { name: 'b', quantity: 0, margin: 0 }])).toBeNull()
  expect(fieldsOf([])).toBeNull()
})

test('what loses money is below all', () => {
  const found = fieldsOf([
    { name: 'a', quantity: 10, margin: -100 },
    { name: 'b', quantity: 10, margin: 1_000 },
  ])!
  expect(found.dishes.map(({ field }) => field)).toEqual(['horse', 'star'])
})
