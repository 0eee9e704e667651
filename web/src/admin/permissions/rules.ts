// What a role may, as the table shows it. Pure.

import type { Permission, UserRole } from '../../lib/types'
import type { PermissionState, Rule } from './api'

export type Group = PermissionState['group']

/** The permissions that a feature asks for, by what they are about. */
export function grouped(all: PermissionState[]): { group: Group; rows: PermissionState[] }[] {
  const groups: { group: Group; rows: PermissionState[] }[] = []
  for (const state of all.filter(({ in_use }) => in_use)) {
    const last = groups.find(({ group }) => group === state.group)
    if (last) last.rows.push(state)
    else groups.push({ group: state.group, rows: [state] })
  }
  return groups
}

/** The roles for which something can be set, in the order in which people read them. */
export function columnsOf(all: PermissionState[]): UserRole[] {
  const order: UserRole[] = ['waiter', 'cashier', 'host', 'kitchen', 'manager']
  return order.filter((role) => all.some(({ in_use, roles }) => in_use && roles.includes(role)))
}

export const ruleOf = (rules: Rule[], permission: Permission): Rule | undefined =>
  rules.find((rule) => rule.permission === permission)

/** The rules with one of them changed; null: it is left out, and what stands behind it counts. */
export function withRule(rules: Rule[], permission: Permission, rule: Rule | null): Rule[] {
  const others = rules.filter((one) => one.permission !== permission)
  return rule ? [...others, rule] : others
}

/** What can be sent for a role: only what can be set for it. */
export const settable = (rules: Rule[], all: PermissionState[], role: UserRole): Rule[] =>
  rules.filter(({ permission }) => all.find((state) => state.permission === permission)?.roles.includes(role))
