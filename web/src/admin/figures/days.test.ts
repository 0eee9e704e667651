import { expect, test } from 'vitest'
import { dayIn, daysIn, daysOf, plusDays } from './days'

test('days are counted over months and years', () => {
  expect(plusDays('2026-02-28', 1)).toBe('2026-03-01')
  expect(plusDays('2026-01-01', -1)).toBe('2025-12-31')
  expect(daysIn({ from: '2026-03-28', to: '2026-03-30' })).toBe(3)
})

test('a period is seen from today', () => {
  expect(daysOf('week', '2026-03-03')).toEqual({ from: '2026-02-25', to: '2026-03-03' })
  expect(daysOf('month', '2026-03-03')).toEqual({ from: '2026-03-01', to: '2026-03-03' })
  expect(daysOf('lastMonth', '2026-03-03')).toEqual({ from: '2026-02-01', to: '2026-02-28' })
  expect(daysIn(daysOf('year', '2026-03-03'))).toBe(365)
})

test('the zone decides what day it is', () => {
  const evening = Date.parse('2026-05-01T21:30:00Z')
  const dayOf = (timezone: string, day_begins_hour = 0) => dayIn({ timezone, day_begins_hour }, evening)
  expect(dayOf('Europe/Moscow')).toBe('2026-05-02')
  expect(dayOf('Europe/Lisbon')).toBe('2026-05-01')
  expect(dayOf('Europe/Moscow', 1)).toBe('2026-05-01')
  expect(dayOf('Europe/Lisbon', 12)).toBe('2026-05-01')
})
