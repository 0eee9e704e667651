import { describe, expect, test } from 'vitest'
import { formatMoney, toMinor } from './money'

describe('toMinor', () => {
  test.each([
    ['650.00', 2, 65000],
    ['0.05', 2, 5],
    ['7', 2, 700],
    ['7.5', 2, 750],
    ['-12.30', 2, -1230],
    ['1200', 0, 1200],
    ['999999.99', 2, 99999999],
  ])('%s with %i digits', (text, digits, minor) => {
    expect(toMinor(text, digits)).toBe(minor)
  })

  test.each(['', 'abc', '1.234', '1,50', '1e3', ' 5'])('refuses %j', (text) => {
    expect(() => toMinor(text, 2)).toThrow(RangeError)
  })
})

test('formatMoney writes minor units only where there are some', () => {
  const plain = (text: string) => text.replace(/\s/g, ' ')
  const rub = { currency: 'RUB', digits: 2, locale: 'ru' }
  expect(plain(formatMoney(145000, rub))).toBe('1 450 ₽')
  expect(plain(formatMoney(145050, rub))).toBe('1 450,50 ₽')
  expect(plain(formatMoney(1200, { currency: 'JPY', digits: 0, locale: 'en' }))).toBe('¥1,200')
})
