// The guests' check as they read it: what stands on the paper, in the order in which it stands there. Pure.

import { toMinor } from '../../lib/money'
import type { GuestCheck, GuestCheckLine } from '../../lib/types'

export type Standing = 'open' | 'presented' | 'part' | 'paid'

export const isPaid = ({ state }: GuestCheck): boolean => state === 'PAID' || state === 'CLOSED'

export function standingOf(check: GuestCheck, digits: number): Standing {
  if (isPaid(check)) return 'paid'
  if (toMinor(check.paid, digits) > 0) return 'part'
  return check.state === 'PRESENTED' ? 'presented' : 'open'
}

/** What was taken off one line alone. */
export const ofLine = (check: GuestCheck, line: GuestCheckLine) => check.adjustments.filter(({ item_id }) => item_id === line.item_id)

/** What was taken off, or put on, all of it. */
export const ofCheck = (check: GuestCheck) => check.adjustments.filter(({ item_id }) => typeof item_id !== 'number')

/** What a line costs with what was taken off it alone, minor units. */
export const netOf = (check: GuestCheck, line: GuestCheckLine, digits: number): number =>
  ofLine(check, line).reduce((sum, { amount }) => sum - toMinor(amount, digits), toMinor(line.gross, digits))

/** What of a line one had: so many pieces, shared among so many people. */
export interface Share {
  pieces: number
  people: number
}

/** All that there is of a line, for oneself. `thousandths`: a line that was split holds no whole pieces. */
export const whole = (thousandths: number): Share => ({ pieces: thousandths, people: 1 })

/** What that is, in thousandths: never more than there is, and never nothing. */
export const portionOf = ({ pieces, people }: Share): number => Math.max(1, Math.floor(pieces / people))
