import { expect, test } from 'vitest'
import { queryOf, type Wanted } from './api'

const wanted: Wanted = {
  state: 'all',
  payment: 'all',
  type: 'all',
  waiter: '',
  table: '',
  search: '',
  days: { from: '2026-11-01', to: '2026-11-24' },
  sort: 'newest',
  skip: 0,
}

test('digits are a number of the day, all else is a guest', () => {
  expect(queryOf({ ...wanted, search: ' 12 ' })).toMatchObject({ number: 12 })
  expect(queryOf({ ...wanted, search: '+7900' })).toMatchObject({ search: '+7900' })
  expect(queryOf({ ...wanted, search: '79001234567' })).toMatchObject({ search: '79001234567' })
  expect(queryOf(wanted)).not.toHaveProperty('search')
})

test('what is not chosen is not asked', () => {
  expect(queryOf(wanted)).toEqual({
    status: [],
    date_from: '2026-11-01',
    date_to: '2026-11-24',
    sort: 'newest',
    skip: 0,
    limit: 50,
  })
  expect(queryOf({ ...wanted, state: 'open', payment: 'PAID', waiter: '3' })).toMatchObject({
    payment_status: ['PAID'],
    waiter_id: 3,
  })
})
