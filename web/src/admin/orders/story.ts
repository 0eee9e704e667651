// What happened to an order, in sentences: one for each entry of its history. Pure.

import { courseName } from '../../lib/course'
import { language } from '../../lib/i18n/language.svelte'
import { someOf } from '../../lib/weight'
import type { Order, HistoryEntry } from './api'
import type { OrdersMessages } from './messages/ru'

/** An entry with its details: who reads it wants to know which check, what was taken off, which tip and change. */
export interface Told {
  what: string
  more: string[]
}

type Money = (amount: string) => string

const zero = (amount: string | null | undefined): boolean => !amount || Number(amount) === 0

function sentence(entry: HistoryEntry, o: OrdersMessages, money: Money): string {
  const { what } = o
  const { dish_name, quantity, unit, status = '' } = entry
  const isSome = quantity && (unit || quantity > 1)
  const dish = isSome ? someOf({ quantity, unit: unit ?? null }, dish_name ?? '', language.current) : (dish_name ?? '')
  const sum = (amount: string | null | undefined): string => (amount == null ? '' : money(amount))
  switch (entry.what) {
    case 'line_changed':
      return what.line_changed(dish)
    case 'line_removed':
      return what.line_removed(dish)
    case 'line_moved':
      return what.line_moved(dish, o.line[status as keyof OrdersMessages['line']] ?? status ?? '')
    case 'order_moved':
      return what.order_moved(o.status[status as Order['status']] ?? status ?? '')
    case 'course_fired':
    case 'course_held': {
      const course = courseName(entry.course ?? 0, language.current).toLowerCase()
      const isByHouse = entry.what === 'course_fired' && !entry.actor_id
      return isByHouse ? what.course_fired_by_house(course) : what[entry.what](course)
    }
    case 'table_moved':
      return what.table_moved(entry.table_name ?? '')
    case 'late':
      return what.late(entry.minutes ?? 0)
    case 'paid':
    case 'refunded':
    case 'payment_unclear':
    case 'payment_failed':
      return what[entry.what](sum(entry.amount), entry.method_name ?? '')
    case 'closed_unpaid':
      return what.closed_unpaid(sum(entry.old_total))
    case 'rule_applied':
    case 'rule_lifted':
      return what[entry.what](entry.reason ?? '')
    case 'check_adjusted':
    case 'adjustment_taken_back': {
      const kind = adjustment(entry, o, money)
      return kind ? (entry.what === 'check_adjusted' ? kind : o.undone(kind)) : what[entry.what]
    }
    default:
      return plain(entry.what, o)
  }
}

/** A kind that this page does not know yet is named by its own word rather than not at all. */
function plain(kind: string, { what }: OrdersMessages): string {
  const word = (what as Record<string, unknown>)[kind]
  return typeof word === 'string' ? word : kind.replaceAll('_', ' ')
}

function adjustment({ adjustment: kind, value, dish_name }: HistoryEntry, o: OrdersMessages, money: Money): string {
  if (!kind) return ''
  const how = kind.endsWith('amount') && value ? money(value) : String(Number(value ?? 0))
  const word = o.adjustments[kind](how)
  return dish_name ? `${word}: ${dish_name}` : word
}

export function told(entry: HistoryEntry, o: OrdersMessages, money: Money): Told {
  const what = sentence(entry, o, money)
  const more: string[] = []
  if (!zero(entry.tip)) more.push(o.tip(money(entry.tip!)))
  if (!zero(entry.change)) more.push(o.change(money(entry.tendered ?? '0'), money(entry.change!)))
  return { what: typeof entry.check === 'number' ? o.ofCheck(entry.check, what) : what, more }
}
