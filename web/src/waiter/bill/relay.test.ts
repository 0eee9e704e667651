import { expect, test } from 'vitest'
import type { CheckLine } from '../../lib/types'
import { aCheck } from './check.fixture'
import { layoutOf, movesOf } from './relay'
import { laid, moved } from './shares'

const line = (item_id: number, quantity: number, total: string): CheckLine => ({
  id: item_id, item_id, dish_name: '', variation_name: '', seat: null, quantity, price: total, is_part: true, gross: total,
  discount: '0.00', service: '0.00', tax: '0.00', total,
})
const checks = [aCheck(11, { lines: [line(1, 2, '700.00'), line(2, 0.5, '100.00')] }), aCheck(12, { lines: [line(2, 0.5, '100.00')] }), aCheck(13)]
const ids = checks.map(({ id }) => id)

test('what lies on several checks is one line, with its shares', () => {
  const { lines, shares } = layoutOf(checks, 2)
  expect(lines).toEqual([{ itemId: 1, quantity: 2000, total: 70_000, seat: null }, { itemId: 2, quantity: 1000, total: 20_000, seat: null }])
  expect([...shares]).toEqual([[1, [2000, 0, 0]], [2, [500, 500, 0]]])
})

test('the box is told what goes from where to where, and nothing of what came back', () => {
  const { shares } = layoutOf(checks, 2)
  expect(movesOf(shares, shares, ids)).toEqual([])
  const forth = moved(shares, 1, 0, 1)
  expect(movesOf(shares, forth, ids)).toEqual([{ from: 11, to: 12, lines: [{ item_id: 1, quantity: 1 }] }])
  expect(movesOf(shares, moved(forth, 1, 1, 0), ids)).toEqual([])
  // By a detour: only where it lies in the end counts.
  expect(movesOf(shares, moved(forth, 1, 1, 2), ids)).toEqual([{ from: 11, to: 13, lines: [{ item_id: 1, quantity: 1 }] }])
})

test('several lines between the same checks are one move; two may feed one', () => {
  const { shares } = layoutOf(checks, 2)
  const all = laid(laid(laid(shares, 1, 0, 2), 2, 0, 2), 2, 1, 2)
  expect(movesOf(shares, all, ids)).toEqual([
    { from: 11, to: 13, lines: [{ item_id: 1, quantity: 2 }, { item_id: 2, quantity: 0.5 }] },
    { from: 12, to: 13, lines: [{ item_id: 2, quantity: 0.5 }] },
  ])
})
