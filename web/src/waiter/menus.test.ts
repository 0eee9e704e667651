import { expect, test } from 'vitest'
import type { Menu } from '../lib/types'
import { menuAt, readOthers, type MenuQuery } from './menus'

const menu = (differs?: Menu['differs']): Menu => ({ categories: [], differs: differs ?? null })
const told = (menu: unknown) => menu as Menu

test('only the menus that differ are read', async () => {
  const asked: MenuQuery[] = []
  const read = async (query: MenuQuery) => {
    asked.push(query)
    return menu()
  }
  expect(await readOthers(menu(), read)).toEqual({})
  expect(asked).toEqual([])
  const others = await readOthers(menu({ channels: ['DINE_IN'], location_ids: [3] }), read)
  expect(Object.keys(others).sort()).toEqual(['DELIVERY', 'TAKEAWAY', 'room 3'])
  expect(asked).toEqual([{ location_id: 3 }, { channel: 'TAKEAWAY' }, { channel: 'DELIVERY' }])
})

test('a place has the menu of its room or of its way of sale', () => {
  const [usual, terrace, away, home] = ['usual', 'terrace', 'away', 'home'].map(told) as [Menu, Menu, Menu, Menu]
  const floor = {
    menu: usual,
    otherMenus: { 'room 3': terrace, TAKEAWAY: away, DELIVERY: home },
    tables: [
      { id: 1, location_id: 2 },
      { id: 7, location_id: 3 },
    ],
    orders: [
      { id: 10, order_type: 'DINE_IN' as const, table_id: 7 },
      { id: 11, order_type: 'DELIVERY' as const, table_id: null },
    ],
  }
  expect(menuAt(floor, { at: 'table', tableId: 1, name: '1' })).toBe(usual)
  expect(menuAt(floor, { at: 'table', tableId: 7, name: '7' })).toBe(terrace)
  expect(menuAt(floor, { at: 'takeaway' })).toBe(away)
  expect(menuAt(floor, { at: 'takeaway' }, true)).toBe(home)
  expect(menuAt(floor, { at: 'order', orderId: 10, number: 1 })).toBe(terrace)
  expect(menuAt(floor, { at: 'order', orderId: 11, number: 2 })).toBe(home)
  expect(menuAt({ ...floor, otherMenus: {} }, { at: 'takeaway' })).toBe(usual)
})
