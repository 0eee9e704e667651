import { expect, test } from 'vitest'
import { NO_NUMBERS, renumber, RESTS } from './numbers'

const orders = (slots: typeof NO_NUMBERS) => slots.map((slot) => (slot && slot.leftAt === null ? slot.orderId : null))

// Screens 16: "4 then 5" used to bump the sixth ticket, since all keys were numbered anew after the first.
test('a ticket keeps its number when one before it is finished', () => {
  const before = renumber(NO_NUMBERS, [10, 20, 30, 40, 50, 60], 0)
  expect(orders(before).slice(0, 6)).toEqual([10, 20, 30, 40, 50, 60])
  const after = renumber(before, [10, 20, 30, 50, 60], 100)
  expect(orders(after).slice(0, 6)).toEqual([10, 20, 30, null, 50, 60])
})

test('a freed number rests before a newcomer gets it, and a ticket called back has its own again', () => {
  const full = renumber(NO_NUMBERS, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0)
  const freed = renumber(full, [1, 3, 4, 5, 6, 7, 8, 9, 10], 1000)
  expect(orders(freed)).toEqual([1, null, 3, 4, 5, 6, 7, 8, 9])
  expect(orders(renumber(freed, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 2000))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
  expect(orders(renumber(freed, [1, 3, 4, 5, 6, 7, 8, 9, 10], 1000 + RESTS))).toEqual([1, 10, 3, 4, 5, 6, 7, 8, 9])
})
