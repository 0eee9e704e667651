// Counting a drawer. Pure; minor units everywhere but in what the box tells.

import type { CashDesk, CashReport, ShiftCounted } from '../../lib/types'

/** So often a drawer is counted while the same is expected. */
const MOST_COUNTS = 2

/** Sums with which a shift is opened: as the drawer was left, nothing, and round ones; each once. */
export function floats(left: number | null, denominations: number[]): number[] {
  const [large = 0, second = 0, third = 0] = denominations
  const round = [third, second, large].filter((sum) => sum > 0)
  return [...new Set([...(left === null ? [] : [left]), 0, ...round])]
}

/** How many of a note or coin somebody typed; null where that is no number of pieces. */
export function parsePieces(text: string): number | null {
  const typed = text.trim()
  if (typed === '') return 0
  return /^\d{1,5}$/.test(typed) ? Number(typed) : null
}

/** What so many of each come to; null while one of them is no number. */
export function totalOf(denominations: number[], pieces: (number | null)[]): number | null {
  let total = 0
  for (const [place, value] of denominations.entries()) {
    const count = pieces[place]
    if (count === null) return null
    total += value * (count ?? 0)
  }
  return total
}

/** The count by which the shift can be closed now, also on a tablet that did not send it; null where the drawer is yet to be
 *  counted. `told`: what the box answered to the last one. */
export function standing({ drawer }: CashDesk, x: CashReport | null, told: ShiftCounted | null): ShiftCounted | null {
  const last = x?.counts.at(-1)
  if (!x || !last || x.shift.state !== 'COUNTED' || last.expected !== x.expected) return null
  if (told?.id === x.shift.id && told.counted === last.counted && told.expected === last.expected) return told
  const difference = x.shift.difference ?? '0'
  const before = [...x.counts].reverse().findIndex(({ expected }) => expected !== last.expected)
  const times = before < 0 ? x.counts.length : before
  return {
    id: x.shift.id,
    state: x.shift.state,
    counted: last.counted,
    expected: last.expected,
    difference,
    needs_reason: Math.abs(Number(difference)) > Number(drawer?.tolerance ?? 0),
    can_recount: times < MOST_COUNTS,
    z_number: null,
  }
}
