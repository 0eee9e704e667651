import { expect, test } from 'vitest'
import { matches, sorted, type Column } from './table'

interface Row {
  name: string
  seats: number | null
}
const rows: Row[] = [
  { name: 'Стол 10', seats: 4 },
  { name: 'стол 2', seats: null },
  { name: 'Ёлка', seats: 2 },
]
const columns: Column<Row>[] = [
  { key: 'name', label: 'Name', value: (row) => row.name },
  { key: 'seats', label: 'Seats', value: (row) => row.seats },
]
const names = (found: Row[]) => found.map((row) => row.name)

test('numbers inside of names count, and their case does not', () => {
  expect(names(sorted(rows, columns, { column: 'name', down: false }))).toEqual(['Ёлка', 'стол 2', 'Стол 10'])
})

test('what is empty comes last, up and down', () => {
  expect(names(sorted(rows, columns, { column: 'seats', down: false }))).toEqual(['Ёлка', 'Стол 10', 'стол 2'])
  expect(names(sorted(rows, columns, { column: 'seats', down: true }))).toEqual(['Стол 10', 'Ёлка', 'стол 2'])
  expect(sorted(rows, columns, undefined)).toBe(rows)
})

test('a search finds all of its words in any order', () => {
  expect(matches('Анна Королёва, waiter', 'WAIT королева')).toBe(true)
  expect(matches('Анна Королёва', 'анна иванова')).toBe(false)
})
