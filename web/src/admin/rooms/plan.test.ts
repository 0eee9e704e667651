import { expect, test } from 'vitest'
import type { Table } from '../../lib/types'
import { freeNames, laidOut, snapped, stepped } from './plan'

const table = (id: number, x: number | null = null, y: number | null = null) => ({ id, number: id, name: `${id}`, x, y }) as Table

test('a plate lands on the grid and stays inside of the room', () => {
  expect(snapped({ x: 333, y: 333 })).toEqual({ x: 340, y: 330 })
  expect(snapped({ x: -50, y: 5000 })).toEqual({ x: 60, y: 900 })
})

test('tables without a place fill the free ones, and no two share one', () => {
  const spots = laidOut([table(1), table(2, 100, 120), ...[3, 4, 5, 6, 7, 8].map((id) => table(id))])
  expect(spots.get(2)).toEqual({ x: 100, y: 120 })
  expect(new Set([...spots.values()].map(({ x, y }) => `${x} ${y}`)).size).toBe(8)
})

test('a room that is too full still shows every table', () => {
  expect(laidOut(Array.from({ length: 60 }, (_, i) => table(i + 1))).size).toBe(60)
})

test('arrow keys move by one square, with shift by five', () => {
  expect(stepped({ x: 500, y: 510 }, 'ArrowRight', false)).toEqual({ x: 520, y: 510 })
  expect(stepped({ x: 500, y: 510 }, 'ArrowUp', true)).toEqual({ x: 500, y: 360 })
  expect(stepped({ x: 60, y: 510 }, 'ArrowLeft', true)).toEqual({ x: 60, y: 510 })
  expect(stepped({ x: 500, y: 510 }, 'Enter', false)).toBeNull()
})

test('new tables are called on from the first, and taken names are skipped', () => {
  const taken = ['2', '4', 'a2', 'VIP 1'].map((name) => ({ name }))
  expect(freeNames(taken, '1', 3)).toEqual(['1', '3', '5'])
  expect(freeNames(taken, ' A1 ', 3)).toEqual(['A1', 'A3', 'A4'])
  expect(freeNames(taken, 'A09', 2)).toEqual(['A09', 'A10'])
  expect(freeNames(taken, 'Терраса', 2)).toEqual(['Терраса 1', 'Терраса 2'])
  expect(freeNames(taken, 'VIP', 2)).toEqual(['VIP 2', 'VIP 3'])
  expect(freeNames(taken, 'VIP', 1)).toEqual(['VIP'])
})
