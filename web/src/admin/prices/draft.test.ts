import { expect, test } from 'vitest'
import type { PriceList } from './api'
import { fieldsOf, listOf, newRow } from './draft'

test('a list is read into the form and out of it unchanged', () => {
  const list: PriceList = {
    id: 3,
    name: 'Happy hour',
    period_id: 2,
    location_id: null,
    channel: 'DINE_IN',
    round_to: '10.00',
    priority: 5,
    is_active: true,
    prices: [
      { scope: 'ALL', kind: 'PERCENT', percent: '-20' },
      { scope: 'CATEGORY', target_id: 4, kind: 'PERCENT', percent: '7.5' },
      { scope: 'DISH', target_id: 7, kind: 'SET', amount: '199.00' },
      { scope: 'DISH', target_id: 8, kind: 'MINUS', amount: '50.00' },
    ],
  }
  const { id: _, ...draft } = list
  expect(listOf(fieldsOf(list))).toEqual(draft)
})

test('numbers are read as people write them', () => {
  const fields = { ...fieldsOf(null), name: ' Lunch ', rows: [{ ...newRow(), how: 'more' as const, much: '7,5 ' }] }
  expect(listOf(fields)).toMatchObject({ name: 'Lunch', prices: [{ scope: 'ALL', kind: 'PERCENT', percent: '7.5' }] })
})
