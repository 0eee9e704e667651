// Where tickets hang: columns filled from the top, oldest first; a ticket that is longer than a column goes on in the
// next one under a head of its own; what does not fit goes to the next page. Pure arithmetic over measured heights.

import type { KitchenItem } from '../lib/types'
import type { Ticket } from './tickets'

/** What stands in a ticket between its head and its foot. */
export type Block = { key: string; notes: string; item: null } | { key: string; notes: null; item: KitchenItem }

export interface Part {
  key: string
  ticket: Ticket
  blocks: Block[]
  /** 1 for the first of `of` parts */
  part: number
  of: number
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
}

/** A comment, a longer name or the word "added" make a line higher, so all of them are part of its key. */
export function blocksOf(ticket: Ticket, isAdded: (item: KitchenItem) => boolean): Block[] {
  const lines: Block[] = ticket.items.map((item) => ({
    key: [item.id, item.dish_name, item.variation_name, item.comment, isAdded(item)].join('|'),
    notes: null,
    item,
  }))
  return ticket.notes ? [{ key: `notes|${ticket.notes}`, notes: ticket.notes, item: null }, ...lines] : lines
}

export function layOut(
  tickets: { ticket: Ticket; blocks: Block[] }[],
  heightOf: (block: Block) => number,
  space: Space,
): Part[] {
  const parts: Part[] = []
  const room = space.height - space.head - space.foot
  let column = 0
  let top = 0
  for (const { ticket, blocks } of tickets) {
    const pieces = cut(blocks, heightOf, room)
    for (const [i, piece] of pieces.entries()) {
      const height = space.head + space.foot + piece.reduce((sum, block) => sum + heightOf(block), 0)
      if (top > 0 && (i > 0 || pieces.length > 1 || top + height > space.height)) {
        column += 1
        top = 0
      }
      parts.push({
        key: `${ticket.orderId}.${i}`,
        ticket,
        blocks: piece,
        part: i + 1,
        of: pieces.length,
        page: Math.floor(column / space.columns),
        column: column % space.columns,
        top,
      })
      top += height + space.gap
    }
  }
  return parts
}

/** Cuts a ticket's blocks into pieces that fit into a column; a block is never cut. */
function cut(blocks: Block[], heightOf: (block: Block) => number, room: number): Block[][] {
  const pieces: Block[][] = [[]]
  let used = 0
  for (const block of blocks) {
    const height = heightOf(block)
    if (used > 0 && used + height > room) {
      pieces.push([])
      used = 0
    }
    pieces.at(-1)!.push(block)
    used += height
  }
  return pieces
}

/** How many tickets are not on this page. */
export function ticketsBeside(parts: Part[], page: number): number {
  const here = new Set(parts.filter((part) => part.page === page).map((part) => part.ticket.orderId))
  return new Set(parts.map((part) => part.ticket.orderId).filter((id) => !here.has(id))).size
}
