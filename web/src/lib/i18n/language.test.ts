import { expect, test } from 'vitest'
import { descriptionOf, nameOf, pickLanguage } from './language.svelte'
import { pluralEn, pluralRu } from './plural'

test('chosen, then the browser, then Russian', () => {
  expect(pickLanguage('en', ['ru-RU'])).toBe('en')
  expect(pickLanguage(null, ['de-DE', 'en-GB', 'ru'])).toBe('en')
  expect(pickLanguage(null, ['fr'])).toBe('ru')
  expect(pickLanguage(null, [])).toBe('ru')
})

test('an untranslated text stays as the restaurant wrote it', () => {
  const dish = { name: 'Борщ', description: 'Со сметаной', translations: { en: { name: 'Borscht' } } }
  expect(nameOf(dish, 'en')).toBe('Borscht')
  expect(nameOf(dish, 'ru')).toBe('Борщ')
  expect(descriptionOf(dish, 'en')).toBe('Со сметаной')
  expect(descriptionOf({ name: 'x', description: null }, 'en')).toBe('')
})

test.each([
  [1, '1 блюдо'],
  [2, '2 блюда'],
  [5, '5 блюд'],
  [11, '11 блюд'],
  [21, '21 блюдо'],
  [104, '104 блюда'],
])('Russian plural of %i', (n, text) => {
  expect(pluralRu(n, { one: 'блюдо', few: 'блюда', many: 'блюд' })).toBe(text)
})

test('English plural', () => {
  expect(pluralEn(1, { one: 'dish', other: 'dishes' })).toBe('1 dish')
  expect(pluralEn(3, { one: 'dish', other: 'dishes' })).toBe('3 dishes')
})
