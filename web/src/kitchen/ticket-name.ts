import { t } from './messages/words'
import type { Ticket } from './tickets'

/** "Стол 12", "С собой", "Доставка": how a ticket is called in a sentence. */
export function ticketName(ticket: Ticket): string {
  if (ticket.type === 'TAKEAWAY') return `${t().takeaway} ${t().number(ticket.number)}`
  if (ticket.type === 'DELIVERY') return `${t().delivery} ${t().number(ticket.number)}`
  return ticket.table === null ? t().number(ticket.number) : t().table(ticket.table)
}
