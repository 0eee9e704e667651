import { expect, test } from 'vitest'
import { across, among, marks, path, rightwards, spread, upwards } from './plot'

const size = { width: 500, height: 200 }

test('an axis begins at zero and ends above the largest value', () => {
  const y = upwards([730, 980], size)
  expect(y.domain()[0]).toBe(0)
  expect(y.domain()[1]).toBeGreaterThanOrEqual(980)
  expect(y(0)).toBeGreaterThan(y(980))
  expect(upwards([], size).domain()).toEqual([0, 1])
})

test('an axis to the right begins at zero at the left edge', () => {
  const x = rightwards([3, 47], size)
  expect([x(0), x(50)]).toEqual([92, 488])
})

test('a line goes from edge to edge', () => {
  const x = across(3, size)
  expect([x(0), x(2)]).toEqual([92, 488])
  expect(path([1, 2], (at) => at * 10, (value) => value)).toBe('M0,1L10,2')
})

test('columns stand side by side, each in the middle of its part', () => {
  const x = among(4, size)
  expect([x(0), x(1), x(3)]).toEqual([141.5, 240.5, 438.5])
})

test('marks are few and evenly apart', () => {
  expect(spread(24, 6)).toEqual([0, 4, 8, 12, 16, 20])
  expect(spread(3, 6)).toEqual([0, 1, 2])
})

// screens-1, 26: an evening without money had six "0 ₽" one above the other.
test('no two marks of an axis read the same, and nothing has one zero', () => {
  const rubles = (minor: number) => `${Math.round(minor / 100)} ₽`
  const read = (values: number[], mark: (value: number) => string) =>
    marks(values, { y: upwards(values, size), mark }).map(mark)
  expect(read([0, 0, 0], rubles)).toEqual(['0 ₽'])
  expect(read([], rubles)).toEqual(['0 ₽'])
  expect(read([0, 120], rubles)).toEqual(['0 ₽', '1 ₽'])
  expect(read([0, 1, 2], (count) => count.toFixed(0))).toEqual(['0', '1', '2'])
  expect(read([0, 2_700_00], rubles)).toEqual(['0 ₽', '1000 ₽', '2000 ₽', '3000 ₽'])
})
