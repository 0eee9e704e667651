import { expect, test } from 'vitest'
import { apportioned, bySeats, laid, moved, shared, sumsOf, tapped, toldParts, wholeOn, withCheck, type Splittable } from './shares'

const line = (itemId: number, quantity: number, total: number, seat: number | null = null): Splittable => ({ itemId, quantity, total, seat })
const LINES = [line(1, 1000, 329_000), line(2, 2000, 48_000), line(3, 1000, 99_000)]

test('a tap moves a piece, and the same tap on the other side moves it back', () => {
  const begun = wholeOn(LINES, 2)
  const once = moved(begun, 2, 0, 1)
  expect(once.get(2)).toEqual([1000, 1000])
  expect(moved(once, 2, 1, 0)).toEqual(begun)
  expect(moved(once, 2, 0, 1).get(2)).toEqual([0, 2000])
  expect(moved(moved(moved(once, 2, 0, 1), 2, 0, 1), 2, 0, 1).get(2)).toEqual([0, 2000])
  expect(moved(begun, 9, 0, 1)).toBe(begun)
})

test('a bottle is shared by all, and a third of it moves as a whole', () => {
  const three = shared(withCheck(wholeOn(LINES, 2)), 3)
  expect(three.get(3)).toEqual([334, 333, 333])
  expect(moved(three, 3, 1, 0).get(3)).toEqual([667, 0, 333])
})

test('what was weighed has no pieces: a tap takes all of it, and it is shared like a bottle', () => {
  const steak: Splittable = { ...line(4, 1350, 243_000), unit: 'kg' }
  const begun = wholeOn([steak], 2)
  expect(tapped(begun, steak, 0, 1).get(4)).toEqual([0, 1350])
  expect(shared(begun, 4).get(4)).toEqual([675, 675])
  expect(tapped(wholeOn(LINES, 2), LINES[1]!, 0, 1).get(2)).toEqual([1000, 1000])
})

test('a drag takes all of a line that lies there', () => {
  const begun = withCheck(wholeOn(LINES, 2))
  const dragged = laid(begun, 2, 0, 2)
  expect(dragged.get(2)).toEqual([0, 0, 2000])
  expect(laid(moved(dragged, 2, 2, 1), 2, 2, 1).get(2)).toEqual([0, 2000, 0])
  expect(laid(dragged, 2, 0, 1)).toBe(dragged)
  expect(laid(dragged, 2, 2, 2)).toBe(dragged)
  expect(laid(dragged, 2, 2, 7)).toBe(dragged)
})

test('what lies on the checks is the whole, whatever was tapped', () => {
  let shares = wholeOn(LINES, 3)
  for (let tap = 0; tap < 500; tap++) {
    const id = 1 + (tap % 3)
    shares = tap % 7 === 0 ? shared(shares, id) : moved(shares, id, tap % 3, (tap * 5 + 1) % 3)
    for (const { itemId, quantity } of LINES) {
      const parts = shares.get(itemId)!
      expect(parts.every((part) => part >= 0)).toBe(true)
      expect(parts.reduce((sum, part) => sum + part)).toBe(quantity)
    }
    expect(sumsOf(LINES, shares, 3).reduce((sum, part) => sum + part)).toBe(476_000)
  }
})

test('what belongs to no seat is for all', () => {
  const { seats, shares } = bySeats([line(1, 1000, 100, 2), line(2, 1000, 100, 1), line(3, 1000, 100)])
  expect(seats).toEqual([1, 2])
  expect([...shares.values()]).toEqual([[0, 1000], [1000, 0], [500, 500]])
})

test('the box is told what leaves the check that is split', () => {
  const begun = wholeOn(LINES, 2)
  expect(toldParts(begun, 2)).toBeNull()
  expect(toldParts(moved(begun, 2, 0, 1), 2)).toEqual([[{ item_id: 2, quantity: 1 }]])
  expect(toldParts(shared(begun, 3), 2)).toEqual([[{ item_id: 3, quantity: 0.5 }]])
  // A third check to which nothing was laid is not told.
  expect(toldParts(moved(withCheck(begun), 1, 0, 2), 3)).toEqual([[{ item_id: 1, quantity: 1 }]])
  const all = [1, 3].reduce((shares, id) => moved(shares, id, 0, 1), withCheck(begun))
  expect(toldParts(moved(moved(all, 2, 0, 2), 2, 0, 2), 3)).toHaveLength(2)
  expect(toldParts([1, 2, 2, 3].reduce((shares, id) => moved(shares, id, 0, 1), begun), 2)).toBeNull()
})

test('parts of a sum make the sum', () => {
  expect(apportioned(100, [1, 1, 1])).toEqual([34, 33, 33])
  expect(apportioned(100, [0, 0])).toEqual([0, 0])
  expect(apportioned(-7, [1, 1]).reduce((sum, part) => sum + part)).toBe(-7)
})
