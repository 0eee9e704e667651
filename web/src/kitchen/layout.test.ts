import { describe, expect, test } from 'vitest'
import { item } from './fixture'
import { blocksOf, hang as hangOf, layOut, linesOf, ticketsBeside } from './layout'
import { ticketsOf } from './tickets'

const SPACE = { columns: 2, height: 100, gap: 10, head: 20, foot: 10, more: 10 }

/** Tickets with these numbers of lines of 10 px. */
function hang(...lines: number[]) {
  const items = lines.flatMap((n, order) => Array.from({ length: n }, (_, i) => item(order * 100 + i, order + 1)))
  const tickets = ticketsOf(items, null).map((ticket) => ({ ticket, blocks: blocksOf(ticket, () => false), isUnfolded: false }))
  const parts = layOut(tickets, () => 10, SPACE)
  return { parts, places: parts.map(({ ticket, page, column, top }) => [ticket.orderId, page, column, top]) }
}

test('short tickets share a column, oldest first', () => {
  expect(hang(1, 1, 3).places).toEqual([
    [1, 0, 0, 0],
    [2, 0, 0, 50],
    [3, 0, 1, 0],
  ])
})

test('a column is filled to its last pixel', () => {
  expect(hang(1, 2, 1).places.map(([id, , column]) => [id, column])).toEqual([
    [1, 0],
    [2, 0],
    [3, 1],
  ])
})

test('what does not fit goes to the next page, and is counted', () => {
  const { parts, places } = hang(6, 6, 6)
  expect(places.at(-1)).toEqual([3, 1, 0, 0])
  expect(ticketsBeside(parts, 0)).toBe(1)
  expect(ticketsBeside(parts, 1)).toBe(2)
})

test('a ticket longer than a column begins where there is room and goes on in the next, whole lines only', () => {
  const { parts, places } = hang(1, 17)
  expect(places).toEqual([
    [1, 0, 0, 0],
    [2, 0, 0, 50],
    [2, 0, 1, 0],
    [2, 1, 0, 0],
    [2, 1, 1, 0],
  ])
  expect(parts.map(({ part, of, blocks }) => [part, of, blocks.length])).toEqual([
    [1, 1, 1],
    [1, 4, 2],
    [2, 4, 7],
    [3, 4, 7],
    [4, 4, 1],
  ])
})

// Screens 3: a long ticket began a page and left the columns before it half empty.
test('a gap that an older ticket left is filled by a younger one behind it', () => {
  expect(hang(2, 6, 1).places).toEqual([
    [1, 0, 0, 0],
    [2, 0, 1, 0],
    [3, 0, 0, 60],
  ])
})

describe('a crowded wall', () => {
  const crowd = (unfolded: number[] = []) => {
    const items = Array.from({ length: 60 }, (_, order) => Array.from({ length: 15 }, (_, i) => item(order * 100 + i, order + 1))).flat()
    return ticketsOf(items, null).map((ticket) => ({
      ticket,
      blocks: blocksOf(ticket, () => false),
      isUnfolded: unfolded.includes(ticket.orderId),
    }))
  }
  // A wall of 1280 x 800 pixels with text of 18.
  const wall = { columns: 5, height: 650, gap: 11, head: 90, foot: 50, more: 45 }
  const first = (parts: ReturnType<typeof layOut>) => new Set(parts.filter((part) => part.page === 0).map((part) => part.ticket.orderId)).size

  // Screens 3: sixty tickets of fifteen lines took fifty pages.
  test('folds long tickets until eight of them are seen, and no further', () => {
    const parts = hangOf(crowd(), () => 45, wall, 8)
    expect(first(parts)).toBe(10)
    expect(parts.every(({ hidden, blocks, fold }) => fold === 'folded' && hidden + blocks.length === 15)).toBe(true)
    const few = hangOf(crowd().slice(0, 3), () => 45, wall, 8)
    expect(few.every(({ fold }) => fold === null)).toBe(true)
  })

  test('a folded ticket is finished only as far as it is seen, and its next lines come up', () => {
    const [part] = hangOf(crowd(), () => 45, wall, 8)
    expect(linesOf(part!)).toHaveLength(part!.blocks.length)
    const done = crowd()
    for (const line of linesOf(part!)) done[0]!.ticket.items.find(({ id }) => id === line.id)!.status = 'READY'
    expect(hangOf(done, () => 45, wall, 8)[0]!.blocks[0]!.item!.id).toBe(part!.blocks.length)
  })

  test('what somebody unfolded hangs whole', () => {
    const parts = hangOf(crowd([2]), () => 45, wall, 8).filter(({ ticket }) => ticket.orderId === 2)
    expect(parts.flatMap(({ blocks }) => blocks)).toHaveLength(15)
    expect(parts.at(-1)!.fold).toBe('unfolded')
  })
})

test('a line higher than a column stands alone', () => {
  const [{ ticket }] = ticketsOf([item(1, 1), item(2, 1)], null).map((ticket) => ({ ticket })) as [{ ticket: never }]
  const parts = layOut([{ ticket, blocks: blocksOf(ticket, () => false), isUnfolded: false }], () => 300, SPACE)
  expect(parts.map(({ blocks }) => blocks.length)).toEqual([1, 1])
})

test('notes stand before the lines, and a comment makes another height', () => {
  const [ticket] = ticketsOf([item(1, 1, { order_notes: 'birthday', comment: 'no salt' })], null)
  const blocks = blocksOf(ticket!, () => true)
  expect(blocks.map(({ notes }) => notes)).toEqual(['birthday', null])
  expect(blocks[1]!.key).toContain('no salt')
})
