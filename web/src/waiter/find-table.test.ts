import { expect, test } from 'vitest'
import { findTables } from './find-table'

const names = ['1', '2', '10', '12', 'A1', 'A2', 'A10', 'Терраса 1', 'Терраса 3', 'VIP'].map((name) => ({ name }))
const found = (typed: string): string[] => findTables(names, typed).map(({ name }) => name)

test('a number finds the table that has it, then those in whose name it stands', () => {
  expect(found('1')).toEqual(['1', 'A1', 'Терраса 1', '10', '12', 'A10'])
  expect(found('12')).toEqual(['12'])
})

test('letters are found on either keyboard', () => {
  // Latin, Cyrillic letters that look the same, and the key of "a" on the Russian layout.
  for (const typed of ['a1', 'A1', 'а1', 'ф1']) expect(found(typed)).toEqual(['A1', 'A10'])
  expect(found('тер')).toEqual(['Терраса 1', 'Терраса 3'])
  expect(found('nth')).toEqual(['Терраса 1', 'Терраса 3'])
  expect(found('vip')).toEqual(['VIP'])
  for (const typed of ['', '  ', 'zz']) expect(found(typed)).toEqual([])
})
