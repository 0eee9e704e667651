// Courses as a waiter sees them: with which one a line is served, which is to be fired next, what can be held. Pure.

import { answered, usualPicks } from '../lib/combos/choose'
import { withLine, type Line } from '../lib/line'
import { findDish } from '../lib/menu'
import type { ItemStatus, Menu, OrderItem } from '../lib/types'
import type { Place } from './outbox.svelte'

interface Of {
  course?: number | null | undefined
  status: ItemStatus
}

/** With which course a line of a draft is served: as it was said, else its dish's usual one; 0: as it is ready. */
export function courseOf(line: Line, menu: Menu | null, place: Place): number {
  if (line.course !== undefined || place.at !== 'table') return line.course ?? 0
  const dish = menu && findDish(menu, line.dishId)
  if (!menu || !dish?.combo) return dish?.course ?? 0
  // Its parts come each with a course of its own: it stands where the first of them does.
  const parts = answered(menu, dish, line.combo ?? usualPicks(dish)).flatMap((part) => part.dish?.course ?? dish.course ?? [])
  return parts.length > 0 ? Math.min(...parts) : 0
}

/** Whether a house serves in courses: its dishes name one, or somebody chose one here. */
export const usesCourses = (menu: Menu | null, lines: Line[]): boolean =>
  lines.some(({ course }) => course !== undefined) ||
  (menu?.categories ?? []).some(({ dishes }) => dishes.some(({ course }) => course))

/** What the box is told of a line's course; nothing where it knows the usual one. */
export const courseAsked = ({ course }: Line): { course?: number | null } =>
  course === undefined ? {} : { course: course === 0 ? null : course }

/** Lines by their course: those without one first, then in turn. */
export function byCourse<T>(lines: T[], courseOf: (line: T) => number): { course: number; lines: T[] }[] {
  const courses = [...new Set(lines.map(courseOf))].sort((a, b) => a - b)
  return courses.map((course) => ({ course, lines: lines.filter((line) => courseOf(line) === course) }))
}

/** The lines with one more; what is of another course or another guest counts by itself. */
export function withOne(lines: Line[], added: Line): Line[] {
  const isBeside = (line: Line) => line.course === added.course && line.seat === added.seat
  const beside = lines.filter(isBeside)
  const merged = withLine(beside, added)
  let at = 0
  return [...lines.map((line) => (isBeside(line) ? merged[at++]! : line)), ...merged.slice(beside.length)]
}

/** The course whose turn it is: the first that is held, with nothing of an earlier one still to come to the table. */
export function nextCourse(lines: Of[]): number | null {
  const held = lines.filter(({ status }) => status === 'HELD').map(({ course }) => course ?? 0)
  const next = Math.min(...held)
  const isOpen = ({ course, status }: Of) => (course ?? next) < next && status !== 'SERVED' && status !== 'CANCELLED'
  return held.length > 0 && !lines.some(isOpen) ? next : null
}

/** Whether a course that was fired can be held again: nobody has begun any of it. */
export function canHold(items: OrderItem[], course: number): boolean {
  const own = items.filter((item) => item.course === course && item.status !== 'CANCELLED')
  const isWaiting = (item: OrderItem) => item.status === 'SENT_TO_KITCHEN' || item.status === 'IN_PREPARATION'
  const isBegun = (item: OrderItem) => item.status === 'READY' || item.status === 'SERVED' || Boolean(item.preparation_started_at)
  return own.some(isWaiting) && !own.some(isBegun)
}
