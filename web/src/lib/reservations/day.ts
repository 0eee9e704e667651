// Days and times of the book, and where a reservation stands on the timeline. Pure.

import { LOCALES } from '../time'
import type { Lang } from '../i18n/language.svelte'
import type { Restaurant } from '../types'
import type { Reservation } from './api'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const noon = (day: string): number => Date.parse(`${day}T12:00:00Z`)

/** "2026-05-01" and so many days. */
export const plusDays = (day: string, days: number): string => new Date(noon(day) + days * DAY).toISOString().slice(0, 10)

/** The restaurant's day at a moment (ms since 1970): a bar's night belongs to the evening before. */
export const dateAt = (at: number, house: Pick<Restaurant, 'timezone' | 'day_begins_hour'>): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: house.timezone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(
    at - house.day_begins_hour * HOUR,
  )

/** Monday to Sunday, with this day in it. */
export function weekOf(day: string): string[] {
  const weekday = (new Date(noon(day)).getUTCDay() + 6) % 7
  return [0, 1, 2, 3, 4, 5, 6].map((at) => plusDays(day, at - weekday))
}

/** "пт, 1 мая" */
export const dayWord = (day: string, lang: Lang): string =>
  new Intl.DateTimeFormat(LOCALES[lang], { timeZone: 'UTC', weekday: 'short', day: 'numeric', month: 'long' }).format(noon(day))

/** What still concerns the tables: not called off, and not missed. */
export const isHeld = ({ state }: Reservation): boolean => state !== 'CANCELLED' && state !== 'NO_SHOW'

/** Minutes that a party is late; 0 while it need not be asked about. `now` in ms. */
export function lateBy({ kind, state, starts_at }: Reservation, now: number, after: number): number {
  const minutes = Math.floor((now - Date.parse(starts_at)) / MINUTE)
  return kind === 'PARTY' && state === 'BOOKED' && minutes >= after ? minutes : 0
}

/** What the timeline shows: from one moment to another (ms), in whole hours. */
export interface Window {
  from: number
  until: number
}

/** An empty day shows so much, from noon. */
const LEAST_HOURS = 8

/** All that a day holds, and its first and last hour to book; at least some hours. */
export function windowOf(reservations: Reservation[], times: string[]): Window {
  const held = reservations.filter(isHeld)
  const moments = [
    ...times.map((at) => Date.parse(at)),
    ...held.flatMap(({ starts_at, ends_at }) => [Date.parse(starts_at), Date.parse(ends_at)]),
  ]
  if (moments.length === 0) return { from: 0, until: LEAST_HOURS * HOUR }
  const from = Math.floor(Math.min(...moments) / HOUR) * HOUR
  const until = Math.ceil(Math.max(...moments) / HOUR) * HOUR
  return { from, until: Math.max(until, from + LEAST_HOURS * HOUR) }
}

/** Where on the timeline it stands, in percent. */
export function placeOf({ starts_at, ends_at }: Reservation, { from, until }: Window): { left: number; width: number } {
  const share = (at: number) => ((Math.min(Math.max(at, from), until) - from) / (until - from)) * 100
  const left = share(Date.parse(starts_at))
  return { left, width: share(Date.parse(ends_at)) - left }
}

/** The hours of the timeline, ms. */
export const hoursOf = ({ from, until }: Window): number[] =>
  Array.from({ length: Math.round((until - from) / HOUR) }, (_, at) => from + at * HOUR)

/** Where a block lands that was dragged by a share of the timeline's width: its new beginning, to the quarter. */
export function draggedTo({ starts_at }: Reservation, { from, until }: Window, share: number): string {
  const quarter = 15 * MINUTE
  const moved = Math.round(((until - from) * share) / quarter) * quarter
  return new Date(Date.parse(starts_at) + moved).toISOString()
}
