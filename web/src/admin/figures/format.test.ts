import { expect, test } from 'vitest'
import { about } from './format'

const house = { currency: 'RUB', currency_digits: 2, languages: ['ru'] } as Parameters<typeof about>[1]
const read = (cell: string | null) => about(cell, house).replaceAll(/\s/g, ' ')

// screens-1, 26: an average bill was "1 733,33 ₽".
test('an average has no pennies, unless it is small', () => {
  expect(read('1733.33')).toBe('1 733 ₽')
  expect(read('1733.50')).toBe('1 734 ₽')
  expect(read('12.50')).toBe('12,50 ₽')
  expect(read(null)).toBe('–')
})
