import { expect, test } from 'vitest'
import type { GuestCheck } from '../../lib/types'
import { netOf, ofCheck, portionOf, standingOf, whole } from './paper'

const LINE = { item_id: 1, dish_name: 'Soup', variation_name: '', quantity: 1, gross: '350.00', total: '315.00' }
const CHECK = {
  id: 101,
  number: 1,
  state: 'OPEN',
  lines: [LINE],
  adjustments: [
    { id: 1, kind: 'amount', value: '35.00', item_id: 1, amount: '35.00' },
    { id: 2, kind: 'service_percent', value: '10', item_id: null, amount: '31.50' },
  ],
  paid: '0.00',
} as unknown as GuestCheck

test('what is taken off a line stands with the line, the rest with the sums', () => {
  expect(netOf(CHECK, LINE, 2)).toBe(31_500)
  expect(ofCheck(CHECK).map(({ id }) => id)).toEqual([2])
})

test('where a check stands, in one word', () => {
  expect(standingOf(CHECK, 2)).toBe('open')
  expect(standingOf({ ...CHECK, state: 'PRESENTED' }, 2)).toBe('presented')
  expect(standingOf({ ...CHECK, state: 'PRESENTED', paid: '1.00' }, 2)).toBe('part')
  expect(standingOf({ ...CHECK, state: 'CLOSED', paid: '350.00' }, 2)).toBe('paid')
})

test('a third of a bottle, one of two plates, and never nothing', () => {
  expect(portionOf({ ...whole(1000), people: 3 })).toBe(333)
  expect(portionOf({ pieces: 1000, people: 1 })).toBe(1000)
  expect(portionOf({ ...whole(3000), people: 2 })).toBe(1500)
  expect(portionOf({ ...whole(1), people: 4 })).toBe(1)
})
