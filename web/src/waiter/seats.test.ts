import { expect, test } from 'vitest'
import { dropOf, droppedOn, seatAsked, seatsOf } from './seats'

test('as many seats as chairs or guests, and those that are named', () => {
  expect(seatsOf(2, null, [])).toEqual([1, 2])
  expect(seatsOf(2, 3, [undefined, null])).toEqual([1, 2, 3])
  expect(seatsOf(0, null, [4])).toEqual([1, 2, 3, 4])
  expect(seatsOf(4, 300, [])).toHaveLength(20)
})

test('a line is let go on a seat or on a course', () => {
  expect(droppedOn(dropOf(3))).toEqual({ seat: 3 })
  expect(droppedOn(dropOf(0))).toEqual({ seat: 0 })
  expect(droppedOn('2')).toEqual({ course: 2 })
})

test('the box is told a seat, and nothing of the table', () => {
  expect(seatAsked({ seat: 2 })).toEqual({ seat: 2 })
  expect([seatAsked({ seat: 0 }), seatAsked({})]).toEqual([{}, {}])
})
