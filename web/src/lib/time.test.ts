import { expect, test } from 'vitest'
import { clock } from './time'

test('the hour of the restaurant, on a 24-hour clock', () => {
  const at = Date.parse('2026-03-01T16:42:00Z')
  expect(clock(at, 'Europe/Moscow')).toBe('19:42')
  expect(clock(at, 'Asia/Yekaterinburg')).toBe('21:42')
  expect(clock(Date.parse('2026-03-01T21:05:00Z'), 'Europe/Moscow')).toBe('00:05')
})
