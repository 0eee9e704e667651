import { expect, test } from 'vitest'
import { dish as makeDish } from '../lib/menu.fixture'
import type { LineModifier, Menu, OrderItem } from '../lib/types'
import { againOf, changeOf, lineOf, roundOf } from './again'

const coffee = makeDish(5, 'Эспрессо', ['190.00'], { department: 'bar', modifier_groups: [{ group_id: 1, min: 0, max: 1 }] })
const option = (id: number, name: string, price: string) => ({ id, name, translations: {}, price, is_default: false, max_quantity: 1 })
const menu: Menu = {
  categories: [{ id: 1, name: 'Напитки', featured: false, sort_order: 0, translations: {}, dishes: [coffee] }],
  modifier_groups: [
    { id: 1, name: 'Молоко', translations: {}, min: 0, max: 1, free: 0, prefixes: [], options: [option(11, 'Овсяное', '60.00')] },
  ],
}
const oat: LineModifier = { option_id: 11, group_id: 1, group_name: 'Молоко', name: 'Овсяное', quantity: 1, price: '60.00', amount: '60.00' }
const item = (more: Partial<OrderItem> = {}): OrderItem =>
  ({ id: 1, dish_id: 5, dish_variation_id: 50, dish_name: 'Эспрессо', quantity: 2, comment: null, department: 'bar', status: 'SERVED', modifiers: [oat], ...more }) as OrderItem

test('the same once more has the same options at the price of now', () => {
  expect(againOf(item(), menu, 2)).toMatchObject({ variationId: 50, quantity: 2, modifiers: [{ option_id: 11 }], adds: 6000, said: 'Овсяное' })
})

test('what ran out cannot be had again', () => {
  const without = { ...menu, modifier_groups: menu.modifier_groups!.map((group) => ({ ...group, options: [] })) }
  expect(againOf(item(), without, 2)).toBeNull()
  expect(againOf(item({ dish_variation_id: 99 }), menu, 2)).toBeNull()
})

test('a round is what the bar made, without what was called off', () => {
  const items = [item(), item({ id: 2, status: 'CANCELLED' }), item({ id: 3, department: 'hot' })]
  expect(roundOf(items, menu, 2)).toHaveLength(1)
})

test('a change names options only where they are others', () => {
  const line = lineOf(item(), menu, 2)
  expect(changeOf(item(), { ...line, quantity: 3 }, menu, 2).modifiers).toBeUndefined()
  expect(changeOf(item(), { ...line, modifiers: undefined }, menu, 2).modifiers).toEqual([])
})
