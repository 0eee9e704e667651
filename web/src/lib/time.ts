// Times as the restaurant's own clock shows them, wherever the screen thinks it is: 24 hours, the day before the month.

import type { Lang } from './i18n/language.svelte'
import type { Restaurant } from './types'

/** How each language of the screens writes dates and numbers. */
export const LOCALES = { ru: 'ru', en: 'en-GB' } satisfies Record<Lang, string>

/** ms since 1970, or RFC 3339 as the box writes it */
type Moment = number | string

const HOUR: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit' }
const DAY: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short' }

const formats = new Map<string, Intl.DateTimeFormat>()

function written(at: Moment, locale: string, timezone: string, parts: Intl.DateTimeFormatOptions): string {
  const key = [locale, timezone, ...Object.keys(parts)].join()
  let format = formats.get(key)
  if (!format) {
    format = new Intl.DateTimeFormat(locale, { ...parts, timeZone: timezone })
    formats.set(key, format)
  }
  return format.format(typeof at === 'string' ? Date.parse(at) : at)
}

/** "19:42" in the zone ("Europe/Moscow"). */
export const clock = (at: Moment, timezone: string): string => written(at, LOCALES.ru, timezone, HOUR)

export interface Times {
  /** "19:42" */
  clock: (at: Moment) => string
  /** "24 нояб.", and the year where it is another than this one */
  day: (at: Moment) => string
  /** "24 нояб., 19:42" */
  moment: (at: Moment) => string
  /** "24 нояб., 19:42:07": where the order of things matters */
  exact: (at: Moment) => string
}

/** How this restaurant's moments are written for a reader. `now`: what this year is told by, ms since 1970. */
export function timesOf(house: Pick<Restaurant, 'timezone'> | null, lang: Lang, now: () => number = Date.now): Times {
  const zone = house?.timezone ?? 'UTC'
  const locale = LOCALES[lang]
  const year = (at: Moment): string => written(at, locale, zone, { year: 'numeric' })
  const dated = (parts: Intl.DateTimeFormatOptions) => (at: Moment) =>
    written(at, locale, zone, year(at) === year(now()) ? parts : { ...parts, year: 'numeric' })
  return {
    clock: (at) => clock(at, zone),
    day: dated(DAY),
    moment: dated({ ...DAY, ...HOUR }),
    exact: dated({ ...DAY, ...HOUR, second: '2-digit' }),
  }
}

const SPANS: Record<Lang, { minutes: string; hours: string; days: string }> = {
  ru: { minutes: 'мин', hours: 'ч', days: 'сут' },
  en: { minutes: 'min', hours: 'h', days: 'd' },
}

/** 87 -> "87 мин", 187 -> "3 ч 07", 5000 -> "3 сут": short enough for a plate, however long ago it was. */
export function span(minutes: number, lang: Lang): string {
  const words = SPANS[lang]
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60]
  if (minutes < 100) return `${minutes}\u00a0${words.minutes}`
  if (hours < 48) return `${hours}\u00a0${words.hours}\u00a0${String(rest).padStart(2, '0')}`
  return `${Math.floor(hours / 24)}\u00a0${words.days}`
}
