// Reads a rule back as one sentence: who wrote it sees at once what it will do. Pure.

import type { Conditions, RuleDraft } from './api'
import type { ChargesMessages } from './messages/ru'

/** What people call rooms and tables, and how sums and days are written here. */
export interface Names {
  room: (id: number) => string
  table: (id: number) => string
  /** an amount as the box has it, such as "50.00" */
  money: (amount: string) => string
  /** a day such as "2026-12-31" */
  day: (day: string) => string
}

const WORKDAYS = '1 2 3 4 5'
const WEEKEND = '6 7'

function daysOf(weekdays: readonly number[], w: ChargesMessages): string {
  const sorted = [...weekdays].sort((one, other) => one - other)
  const key = sorted.join(' ')
  if (key === WORKDAYS) return w.sentence.workdays
  if (key === WEEKEND) return w.sentence.weekend
  return w.sentence.days(sorted.map((day) => w.days[day - 1]).join(', '))
}

function conditionsOf(conditions: Conditions, w: ChargesMessages, names: Names): string[] {
  const { least_guests, order_type, location_id, table_id, weekdays, time_from, time_to, date_from, date_to } = conditions
  const s = w.sentence
  return [
    least_guests ? s.guests(least_guests) : '',
    order_type ? s.type[order_type] : '',
    location_id ? s.room(names.room(location_id)) : '',
    table_id ? s.table(names.table(table_id)) : '',
    weekdays && weekdays.length > 0 && weekdays.length < 7 ? daysOf(weekdays, w) : '',
    time_from && time_to ? s.hours(time_from, time_to) : '',
    date_from ? s.since(names.day(date_from)) : '',
    date_to ? s.until(names.day(date_to)) : '',
  ].filter(Boolean)
}

export function sentenceOf(rule: RuleDraft, w: ChargesMessages, names: Names): string {
  const { kind, name, percent, amount, per_guest, conditions } = rule
  const s = w.sentence
  const sum = amount ? names.money(amount) : ''
  const much = percent ? s.percent(percent) : per_guest ? s.perGuest(sum) : s.perOrder(sum)
  const when = conditionsOf(conditions ?? {}, w, names)
  return [s[kind](much, name), ...(when.length > 0 ? when : [s.always])].join(', ')
}
