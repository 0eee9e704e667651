import { expect, test } from 'vitest'
import { parseSum } from './sum'

test('sums as people type them', () => {
  expect(parseSum('1 269,45', 2)).toBe(126_945)
  expect(parseSum('1\u00a0270', 2)).toBe(127_000)
  expect(parseSum('12.', 2)).toBe(1200)
  expect(parseSum('5', 0)).toBe(5)
  for (const wrong of ['', '-5', '1,234', '5 ₽', '1e3', '99999999999999999']) expect(parseSum(wrong, 2)).toBeNull()
})
