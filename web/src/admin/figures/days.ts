// Days as "2026-11-24", counted without clocks and zones. Pure.

import type { Lang } from '../../lib/i18n/language.svelte'
import { LOCALES } from '../../lib/time'
import type { Restaurant } from '../../lib/types'

export interface Days {
  from: string
  to: string
}

export const PERIODS = ['today', 'yesterday', 'week', 'month', 'lastMonth', 'year', 'chosen'] as const
export type PeriodName = (typeof PERIODS)[number]

const at = (day: string): Date => new Date(`${day}T00:00:00Z`)
const text = (date: Date): string => date.toISOString().slice(0, 10)

export function plusDays(day: string, days: number): string {
  const date = at(day)
  date.setUTCDate(date.getUTCDate() + days)
  return text(date)
}

/** How many days, both included. */
export const daysIn = ({ from, to }: Days): number => Math.round((at(to).getTime() - at(from).getTime()) / 86_400_000) + 1

/** The restaurant's day now: by its zone, and by the hour of the clock at which its day begins. */
export function dayIn({ timezone, day_begins_hour }: Pick<Restaurant, 'timezone' | 'day_begins_hour'>, now: number): string {
  const clock = new Intl.DateTimeFormat('sv', { timeZone: timezone, dateStyle: 'short', timeStyle: 'short' }).format(now)
  const [day = '', time = ''] = clock.split(' ')
  return Number(time.slice(0, 2)) < day_begins_hour ? plusDays(day, -1) : day
}

/** The days of a named period, seen from today. */
export function daysOf(name: PeriodName, today: string): Days {
  const month = `${today.slice(0, 7)}-01`
  switch (name) {
    case 'yesterday':
      return { from: plusDays(today, -1), to: plusDays(today, -1) }
    case 'week':
      return { from: plusDays(today, -6), to: today }
    case 'month':
      return { from: month, to: today }
    case 'lastMonth': {
      const last = plusDays(month, -1)
      return { from: `${last.slice(0, 7)}-01`, to: last }
    }
    case 'year':
      return { from: plusDays(today, -364), to: today }
    default:
      return { from: today, to: today }
  }
}

/** "24 ноября", with the year where it is another than this one. */
export function dayName(day: string, lang: Lang, options: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'long' }): string {
  return new Intl.DateTimeFormat(LOCALES[lang], { timeZone: 'UTC', ...options }).format(at(day))
}

/** "24 нояб. – 30 нояб. 2026", or the one day. */
export function daysName({ from, to }: Days, lang: Lang): string {
  const format = new Intl.DateTimeFormat(LOCALES[lang], { timeZone: 'UTC', day: 'numeric', month: 'short', year: 'numeric' })
  return from === to ? format.format(at(from)) : format.formatRange(at(from), at(to))
}
