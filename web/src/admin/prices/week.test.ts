import { expect, test } from 'vitest'
import type { Period, PriceList } from './api'
import { stretchesOf, timeOf, weekOf } from './week'

const period = (weekdays: number[], time_from: string, time_to: string, id = 1): Period => ({
  id,
  name: 'P',
  weekdays,
  time_from,
  time_to,
  date_from: null,
  date_to: null,
  used_by: 1,
})
const list = (id: number, period_id: number | null, is_active = true): PriceList => ({
  id,
  name: 'L',
  period_id,
  location_id: null,
  channel: null,
  round_to: '1.00',
  priority: 0,
  is_active,
  prices: [],
})

test('a night is cut at midnight, and Sunday goes on in Monday', () => {
  expect(stretchesOf(period([5], '17:00', '19:00'))).toEqual([{ day: 4, from: 1020, to: 1140 }])
  expect(stretchesOf(period([7], '22:00', '03:00'))).toEqual([
    { day: 6, from: 1320, to: 1440 },
    { day: 0, from: 0, to: 180 },
  ])
  expect(stretchesOf(period([1], '00:00', '00:00'))).toEqual([{ day: 0, from: 0, to: 1440 }])
})

test('lists that hold together stand side by side', () => {
  const periods = [period([5], '17:00', '19:00', 1), period([5], '18:00', '22:00', 2), period([5], '20:00', '21:00', 3)]
  const blocks = weekOf([list(7, 1), list(8, 2), list(9, null), list(10, 3, false)], periods)
  expect(blocks.map(({ listId, lane, lanes }) => [listId, lane, lanes])).toEqual([
    [7, 0, 2],
    [8, 1, 2],
  ])
})

test('the end of a day is written as one', () => {
  expect([timeOf(65), timeOf(1440)]).toEqual(['01:05', '24:00'])
})
