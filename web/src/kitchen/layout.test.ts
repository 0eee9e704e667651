import { expect, test } from 'vitest'
import { item } from './fixture'
import { blocksOf, layOut, ticketsBeside } from './layout'
import { ticketsOf } from './tickets'

const SPACE = { columns: 2, height: 100, gap: 10, head: 20, foot: 10 }

/** Tickets with these numbers of lines of 10 px. */
function hang(...lines: number[]) {
  const items = lines.flatMap((n, order) => Array.from({ length: n }, (_, i) => item(order * 100 + i, order + 1)))
  const tickets = ticketsOf(items, null).map((ticket) => ({ ticket, blocks: blocksOf(ticket, () => false) }))
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

test('a ticket longer than a column goes on in the next one, whole lines only, nothing lost', () => {
  const { parts, places } = hang(1, 17)
  expect(places).toEqual([
    [1, 0, 0, 0],
    [2, 0, 1, 0],
    [2, 1, 0, 0],
    [2, 1, 1, 0],
  ])
  expect(parts.map(({ part, of, blocks }) => [part, of, blocks.length])).toEqual([
    [1, 1, 1],
    [1, 3, 7],
    [2, 3, 7],
    [3, 3, 3],
  ])
})

test('a line higher than a column stands alone', () => {
  const [{ ticket }] = ticketsOf([item(1, 1), item(2, 1)], null).map((ticket) => ({ ticket })) as [{ ticket: never }]
  const parts = layOut([{ ticket, blocks: blocksOf(ticket, () => false) }], () => 300, SPACE)
  expect(parts.map(({ blocks }) => blocks.length)).toEqual([1, 1])
})

test('notes stand before the lines, and a comment makes another height', () => {
  const [ticket] = ticketsOf([item(1, 1, { order_notes: 'birthday', comment: 'no salt' })], null)
  const blocks = blocksOf(ticket!, () => true)
  expect(blocks.map(({ notes }) => notes)).toEqual(['birthday', null])
  expect(blocks[1]!.key).toContain('no salt')
})
