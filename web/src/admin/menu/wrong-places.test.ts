import { expect, test } from 'vitest'
import { COLUMNS } from './columns'
import { en } from './messages/en'
import { ru } from './messages/ru'
import { reasonFor } from './saving'
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

// As the box says them of a table of options, of price lists, of periods.
test.each([
  'must be at most 1, as “max” says',
  'must be a change in percent such as -20 or 7.5, at most 100',
  'must say one of price, percent and minus',
  'names “НДС 7”, and there is no tax class of this name; add it under Taxes first',
  'must be yes or no',
  'must be none, dearest, mean or sum',
  'must be no, extra or on the side',
  'must be dine in, takeaway or delivery',
  'must be piece, 100g, kg, 100ml or l',
  'must be days of the week such as Mon-Fri; Sun',
  'must be a time such as 15:00',
  'must be a day such as 2026-12-31',
  'must be admin, manager, waiter, cashier, host or kitchen',
])('“%s” is said in the person’s words', (message) => expect(reasonFor(message)).not.toBe(message))
