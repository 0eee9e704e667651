import { expect, test } from 'vitest'
import { currencies, guessCurrency, languages, zones } from './places'

test.each([
  [['ru-RU', 'en'], 'RUB'],
  [['en-GB'], 'GBP'],
  [['de-DE'], 'EUR'],
  [['ka-GE', 'ru'], 'GEL'],
  [['ru'], 'RUB'],
  [['en'], 'EUR'],
])('the currency of %s is %s', (locales, code) => {
  expect(guessCurrency(locales)).toBe(code)
})

test('what is chosen is always in its list, whatever the browser knows', () => {
  expect(currencies('ru', 'RUB').find(({ value }) => value === 'RUB')?.label).toBe('Российский рубль · RUB')
  expect(currencies('en', 'XYZ').some(({ value }) => value === 'XYZ')).toBe(true)
  expect(zones('en', 'Europe/Moscow').find(({ value }) => value === 'Europe/Moscow')?.label).toMatch(/^Moscow.* · Europe, Moscow · UTC\+3$/)
  // Screens 25: zones in the reader's language, and nothing that nobody pays with.
  expect(zones('ru', 'Europe/Moscow').find(({ value }) => value === 'Europe/Moscow')?.label).toMatch(/^Москва.* · Европа, Moscow · UTC\+3$/)
  const offered = currencies('ru', 'RUB').map(({ value }) => value)
  expect(offered.filter((code) => ['XSU', 'XDR', 'XAU', 'XXX', 'XTS'].includes(code))).toEqual([])
  expect(currencies('ru', 'RUB').map(({ label }) => label).join()).not.toContain('СДР')
  expect(offered).toContain('RUB')
  expect(languages('ru', ['eo']).map(({ value }) => value)).toContain('eo')
})
