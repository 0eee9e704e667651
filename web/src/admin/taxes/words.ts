// How a tax class is told: its name in the reader's language, its rate now and the next one.

import { language } from '../../lib/i18n/language.svelte'
import { dayName } from '../figures/days'
import type { TaxClass } from './api'
import { x } from './messages/words'
import { around, type Rate } from './rates'

export const nameOf = ({ name, translations }: Pick<TaxClass, 'name' | 'translations'>): string =>
  translations[language.current]?.name ?? name

const rateOf = ({ percent }: Rate): string => (Number(percent) === 0 ? x().noTax : x().rate(percent))

export const dayOf = (day: string): string =>
  dayName(day, language.current, { day: 'numeric', month: 'long', year: 'numeric' })

/** The rate of a day, and from when it is which other. */
export function ratesOf(rates: readonly Rate[], today: string): { now: string; next: string } {
  const { now, next } = around(rates, today)
  return { now: rateOf(now), next: next?.valid_from ? x().next(dayOf(next.valid_from), rateOf(next)) : '' }
}
