// What a report's rows are called, and which of its columns a plot shows. Pure but for the language.

import { language } from '../../lib/i18n/language.svelte'
import { dayName } from '../figures/days'
import { f } from '../figures/messages/words'
import type { Report } from './api'

type Row = Report['rows'][number]

/** A tax rate by the key of its row, as in `included 20`. */
function rateOf(key: string): string {
  const [kind = '', percent = '0'] = key.split(' ')
  return (kind in f().rate ? f().rate[kind as keyof ReturnType<typeof f>['rate']] : f().rate.none)(percent)
}

const isDepartment = (key: string): key is keyof ReturnType<typeof f>['department'] => key in f().department

/** The name of a row as people read it. */
export function nameOf(kind: Report['kind'], row: Row): string {
  if (row.key === 'total') return f().total
  switch (kind) {
    case 'days':
    case 'accounts':
      return dayName(row.key, language.current, { weekday: 'short', day: 'numeric', month: 'short' })
    case 'departments':
      return isDepartment(row.key) ? f().department[row.key] : row.key
    case 'tips':
      return row.key === 'house' ? f().house : row.label || f().nobody
    case 'waiters':
      return row.label || f().nobody
    case 'taxes':
      return rateOf(row.key)
    case 'payment-methods':
      return row.label || f().unnamed
    default:
      return row.label
  }
}

/** The name of a day as a mark of an axis. */
export const dayMark = (row: Row): string => dayName(row.key, language.current, { day: 'numeric', month: 'short' })
