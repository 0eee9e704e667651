// What a refusal asks for: the word of somebody who may do it.

import type { Refusal } from '../lib/client'
import type { Permission } from '../lib/types'

/** What is to be approved, as the box names it. */
export interface Need {
  permission: Permission
  subject: string
  subject_id: number
  /** money, as the box writes it */
  amount: string
}

/** The need behind a refusal; null where nobody's word would help. */
export function needOf({ status, code, params }: Refusal): Need | null {
  const { permission, subject, subject_id, amount } = params
  if (status !== 403 || code === 'permission_denied') return null
  if (typeof permission !== 'string' || typeof subject !== 'string' || typeof subject_id !== 'number') return null
  return { permission: permission as Permission, subject, subject_id, amount: String(amount) }
}

/** Somebody waits for a word, and what goes on when it is there. */
export interface Asking {
  need: Need
  reason: string
  go: (approval: number) => void
}
