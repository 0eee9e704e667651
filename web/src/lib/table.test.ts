import { expect, test } from 'vitest'
import { tableName } from './table'

test('a table is called as people say it', () => {
  const called = ['12', 'A1', 'VIP', 'Терраса 3', 'Т7'].map((name) => tableName('Стол', name))
  expect(called).toEqual(['Стол 12', 'Стол A1', 'VIP', 'Терраса 3', 'Стол Т7'])
})
