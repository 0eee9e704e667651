import { expect, test } from 'vitest'
import { around, hasMore, newRate, toBody, toDraft, wrongDay, type Rate } from './rates'

const rate = (valid_from: string | null, percent: string): Rate => ({
  valid_from,
  percent,
  takeaway_percent: null,
  delivery_percent: null,
})
const vat = [rate(null, '20'), rate('2026-01-01', '22'), rate('2027-01-01', '18')]

test('the rate of a day is the last that began, and the next one is known', () => {
  const of = (day: string) => {
    const { now, next } = around(vat, day)
    return [now.percent, next?.valid_from ?? null]
  }
  expect(of('2025-12-31')).toEqual(['20', '2026-01-01'])
  expect(of('2026-01-01')).toEqual(['22', '2027-01-01'])
  expect(of('2028-05-05')).toEqual(['18', null])
})

test('rates come back from the form as they were, and the first has no day', () => {
  expect(toBody(toDraft(vat), false)).toEqual(vat)
  const typed = [newRate('2020-01-01', ' 5,5 % '), { ...newRate('2027-01-01', ''), takeaway: '7' }]
  expect(toBody(typed, true)).toEqual([rate(null, '5.5'), { ...rate('2027-01-01', '0'), takeaway_percent: '7' }])
  expect(toBody(typed, false)[1]!.takeaway_percent).toBeNull()
  expect([hasMore(vat), hasMore(toBody(typed, true))]).toEqual([false, true])
})

test('a rate without a day, or not later than the one before, is seen', () => {
  const of = (...days: string[]) => wrongDay(days.map((day) => newRate(day, '1')))
  expect(of('', '2026-01-01', '2027-01-01')).toBe(-1)
  expect(of('', '')).toBe(1)
  expect(of('', '2027-01-01', '2026-01-01')).toBe(2)
})
