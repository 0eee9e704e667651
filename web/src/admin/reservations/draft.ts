// The rules of the book as a form: texts that people type, and back. Pure.

import type { Rules } from '../../lib/reservations/api'

/** A number that may be left open. */
const numberOf = (text: string): number | null => (text.trim() === '' ? null : Number(text))

export interface Draft {
  guests_may: boolean
  hours: { weekdays: number[]; first: string; last: string }[]
  special_days: { day: string; closed: boolean; first: string; last: string; note: string }[]
  lengths: { up_to: string; minutes: string }[]
  joins: { table_ids: number[]; seats: string }[]
  every_minutes: string
  clear_minutes: string
  guests_per_quarter: string
  parties_per_quarter: string
  largest_party: string
  notice_minutes: string
  days_ahead: string
  late_minutes: string
}

const text = (number: number | null | undefined): string => (number == null ? '' : String(number))

export function draftOf(rules: Rules): Draft {
  return {
    guests_may: rules.guests_may,
    hours: rules.hours.map((one) => ({ ...one })),
    special_days: rules.special_days.map(({ day, hours, note }) => ({
      day,
      closed: hours.length === 0,
      first: hours[0]?.first ?? '12:00',
      last: hours[0]?.last ?? '21:00',
      note: note ?? '',
    })),
    lengths: rules.lengths.map(({ up_to, minutes }) => ({ up_to: text(up_to), minutes: text(minutes) })),
    joins: rules.joins.map(({ table_ids, seats }) => ({ table_ids: [...table_ids], seats: text(seats) })),
    every_minutes: text(rules.every_minutes),
    clear_minutes: text(rules.clear_minutes),
    guests_per_quarter: text(rules.guests_per_quarter),
    parties_per_quarter: text(rules.parties_per_quarter),
    largest_party: text(rules.largest_party),
    notice_minutes: text(rules.notice_minutes),
    days_ahead: text(rules.days_ahead),
    late_minutes: text(rules.late_minutes),
  }
}

/** As the box takes it; `before` gives what the form does not show: further hours of a special day. */
export function rulesOf(draft: Draft, before: Rules): Rules {
  const further = (day: string) => before.special_days.find((one) => one.day === day)?.hours.slice(1) ?? []
  return {
    guests_may: draft.guests_may,
    hours: draft.hours,
    special_days: draft.special_days.map(({ day, closed, first, last, note }) => ({
      day,
      note,
      hours: closed ? [] : [{ first, last }, ...further(day)],
    })),
    lengths: draft.lengths.map(({ up_to, minutes }) => ({ up_to: Number(up_to), minutes: Number(minutes) })),
    joins: draft.joins.map(({ table_ids, seats }) => ({ table_ids, seats: Number(seats) })),
    every_minutes: Number(draft.every_minutes),
    clear_minutes: Number(draft.clear_minutes),
    guests_per_quarter: numberOf(draft.guests_per_quarter),
    parties_per_quarter: numberOf(draft.parties_per_quarter),
    largest_party: Number(draft.largest_party),
    notice_minutes: Number(draft.notice_minutes),
    days_ahead: Number(draft.days_ahead),
    late_minutes: Number(draft.late_minutes),
  }
}
