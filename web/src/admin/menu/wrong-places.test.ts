import { expect, test } from 'vitest'
import { COLUMNS } from './columns'
import { en } from './messages/en'
import { ru } from './messages/ru'
import { csvOf, placeOf } from './wrong-places'

test('a place is said in the words of the person', () => {
  expect(placeOf('line 7, price', ru)).toBe('строка 7, цена')
  expect(placeOf('line 7', ru)).toBe('строка 7')
  expect(placeOf('line 7, nested_group', en)).toBe('line 7, then ask')
  expect(placeOf('categories[3].dishes[1].code', ru)).toBe('categories[3].dishes[1].code')
})

test.each(Object.entries(COLUMNS))('every column of %s has a word in both languages, and as many heads', (_, { en: names, ru: heads }) => {
  const columns = names.split(', ')
  expect(heads.split(', ')).toHaveLength(columns.length)
  for (const { fields } of [en, ru]) expect(columns.filter((column) => !fields[column])).toEqual([])
})

test('a list opens in a spreadsheet as it is, and nothing in it is calculated', () => {
  const rows = [
    ['Где', 'Что не так'],
    ['строка 2, цена', '«Чай "Утро"»; нужно число'],
    ['=1+1', ''],
  ]
  expect(csvOf(rows, ';')).toBe('\uFEFF"Где";"Что не так"\r\n"строка 2, цена";"«Чай ""Утро""»; нужно число"\r\n"\'=1+1";""\r\n')
})
