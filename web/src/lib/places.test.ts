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
  expect(zones('en', 'Europe/Moscow').find(({ value }) => value === 'Europe/Moscow')?.label).toBe('Moscow · Europe')
  expect(languages('ru', ['eo']).map(({ value }) => value)).toContain('eo')
})
