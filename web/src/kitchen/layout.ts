// Where tickets hang: columns filled from the top, oldest first, and a gap that an older ticket left is filled by a
// younger one behind it. A ticket that is longer than a column goes on in the next one under a head of its own; on a
// crowded wall long tickets are folded, so that enough of them are seen at once. Pure arithmetic over measured heights.

import type { KitchenItem } from '../lib/types'
import { isOpen, sizeOf, type Ticket } from './tickets'

/** What stands in a ticket between its head and its foot. */
export type Block =
  | { key: string; notes: string; item: null; held?: never }
  | { key: string; notes: null; item: KitchenItem; held?: never }
  /** what is held of a course: one block, which is no line to work on */
  | { key: string; notes: null; item: null; held: KitchenItem[] }

export interface Hung {
  ticket: Ticket
  blocks: Block[]
  /** somebody wants to see all of it, however crowded the wall is */
  isUnfolded: boolean
}

export interface Part {
  key: string
  ticket: Ticket
  blocks: Block[]
  /** 1 for the first of `of` parts */
  part: number
  of: number
  /** how many lines of a folded ticket are not shown */
  hidden: number
  /** a row that unfolds the ticket or folds it again */
  fold: 'folded' | 'unfolded' | null
  page: number
  /** column on its page */
  column: number
  /** from the top of the column, px */
  top: number
}

export interface Space {
  columns: number
  /** px, as everything here */
  height: number
  gap: number
  head: number
  foot: number
  /** the row that unfolds or folds */
  more: number
}

/** A ticket is folded only where that saves something and leaves something to work on. */
const SHOWN_LEAST = 2
const HIDDEN_LEAST = 2

/** A comment, a longer name, a combo or the word "added" make a line higher, so all of them are part of its key. */
export function blocksOf(ticket: Ticket, isAdded: (item: KitchenItem) => boolean): Block[] {
  const lines: Block[] = ticket.items.map((item) => ({
    key: [item.id, item.dish_name, sizeOf(item), item.combo?.name, item.comment, isAdded(item)].join('|'),
    notes: null,
    item,
  }))
  const notes: Block[] = ticket.notes ? [{ key: `notes|${ticket.notes}`, notes: ticket.notes, item: null }] : []
  return [...notes, ...lines, ...heldBlocks(ticket.held)]
}

function heldBlocks(held: KitchenItem[]): Block[] {
  const courses = [...new Set(held.map(({ course }) => course))]
  return courses.map((course) => {
    const own = held.filter((item) => item.course === course)
    const key = ['held', course, ...own.map((item) => `${item.id} ${item.quantity} ${item.dish_name} ${sizeOf(item)}`)].join('|')
    return { key, notes: null, item: null, held: own }
  })
}

/** What a tap on the foot of this part means: never a line that nobody sees. */
export const linesOf = ({ ticket, blocks, hidden }: Part): KitchenItem[] =>
  hidden > 0 ? blocks.flatMap(({ item }) => item ?? []) : ticket.items

/** Folds long tickets only as far as it takes to show `least` of them on the first page. */
export function hang(tickets: Hung[], heightOf: (block: Block) => number, space: Space, least: number): Part[] {
  const wanted = Math.min(least, tickets.length)
  const line = Math.min(space.height, ...tickets.flatMap(({ blocks }) => blocks.map(heightOf)))
  const smallest = space.head + space.foot + space.more + 2 * line
  let best: Part[] = []
  let most = 0
  for (let limit = space.height; limit >= Math.min(smallest, space.height); limit -= Math.max(1, line)) {
    const parts = layOut(tickets, heightOf, space, limit)
    const seen = ordersOn(parts, 0).size
    if (seen >= wanted) return parts
    if (seen > most) [best, most] = [parts, seen]
  }
  return best
}

/** Lays tickets out, none of them higher than `most` unless somebody unfolded it. */
export function layOut(tickets: Hung[], heightOf: (block: Block) => number, space: Space, most = space.height): Part[] {
  const parts: Part[] = []
  /** how far down each column is filled */
  const filled: number[] = []
  const total = (blocks: Block[]): number => blocks.reduce((sum, block) => sum + heightOf(block), 0)
  const frame = space.head + space.foot

  for (const { ticket, blocks, isUnfolded } of tickets) {
    const room = most - frame - space.more
    const inShort = most < space.height && frame + total(blocks) > most ? inTurn(cut(blocks, heightOf, room)) : blocks
    const isLong = inShort.length >= SHOWN_LEAST && blocks.length - inShort.length >= HIDDEN_LEAST
    const isFolded = isLong && !isUnfolded
    const extra = isLong ? space.more : 0
    const shown = isFolded ? inShort : blocks
    const place = (piece: Block[], column: number, part: number, of: number): void => {
      const top = filled[column]!
      parts.push({
        key: `${ticket.orderId}.${part}`,
        ticket,
        blocks: piece,
        part,
        of,
        hidden: blocks.length - shown.length,
        fold: part < of || !isLong ? null : isFolded ? 'folded' : 'unfolded',
        page: Math.floor(column / space.columns),
        column: column % space.columns,
        top,
      })
      filled[column] = top + frame + total(piece) + (part === of ? extra : 0) + space.gap
    }

    const height = frame + extra + total(shown)
    if (height <= space.height) {
      const gap = filled.findIndex((used) => used + height <= space.height)
      place(shown, gap < 0 ? filled.push(0) - 1 : gap, 1, 1)
      continue
    }
    const whole = space.height - frame - extra
    const left = space.height - (filled.at(-1) ?? space.height) - frame
    const begins = left >= total(shown.slice(0, 2)) ? filled.length - 1 : filled.length
    const pieces = cut(shown, heightOf, whole, begins < filled.length ? left : whole)
    for (const [i, piece] of pieces.entries()) {
      if (begins + i === filled.length) filled.push(0)
      place(piece, begins + i, i + 1, pieces.length)
    }
  }
  return parts
}

/** Of a folded ticket the first piece that still has something to cook. */
function inTurn(pieces: Block[][]): Block[] {
  return pieces.find((piece) => piece.some(({ item }) => item && isOpen(item.status))) ?? pieces[0]!
}

/** Cuts a ticket's blocks into pieces that fit into a column; a block is never cut. */
function cut(blocks: Block[], heightOf: (block: Block) => number, room: number, firstRoom = room): Block[][] {
  const pieces: Block[][] = [[]]
  let used = 0
  for (const block of blocks) {
    const height = heightOf(block)
    if (used > 0 && used + height > (pieces.length === 1 ? firstRoom : room)) {
      pieces.push([])
      used = 0
    }
    pieces.at(-1)!.push(block)
    used += height
  }
  return pieces
}

const ordersOn = (parts: Part[], page: number): Set<number> =>
  new Set(parts.filter((part) => part.page === page).map((part) => part.ticket.orderId))

/** How many tickets are not on this page. */
export function ticketsBeside(parts: Part[], page: number): number {
  const here = ordersOn(parts, page)
  return new Set(parts.map((part) => part.ticket.orderId).filter((id) => !here.has(id))).size
}
