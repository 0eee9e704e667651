// From the box's list of items to tickets on the wall. Pure: the time is an argument.

import { kitchenPieces, written } from '../lib/modifiers/said'
import { inPieces, inThousandths } from '../lib/quantity'
import type { Department, ItemStatus, KitchenItem, Measure } from '../lib/types'

export const DEPARTMENTS: Department[] = ['hot', 'grill', 'cold', 'bakery', 'dessert', 'bar']

export type TicketState = 'new' | 'waiting' | 'cooking' | 'soon' | 'late' | 'held'

export interface Ticket {
  orderId: number
  number: number
  table: string | null
  /** how many sit there; null where nobody counted */
  guests: number | null
  type: KitchenItem['order_type']
  /** "" while nobody took a guest's order yet */
  waiter: string
  isGuest: boolean
  notes: string | null
  items: KitchenItem[]
  /** what is held of it for later courses, in their turn: nobody begins it */
  held: KitchenItem[]
  /** nothing of it but that is here */
  isHeld: boolean
  /** when its first open item reached the kitchen, ms */
  since: number
  /** when its most urgent open item is due, ms */
  due: number | null
  /** that item */
  urgent: KitchenItem | null
  /** when the first of its open items is due soon, ms */
  soonAt: number
  /** whether something open of it has been begun */
  isBegun: boolean
  isDone: boolean
  /** when the last item became ready, ms; 0 while something is open */
  doneAt: number
}

/** A ticket younger than this (ms) is new. */
const NEW_FOR = 60_000
/** What is due soon follows the dish's own time: the last quarter of it, a minute at the least (ms). */
const SOON_SHARE = 0.25
const SOON_LEAST = 60_000

export const isOpen = (status: ItemStatus): boolean => status === 'SENT_TO_KITCHEN' || status === 'IN_PREPARATION'
const onWall = (status: ItemStatus): boolean => isOpen(status) || status === 'READY'
export const isBegun = (item: KitchenItem): boolean => item.status === 'IN_PREPARATION' && !!item.preparation_started_at

const time = (text: string | null | undefined): number => (text ? Date.parse(text) : NaN)
const sentAt = (item: KitchenItem): number => time(item.sent_to_kitchen_at) || time(item.created_at)

function soonAt(item: KitchenItem): number {
  const due = time(item.due_at)
  return due - Math.max(SOON_LEAST, (due - sentAt(item)) * SOON_SHARE)
}

export const isLate = (item: KitchenItem, now: number): boolean => isOpen(item.status) && now >= time(item.due_at)

function byOrder(items: KitchenItem[]): KitchenItem[][] {
  const orders = new Map<number, KitchenItem[]>()
  for (const item of items) {
    const list = orders.get(item.order_id)
    if (list) list.push(item)
    else orders.set(item.order_id, [item])
  }
  return [...orders.values()]
}

const oldestFirst = (a: Ticket, b: Ticket): number => a.since - b.since || a.orderId - b.orderId

/** What only waits for its course hangs behind all that there is to do. */
const inTurn = (a: Ticket, b: Ticket): number => Number(a.isHeld) - Number(b.isHeld) || oldestFirst(a, b)

/** One ticket for each order that has something for this department (null: all), oldest first. */
export function ticketsOf(items: KitchenItem[], department: Department | null): Ticket[] {
  const mine = items.filter((item) => !department || item.department === department)
  return byOrder(mine.filter(({ status }) => onWall(status) || status === 'HELD'))
    .flatMap((lines) => {
      const held = lines.filter(({ status }) => status === 'HELD')
      const here = lines.filter(({ status }) => onWall(status))
      const hasOpen = here.some(({ status }) => isOpen(status))
      const ticket = here.length > 0 ? [ticketOf(here, hasOpen ? held : [])] : []
      return hasOpen || held.length === 0 ? ticket : [...ticket, heldTicket(held)]
    })
    .sort(inTurn)
}

const heldTicket = (held: KitchenItem[]): Ticket => ({ ...ticketOf(held, held), items: [], isHeld: true, isDone: false, doneAt: 0 })

/** Whole tables for the pass: every order with something to serve or to cook, with what is served of it. */
export function tablesOf(items: KitchenItem[]): Ticket[] {
  return byOrder(items.filter((item) => onWall(item.status) || item.status === 'SERVED'))
    .filter((lines) => lines.some((item) => onWall(item.status)))
    .map((lines) => {
      const ticket = ticketOf(
        lines,
        items.filter((item) => item.status === 'HELD' && item.order_id === lines[0]!.order_id),
      )
      const place = (item: KitchenItem): number => DEPARTMENTS.indexOf(item.department)
      return { ...ticket, items: ticket.items.sort((a, b) => place(a) - place(b) || a.id - b.id) }
    })
    .sort(oldestFirst)
}

function ticketOf(items: KitchenItem[], held: KitchenItem[]): Ticket {
  const first = items[0]!
  const open = items.filter((item) => isOpen(item.status))
  const counted = open.length > 0 ? open : items
  const timed = open.filter((item) => item.due_at).sort((a, b) => time(a.due_at) - time(b.due_at))
  const urgent = timed[0] ?? null
  return {
    orderId: first.order_id,
    number: first.order_number,
    table: first.table_name ?? null,
    guests: first.guests ?? null,
    type: first.order_type,
    waiter: first.waiter_name,
    isGuest: first.is_guest_order,
    notes: first.order_notes ?? null,
    items: [...items].sort((a, b) => a.id - b.id),
    held: [...held].sort((a, b) => (a.course ?? 0) - (b.course ?? 0) || a.id - b.id),
    isHeld: false,
    since: Math.min(...counted.map(sentAt)),
    due: urgent ? time(urgent.due_at) : null,
    urgent,
    soonAt: Math.min(...timed.map(soonAt)),
    isBegun: open.some(isBegun),
    isDone: open.length === 0,
    doneAt: open.length === 0 ? Math.max(...items.map((item) => time(item.ready_at) || 0)) : 0,
  }
}

export function stateOf(ticket: Ticket, now: number): TicketState {
  if (ticket.isHeld) return 'held'
  if (ticket.due !== null && now >= ticket.due) return 'late'
  const isNew = now - ticket.since < NEW_FOR
  if (now >= ticket.soonAt && !isNew) return 'soon'
  if (ticket.isBegun) return 'cooking'
  return isNew ? 'new' : 'waiting'
}

/** A line that came to a ticket which hung there already. */
export function isAdded(item: KitchenItem, ticket: Ticket, now: number): boolean {
  return isOpen(item.status) && now - sentAt(item) < NEW_FOR && sentAt(item) - ticket.since >= NEW_FOR / 4
}

export const minutesSince = (at: number, now: number): number => Math.max(0, Math.floor((now - at) / 60_000))

/** How much of a ticket's time is used, 0 to 1; null where its dishes have none. */
export function usedOf(ticket: Ticket, now: number): number | null {
  if (ticket.due === null || ticket.due <= ticket.since) return null
  return Math.min(1, Math.max(0, (now - ticket.since) / (ticket.due - ticket.since)))
}

export interface Count {
  name: string
  quantity: number
  unit?: Measure | null
  /** of them with which options, most first */
  options?: WithOption[]
}

interface WithOption {
  name: string
  quantity: number
}

/** Which size; "" where the dish has one only, since naming it tells a cook nothing. */
export const sizeOf = (item: KitchenItem): string => (item.one_size ? '' : item.variation_name)

/** "Маргарита · 30 см" */
export const dishName = (item: KitchenItem): string => [item.dish_name, sizeOf(item)].filter(Boolean).join(' · ')

/** How much of each dish is still to cook, most first. */
export function allDay(tickets: Ticket[]): Count[] {
  const counts = new Map<string, Count & { withOption: Map<string, number> }>()
  for (const item of tickets.flatMap((ticket) => ticket.items)) {
    if (!isOpen(item.status)) continue
    const [name, unit] = [dishName(item), item.unit ?? null]
    const key = `${unit ?? ''} ${name}`
    // Whole thousandths add up exactly.
    const sum = inThousandths(counts.get(key)?.quantity ?? 0) + inThousandths(item.quantity)
    const withOption = counts.get(key)?.withOption ?? new Map<string, number>()
    for (const piece of kitchenPieces(item.modifiers).filter(({ isQuiet }) => !isQuiet)) {
      const option = written([piece])
      withOption.set(option, inPieces(inThousandths(withOption.get(option) ?? 0) + inThousandths(unit ? 1 : item.quantity)))
    }
    counts.set(key, { name, quantity: inPieces(sum), ...(unit && { unit }), withOption })
  }
  const told = ({ withOption, ...count }: Count & { withOption: Map<string, number> }): Count => {
    const options = [...withOption].map(([name, quantity]) => ({ name, quantity })).sort(mostFirst)
    return { ...count, ...(options.length > 0 && { options }) }
  }
  return [...counts.values()].map(told).sort(mostFirst)
}

const mostFirst = (a: WithOption, b: WithOption): number =>
  b.quantity - a.quantity || a.name.localeCompare(b.name)
