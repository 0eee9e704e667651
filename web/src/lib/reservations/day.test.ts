import { expect, test } from 'vitest'
import type { Reservation } from './api'
import { dateAt, draggedTo, hoursOf, lateBy, placeOf, plusDays, weekOf, windowOf } from './day'

const one = (starts: string, ends: string, more: Partial<Reservation> = {}): Reservation =>
  ({ kind: 'PARTY', state: 'BOOKED', starts_at: `2026-05-01T${starts}:00Z`, ends_at: `2026-05-01T${ends}:00Z`, ...more }) as Reservation

test('days go over the ends of months and clock changes', () => {
  expect(plusDays('2026-02-28', 1)).toBe('2026-03-01')
  expect(plusDays('2026-03-28', 1)).toBe('2026-03-29')
  expect(plusDays('2026-03-29', 1)).toBe('2026-03-30')
  expect(weekOf('2026-05-01')).toEqual(['2026-04-27', '2026-04-28', '2026-04-29', '2026-04-30', '2026-05-01', '2026-05-02', '2026-05-03'])
  expect(dateAt(Date.parse('2026-05-01T22:00:00Z'), { timezone: 'Europe/Moscow', day_begins_hour: 0 })).toBe('2026-05-02')
  expect(dateAt(Date.parse('2026-05-01T22:00:00Z'), { timezone: 'Europe/Moscow', day_begins_hour: 4 })).toBe('2026-05-01')
})

test('the timeline shows whole hours, all that is held, and no less than an evening', () => {
  const called = one('06:00', '07:00', { state: 'CANCELLED' })
  const window = windowOf([one('16:30', '18:10'), called], ['2026-05-01T09:00:00Z'])
  expect(hoursOf(window).length).toBe(10)
  expect(placeOf(one('09:00', '14:00'), window)).toEqual({ left: 0, width: 50 })
  expect(hoursOf(windowOf([one('16:00', '17:00')], [])).length).toBe(8)
})

test('a drag lands on a quarter of an hour', () => {
  const window = windowOf([], ['2026-05-01T10:00:00Z', '2026-05-01T18:00:00Z'])
  expect(draggedTo(one('12:00', '14:00'), window, 0.13)).toBe('2026-05-01T13:00:00.000Z')
  expect(draggedTo(one('12:00', '14:00'), window, -0.03)).toBe('2026-05-01T11:45:00.000Z')
})

test('who is late is late after the house’s minutes, and only while they are awaited', () => {
  const now = Date.parse('2026-05-01T12:20:00Z')
  expect(lateBy(one('12:00', '14:00'), now, 15)).toBe(20)
  expect(lateBy(one('12:10', '14:00'), now, 15)).toBe(0)
  expect(lateBy(one('12:00', '14:00', { state: 'ARRIVED' }), now, 15)).toBe(0)
})
