// Whose a line is, as a waiter says it: by the seats of the table. Pure.

import type { Sight } from './after'
import { keyOf, placeOf } from './floor'
import type { Place } from './outbox.svelte'

/** More chips than these nobody finds his way in; a table has 20 seats at most. */
const MOST = 20

/** The seats that can be named: as many as chairs stand or guests sit there, and all that somebody named. */
export function seatsOf(chairs: number, guests: number | null | undefined, named: (number | null | undefined)[]): number[] {
  const most = Math.max(chairs, guests ?? 0, ...named.map((seat) => seat ?? 0))
  return Array.from({ length: Math.min(MOST, most) }, (_, i) => i + 1)
}

interface OfSeat {
  seat?: number | null | undefined
}

/** The seats at a table, and whether somebody names any there. */
export function seatsAt({ tables, orders, bills }: Sight, draft: OfSeat & { lines: OfSeat[] }, place: Place): { seats: number[]; areNamed: boolean } {
  if (place.at !== 'table') return { seats: [], areNamed: false }
  const table = tables.find(({ id }) => id === place.tableId)
  const here = orders.filter((order) => keyOf(placeOf(order)) === keyOf(place))
  const lines: OfSeat[] = [draft, ...draft.lines, ...here.flatMap(({ id }) => bills.get(id)?.items ?? [])]
  const guests = Math.max(table?.guests ?? 0, ...here.map((order) => order.guests ?? 0))
  const named = lines.map(({ seat }) => seat)
  return { seats: seatsOf(table?.seats ?? 0, guests, named), areNamed: named.some(Boolean) }
}

/** Where a line is let go to be of a seat: a course is a number alone. */
export const dropOf = (seat: number): string => `s${seat}`

/** The seat or the course on which a line was let go. */
export const droppedOn = (over: string): { seat: number } | { course: number } =>
  over.startsWith('s') ? { seat: Number(over.slice(1)) } : { course: Number(over) }

/** What the box is told of a line's seat; nothing where it is for the table. */
export const seatAsked = ({ seat }: { seat?: number | undefined }): { seat?: number } => (seat ? { seat } : {})
