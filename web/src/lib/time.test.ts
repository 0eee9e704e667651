import { expect, test } from 'vitest'
import { clock, span, timesOf } from './time'

test('the hour of the restaurant, on a 24-hour clock', () => {
  const at = Date.parse('2026-03-01T16:42:00Z')
  expect(clock(at, 'Europe/Moscow')).toBe('19:42')
  expect(clock(at, 'Asia/Yekaterinburg')).toBe('21:42')
  expect(clock(Date.parse('2026-03-01T21:05:00Z'), 'Europe/Moscow')).toBe('00:05')
})

// Rows on one page must not stand in two zones or two formats, nor half past two in the night beside "02:37 AM".
test('days and moments stand in the restaurant’s zone and in one form for each language', () => {
  const now = () => Date.parse('2026-11-29T12:00:00Z')
  const house = { timezone: 'Asia/Vladivostok' }
  const evening = '2026-11-24T16:42:07Z'
  const ru = timesOf(house, 'ru', now)
  const en = timesOf(house, 'en', now)
  expect([ru.clock(evening), ru.day(evening), ru.moment(evening), ru.exact(evening)]).toEqual([
    '02:42',
    '25 нояб.',
    '25 нояб., 02:42',
    '25 нояб., 02:42:07',
  ])
  expect([en.clock(evening), en.day(evening), en.moment(evening), en.exact(evening)]).toEqual([
    '02:42',
    '25 Nov',
    '25 Nov, 02:42',
    '25 Nov, 02:42:07',
  ])
})

test('another year is named, by the restaurant’s clock', () => {
  const now = () => Date.parse('2026-11-29T12:00:00Z')
  const newYear = '2025-12-31T20:30:00Z'
  expect(timesOf({ timezone: 'Asia/Vladivostok' }, 'en', now).day(newYear)).toBe('1 Jan')
  expect(timesOf({ timezone: 'Europe/Lisbon' }, 'en', now).day(newYear)).toBe('31 Dec 2025')
})

test('a long wait is told in hours', () => {
  const plain = (minutes: number, lang: 'ru' | 'en') => span(minutes, lang).replaceAll('\u00a0', ' ')
  expect([0, 99, 100, 187, 2880].map((minutes) => plain(minutes, 'ru'))).toEqual(['0 мин', '99 мин', '1 ч 40', '3 ч 07', '2 сут'])
  expect(plain(187, 'en')).toBe('3 h 07')
})
