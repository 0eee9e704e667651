import { describe, expect, test } from 'vitest'
import { at, item, START } from './fixture'
import { allDay, isAdded, isLate, minutesSince, sizeOf, stateOf, tablesOf, ticketsOf, usedOf } from './tickets'

const minute = (n: number) => START + n * 60_000

test('one ticket an order, oldest first, lines in the order they came', () => {
  const tickets = ticketsOf(
    [item(5, 2, { sent_to_kitchen_at: at(3) }), item(3, 1), item(2, 1), item(9, 3, { sent_to_kitchen_at: at(1) })],
    null,
  )
  expect(tickets.map((ticket) => ticket.orderId)).toEqual([1, 3, 2])
  expect(tickets[0]!.items.map((line) => line.id)).toEqual([2, 3])
})

test('a department sees its own lines only', () => {
  const items = [item(1, 1), item(2, 1, { department: 'bar' }), item(3, 2, { department: 'bar' })]
  expect(ticketsOf(items, 'bar').map((ticket) => ticket.items.length)).toEqual([1, 1])
  expect(ticketsOf(items, 'hot').map((ticket) => ticket.orderId)).toEqual([1])
})

test('what is not sent, served or cancelled is not on the wall', () => {
  const items = [item(1, 1, { status: 'NEW' }), item(2, 1, { status: 'SERVED' }), item(3, 2, { status: 'CANCELLED' })]
  expect(ticketsOf(items, null)).toEqual([])
})

test('what is held for a later course hangs grey with its order, and counts for nothing', () => {
  const held = { status: 'HELD', course: 2, sent_to_kitchen_at: null, due_at: null } as const
  const [ticket] = ticketsOf([item(1, 1, { course: 1 }), item(2, 1, held), item(3, 1, { ...held, department: 'bar' })], null)
  expect([ticket!.items.map(({ id }) => id), ticket!.held.map(({ id }) => id)]).toEqual([[1], [2, 3]])
  expect(ticket!.due).toBe(minute(15))
  expect(allDay([ticket!]).map(({ quantity }) => quantity)).toEqual([1])
  expect(ticketsOf([item(1, 1), item(2, 1, held)], 'hot')[0]!.held).toHaveLength(1)
})

test('where nothing else of an order is to be done, what is held hangs behind all others', () => {
  const held = { status: 'HELD', course: 2, sent_to_kitchen_at: null, due_at: null } as const
  const ready = { status: 'READY', ready_at: at(5) } as const
  const tickets = ticketsOf([item(1, 1, ready), item(2, 1, held), item(3, 2, { sent_to_kitchen_at: at(9) })], null)
  expect(tickets.map(({ orderId, isHeld, isDone }) => [orderId, isHeld, isDone])).toEqual([[1, false, true], [2, false, false], [1, true, false]])
  expect(stateOf(tickets[2]!, minute(60))).toBe('held')
  // At the pass a table is whole without what is held.
  const [table] = tablesOf([item(1, 1, ready), item(2, 1, held)])
  expect([table!.isDone, table!.items.length, table!.held.length]).toEqual([true, 1, 1])
})

test('what is fired is new from then on', () => {
  const fired = item(2, 1, { course: 2, sent_to_kitchen_at: at(30), due_at: at(45) })
  const [ticket] = ticketsOf([item(1, 1), fired], null)
  expect(isAdded(fired, ticket!, minute(30.2))).toBe(true)
  expect(stateOf(ticketsOf([fired], null)[0]!, minute(30.2))).toBe('new')
})

test('a ticket is done when nothing of it is open', () => {
  const done = { status: 'READY', ready_at: at(9) } as const
  const [half, whole] = ticketsOf(
    [item(1, 1, done), item(2, 1), item(3, 2, { ...done, ready_at: at(4) }), item(4, 2, done)],
    null,
  )
  expect(half!.isDone).toBe(false)
  expect(whole!.isDone).toBe(true)
  expect(whole!.doneAt).toBe(minute(9))
})

describe('state', () => {
  const ticket = (more = {}) => ticketsOf([item(1, 1, more)], null)[0]!

  test.each([
    [0.5, 'new'],
    [5, 'waiting'],
    [12, 'soon'],
    [15, 'late'],
    [40, 'late'],
  ])('after %d minutes of 15: %s', (minutes, state) => {
    expect(stateOf(ticket(), minute(minutes))).toBe(state)
  })

  test('begun is cooking at once, and without a due time nothing is late', () => {
    const begun = { preparation_started_at: at(0.2) }
    expect(stateOf(ticket(begun), minute(0.5))).toBe('cooking')
    expect(stateOf(ticket({ ...begun, due_at: null }), minute(50))).toBe('cooking')
    expect(stateOf(ticket({ status: 'SENT_TO_KITCHEN', due_at: null }), minute(50))).toBe('waiting')
  })

  // Screens 16: "due soon" was three minutes for a coffee and for a roast alike.
  test('due soon is the last quarter of a dish’s own time, a minute at the least', () => {
    const coffee = ticket({ due_at: at(4) })
    expect([2.9, 3].map((minutes) => stateOf(coffee, minute(minutes)))).toEqual(['waiting', 'soon'])
    const roast = ticket({ due_at: at(60) })
    expect([44.9, 45].map((minutes) => stateOf(roast, minute(minutes)))).toEqual(['waiting', 'soon'])
  })

  test('the ticket names the dish that presses most', () => {
    const [both] = ticketsOf([item(1, 1, { due_at: at(20) }), item(2, 1, { due_at: at(9) })], null)
    expect(both!.urgent!.id).toBe(2)
    expect(isLate(both!.items[1]!, minute(9))).toBe(true)
    expect(isLate({ ...both!.items[1]!, status: 'READY' }, minute(9))).toBe(false)
  })

  test.each([
    [0, 0],
    [7.5, 0.5],
    [40, 1],
  ])('after %d minutes of 15 this much of the time is used: %d', (minutes, used) => {
    expect(usedOf(ticket(), minute(minutes))).toBe(used)
    expect(usedOf(ticket({ due_at: null }), minute(minutes))).toBeNull()
  })

  test('only open lines press', () => {
    const late = item(1, 1, { due_at: at(5), status: 'READY', ready_at: at(4) })
    expect(stateOf(ticketsOf([late, item(2, 1, { due_at: at(30) })], null)[0]!, minute(10))).toBe('waiting')
  })
})

test('the pass sees whole tables, by department, with what is served of them', () => {
  const tables = tablesOf([
    item(1, 1, { status: 'SERVED', department: 'bar' }),
    item(2, 1, { status: 'READY', department: 'dessert' }),
    item(3, 1, { department: 'hot' }),
    item(4, 2, { status: 'SERVED' }),
    item(5, 3, { status: 'READY' }),
    item(6, 4, { status: 'NEW' }),
  ])
  expect(tables.map((table) => [table.orderId, table.isDone])).toEqual([
    [1, false],
    [3, true],
  ])
  expect(tables[0]!.items.map((line) => line.id)).toEqual([3, 2, 1])
})

test('all-day counts add up open lines by dish and size', () => {
  const pasta = { dish_name: 'Паста', quantity: 2 }
  const tickets = ticketsOf(
    [
      item(1, 1, pasta),
      item(2, 2, pasta),
      item(3, 2, { ...pasta, status: 'READY' }),
      item(4, 2, { dish_name: 'Борщ', variation_name: 'большой' }),
    ],
    null,
  )
  expect(allDay(tickets)).toEqual([
    { name: 'Паста', quantity: 4 },
    { name: 'Борщ · большой', quantity: 1 },
  ])
})

test('all-day counts say how many of a dish are to be how, but not what comes along anyway', () => {
  const chosen = { option_id: 1, group_id: 1, group_name: 'К кофе', name: 'Сахар', quantity: 1, price: '0', amount: '0' }
  const coffee = { dish_name: 'Эспрессо', one_size: true }
  const tickets = ticketsOf(
    [
      item(1, 1, { ...coffee, quantity: 2, modifiers: [{ ...chosen, prefix: 'NO', is_default: true }] }),
      item(2, 2, { ...coffee, modifiers: [{ ...chosen, is_default: true }, { ...chosen, option_id: 2, name: 'Овсяное', kitchen_name: 'ОВС' }] }),
    ],
    null,
  )
  expect(allDay(tickets)).toEqual([
    { name: 'Эспрессо', quantity: 3, options: [{ name: 'без Сахар', quantity: 2 }, { name: 'ОВС', quantity: 1 }] },
  ])
})

test('what is weighed adds up in kilograms, beside its pieces', () => {
  const meat = { dish_name: 'Шашлык', one_size: true }
  const lines = [{ quantity: 0.1, unit: 'kg' as const }, { quantity: 0.2, unit: 'kg' as const }, { quantity: 2 }]
  const tickets = ticketsOf(lines.map((line, at) => item(at + 1, 1, { ...meat, ...line })), null)
  expect(allDay(tickets)).toEqual([
    { name: 'Шашлык', quantity: 2 },
    { name: 'Шашлык', quantity: 0.3, unit: 'kg' },
  ])
})

test('a line added to a ticket is marked for a minute', () => {
  const added = item(2, 1, { sent_to_kitchen_at: at(5) })
  const ticket = ticketsOf([item(1, 1), added], null)[0]!
  expect(isAdded(added, ticket, minute(5.5))).toBe(true)
  expect(isAdded(added, ticket, minute(7))).toBe(false)
  expect(isAdded(ticket.items[0]!, ticket, minute(0.5))).toBe(false)
})

test('minutes never run below zero', () => {
  expect(minutesSince(minute(1), minute(0))).toBe(0)
  expect(minutesSince(minute(1), minute(3.9))).toBe(2)
})

// Screens 3: "Порция" took a line of every dish that has one size.
test('a size is named only where there is another one', () => {
  expect(sizeOf(item(1, 1, { variation_name: 'Порция', one_size: true }))).toBe('')
  expect(sizeOf(item(1, 1, { variation_name: '30 см' }))).toBe('30 см')
})
