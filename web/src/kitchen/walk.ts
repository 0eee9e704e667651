// The arrow keys walk over the wall: across from ticket to ticket, along through the buttons of one.

export function walk(across: number, along: number): void {
  const tickets = [...document.querySelectorAll('article')]
  if (tickets.length === 0) return
  const buttonsOf = (ticket: Element) => [...ticket.querySelectorAll('button')]
  const focused = document.activeElement
  const at = tickets.findIndex((ticket) => ticket.contains(focused))
  if (at < 0) {
    buttonsOf(tickets[0]!).at(-1)?.focus()
    return
  }
  if (across !== 0) {
    buttonsOf(tickets[Math.max(0, Math.min(tickets.length - 1, at + across))]!).at(-1)?.focus()
    return
  }
  const buttons = buttonsOf(tickets[at]!)
  const place = buttons.findIndex((button) => button === focused) + along
  buttons[Math.max(0, Math.min(buttons.length - 1, place))]?.focus()
}
