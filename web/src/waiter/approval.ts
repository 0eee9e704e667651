// What a refusal asks for: the word of somebody who may do it.

import type { Refusal } from '../lib/client'
import type { Approval, Permission } from '../lib/types'

/** What is to be approved, as the box names it. */
export interface Need {
  permission: Permission
  subject: string
  subject_id: number
  /** money or percent, as the box writes it */
  amount: string
  /** of a percentage: the money that it comes to */
  worth: string | null
  /** what of the order it is about; of all of it neither */
  dish_name: string | null
  check_number: number | null
  /** what is said of a payment */
  payment_state: NonNullable<Approval['payment_state']> | null
  /** where it goes, where it does */
  to_table_id: number | null
  to_table_name: string | null
  /** whose account it is about, where it is about one */
  account_id: number | null
  account_name: string | null
  /** by which way money goes */
  method_id: number | null
  method_name: string | null
  order_id: number | null
  order_number: number | null
  table_name: string | null
}

/** The need behind a refusal; null where nobody's word would help. */
export function needOf({ status, code, params }: Refusal): Need | null {
  const { permission, subject, subject_id, amount, order_id, order_number } = params
  const number = (value: unknown): number | null => (typeof value === 'number' ? value : null)
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)
  if (status !== 403 || code === 'permission_denied') return null
  if (typeof permission !== 'string' || typeof subject !== 'string' || typeof subject_id !== 'number') return null
  return {
    permission: permission as Permission,
    subject,
    subject_id,
    amount: String(amount),
    worth: text(params.worth),
    dish_name: text(params.dish_name),
    check_number: number(params.check_number),
    payment_state: text(params.payment_state) as Need['payment_state'],
    to_table_id: number(params.to_table_id),
    to_table_name: text(params.to_table_name),
    account_id: number(params.account_id),
    account_name: text(params.account_name),
    method_id: number(params.method_id),
    method_name: text(params.method_name),
    order_id: number(order_id),
    order_number: number(order_number),
    table_name: text(params.table_name),
  }
}

/** What the box is asked: the deed that it refused, as it named it. */
export const asked = (need: Need) => {
  const { permission, subject, subject_id, amount, method_id, account_id, payment_state, to_table_id } = need
  return { permission, subject, subject_id, amount, method_id, account_id, payment_state, to_table_id }
}

/** Somebody waits for a word, and what goes on when it is there. */
export interface Asking {
  need: Need
  reason: string
  go: (approval: number) => void
  /** nobody gave it */
  stop: (() => void) | undefined
}
