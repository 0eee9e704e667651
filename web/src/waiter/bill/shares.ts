// How lines are laid on checks before anything is told to the box: pieces, and equal shares of a piece. Pure; quantities
// are whole thousandths, as the box counts them.

import { inPieces, PIECE } from '../../lib/quantity'
import type { Measure } from '../../lib/types'

/** A line of the check that is split. */
export interface Splittable {
  itemId: number
  /** thousandths */
  quantity: number
  /** it was weighed or poured out: it has no pieces */
  unit?: Measure | null | undefined
  /** what it comes to, minor units */
  total: number
  seat: number | null
  /** the combo that it is a part of */
  combo?: number | undefined
}

/** Of each line, how much lies on each check; together it is the line. The first check is the one that is split. */
export type Shares = ReadonlyMap<number, readonly number[]>

/** The box parts a check in so many at most; more than this no screen shows. */
export const MOST_CHECKS = 12

export const wholeOn = (lines: Splittable[], count: number): Shares =>
  new Map(lines.map(({ itemId, quantity }) => [itemId, [quantity, ...Array<number>(count - 1).fill(0)]]))

/** One more check beside the others. */
export const withCheck = (shares: Shares): Shares => new Map([...shares].map(([id, parts]) => [id, [...parts, 0]]))

/** A tap: one piece of a line, or what there is of it, goes from one check to another. */
export function moved(shares: Shares, itemId: number, from: number, to: number): Shares {
  const parts = shares.get(itemId)
  if (!parts || from === to || parts[from] === undefined || parts[to] === undefined) return shares
  // A share that is no whole number of pieces moves first, so that the rest is pieces again.
  const odd = parts[from] % PIECE
  const piece = odd || Math.min(PIECE, parts[from])
  const by = (at: number): number => (at === from ? -piece : at === to ? piece : 0)
  return new Map(shares).set(itemId, parts.map((part, at) => part + by(at)))
}

/** A drag: all of a line that lies on one check goes to another. */
export function laid(shares: Shares, itemId: number, from: number, to: number): Shares {
  const parts = shares.get(itemId)
  const all = parts?.[from]
  if (!parts || !all || from === to || parts[to] === undefined) return shares
  const on = (part: number, at: number): number => (at === from ? 0 : at === to ? part + all : part)
  return new Map(shares).set(itemId, parts.map(on))
}

/** A tap on any line: what was weighed goes whole. */
export const tapped = (shares: Shares, { itemId, unit }: Splittable, from: number, to: number): Shares =>
  (unit ? laid : moved)(shares, itemId, from, to)

/** A step with a line, and with the others of its combo: they stay together. */
export function withCombo(lines: Splittable[], shares: Shares, itemId: number, step: (shares: Shares, line: Splittable) => Shares): Shares {
  const line = lines.find((one) => one.itemId === itemId)
  const all = lines.filter((one) => one === line || (line?.combo !== undefined && one.combo === line.combo))
  return all.reduce(step, shares)
}

/** A line for all of them: each check holds as much, to a thousandth, the first ones a little more. */
export function shared(shares: Shares, itemId: number): Shares {
  const parts = shares.get(itemId)
  if (!parts) return shares
  const all = parts.reduce((sum, part) => sum + part, 0)
  return new Map(shares).set(itemId, apportioned(all, parts.map(() => 1)))
}

/** A check for each seat, in the order of the seats; what belongs to no seat is for all. */
export function bySeats(lines: Splittable[]): { seats: number[]; shares: Shares } {
  const seats = [...new Set(lines.flatMap(({ seat }) => seat ?? []))].sort((a, b) => a - b)
  const of = ({ seat, quantity }: Splittable): number[] =>
    seat === null ? apportioned(quantity, seats.map(() => 1)) : seats.map((one) => (one === seat ? quantity : 0))
  return { seats, shares: new Map(lines.map((line) => [line.itemId, of(line)])) }
}

/** About what each check comes to. The box says it to the minor unit. */
export function sumsOf(lines: Splittable[], shares: Shares, count: number): number[] {
  const sums = Array<number>(count).fill(0)
  for (const { itemId, total } of lines) {
    apportioned(total, shares.get(itemId) ?? []).forEach((part, at) => (sums[at] = (sums[at] ?? 0) + part))
  }
  return sums
}

/** Whole parts of a whole by weights: the largest remainders get what is left, the first of equal ones. */
export function apportioned(whole: number, weights: readonly number[]): number[] {
  const all = weights.reduce((sum, weight) => sum + weight, 0)
  if (all === 0) return weights.map(() => 0)
  const exact = weights.map((weight) => (whole * weight) / all)
  const parts = exact.map(Math.floor)
  const left = whole - parts.reduce((sum, part) => sum + part, 0)
  const rest = (at: number): number => exact[at]! - parts[at]!
  const order = parts.map((_, at) => at).sort((a, b) => rest(b) - rest(a) || a - b)
  for (const at of order.slice(0, left)) parts[at]! += 1
  return parts
}

/** What the box is told: what each further check takes. The first keeps the rest; null while there is nothing to split. */
export function toldParts(shares: Shares, count: number): { item_id: number; quantity: number }[][] | null {
  const on = (at: number) =>
    [...shares].flatMap(([item_id, parts]) => (parts[at] ? { item_id, quantity: inPieces(parts[at]) } : []))
  const all = Array.from({ length: count }, (_, at) => on(at)).filter((part) => part.length > 0)
  if (all.length < 2) return null
  // Where the first check would be empty all is named, and the first list stays.
  return on(0).length > 0 ? all.slice(1) : all
}
