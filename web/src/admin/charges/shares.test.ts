import { expect, test } from 'vitest'
import { asTyped, sharesOf, sumOf } from './shares'

test('shares are typed and read as people write them', () => {
  const shares = [
    { to: 'WAITER' as const, percent: '66.67' },
    { to: 'KITCHEN' as const, percent: '33.33' },
  ]
  const typed = asTyped(shares)
  expect(typed.HOUSE).toBe('')
  expect(sumOf(typed)).toBe('100')
  expect(sharesOf(typed)).toEqual(shares)
  expect(sumOf({ ...typed, HOUSE: '7,5' })).toBe('107.5')
  expect(sharesOf({ ...typed, WAITER: 'many', HOUSE: '0' })).toEqual([shares[1]])
})
