// What stands in the fields of a rule's form, and the rule that it makes. Pure.

import type { Conditions, Rule, RuleDraft, RuleKind } from './api'

export type Much = 'percent' | 'order' | 'guest'

export interface Fields {
  kind: RuleKind
  name: string
  english: string
  much: Much
  percent: string
  amount: string
  guests: string
  type: '' | NonNullable<Conditions['order_type']>
  /** ids as a list gives them; empty is any */
  room: string
  table: string
  days: number[]
  from: string
  to: string
  dateFrom: string
  dateTo: string
  isActive: boolean
}

export function fieldsOf(rule: Rule | null): Fields {
  const conditions: Conditions = rule?.conditions ?? {}
  const much = rule?.amount ? (rule.per_guest ? 'guest' : 'order') : 'percent'
  return {
    kind: rule?.kind ?? 'SERVICE',
    name: rule?.name ?? '',
    english: rule?.translations.en?.name ?? '',
    much,
    percent: rule?.percent ?? '',
    amount: rule?.amount ?? '',
    guests: conditions.least_guests ? String(conditions.least_guests) : '',
    type: conditions.order_type ?? '',
    room: conditions.location_id ? String(conditions.location_id) : '',
    table: conditions.table_id ? String(conditions.table_id) : '',
    days: conditions.weekdays ?? [],
    from: conditions.time_from ?? '',
    to: conditions.time_to ?? '',
    dateFrom: conditions.date_from ?? '',
    dateTo: conditions.date_to ?? '',
    isActive: rule?.is_active ?? true,
  }
}

/** As the box reads numbers: "7,5" is 7.5. */
const plain = (text: string): string => text.trim().replaceAll(/\s/g, '').replace(',', '.')

export function ruleOf(fields: Fields, old: Rule | null): RuleDraft {
  const { kind, name, english, much, guests, type, room, table, days, from, to, dateFrom, dateTo } = fields
  const { en: _, ...others } = old?.translations ?? {}
  const conditions: Conditions = {
    ...(guests && { least_guests: Number(guests) }),
    ...(type && { order_type: type }),
    ...(room && { location_id: Number(room) }),
    ...(table && { table_id: Number(table) }),
    ...(days.length > 0 && { weekdays: [...days].sort((one, other) => one - other) }),
    ...(from && { time_from: from }),
    ...(to && { time_to: to }),
    ...(dateFrom && { date_from: dateFrom }),
    ...(dateTo && { date_to: dateTo }),
  }
  return {
    kind,
    name: name.trim(),
    translations: english.trim() ? { ...others, en: { name: english.trim() } } : others,
    percent: much === 'percent' ? plain(fields.percent) : null,
    amount: much === 'percent' ? null : plain(fields.amount),
    per_guest: much === 'guest',
    conditions,
    is_active: fields.isActive,
  }
}

/** Whether there is enough of it to be read back. */
export function isReadable({ percent, amount }: RuleDraft, digits: number): boolean {
  const isPercent = /^\d{1,3}(\.\d{1,2})?$/.test(percent ?? '') && Number(percent) > 0
  const isAmount = new RegExp(`^\\d+(\\.\\d{1,${Math.max(digits, 1)}})?$`).test(amount ?? '') && Number(amount) > 0
  return isPercent || isAmount
}
