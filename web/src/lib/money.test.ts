import { describe, expect, test } from 'vitest'
import { fromMinor, moneyOf, toMinor } from './money'
import { shortMoney } from './short-money'

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

test.each([
  [65000, 2, '650.00'],
  [5, 2, '0.05'],
  [-1230, 2, '-12.30'],
  [1200, 0, '1200'],
  [0, 3, '0.000'],
])('%i with %i digits back as a text', (minor, digits, text) => {
  expect(fromMinor(minor, digits)).toBe(text)
  expect(toMinor(text, digits)).toBe(minor)
})

const plain = (text: string) => text.replace(/\s/g, ' ')
const rub = { currency: 'RUB', currency_digits: 2, languages: ['ru', 'en'] }

test('minor units are written only where there are some', () => {
  expect(plain(moneyOf(rub)(145000))).toBe('1 450 ₽')
  expect(plain(moneyOf(rub)(145050))).toBe('1 450,50 ₽')
  expect(plain(moneyOf({ currency: 'JPY', currency_digits: 0, languages: ['en'] })(1200))).toBe('¥1,200')
})

// One page must not say "₽5,200" beside "2 490 ₽": the restaurant decides how money looks, the reader only the words.
test('short sums have the currency where all others have it', () => {
  expect(plain(shortMoney(12_000_000, rub, 'ru'))).toBe('120 тыс. ₽')
  expect(plain(shortMoney(12_000_000, rub, 'en'))).toBe('120K ₽')
  expect(shortMoney(1_250_000, { currency: 'USD', currency_digits: 2, languages: ['en'] }, 'en')).toBe('$12.5K')
})
