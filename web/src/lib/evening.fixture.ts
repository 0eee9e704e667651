// An evening by chance, the same each time for the same seed: what waiters, cooks and guests do, one thing after another.

import type { TestBox } from './box.fixture'
import type { OrderItem, OrderWithItems } from './types'

export type Chance = (below: number) => number

/** mulberry32 */
export function chance(seed: number): Chance {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * below)
  }
}

const isCooking = ({ status }: OrderItem): boolean => status === 'IN_PREPARATION'
/** What is served can no longer be changed. */
const isOpen = ({ status }: OrderItem): boolean => status !== 'CANCELLED' && status !== 'SERVED'
const isLive = ({ status }: OrderItem): boolean => status !== 'CANCELLED'

/** One thing that somebody does; often nothing, where it makes no sense. */
export function happen(box: TestBox, below: Chance): void {
  const pick = <T>(all: T[]): T | undefined => all[below(all.length)]
  const table = 1 + below(box.tables.length)
  const order = pick(box.open)
  const item = order && pick(order.items)
  const isUnpaid = order?.payment_status === 'UNPAID'
  const isMovable = !!order?.table_id && order.table_id !== table
  // Often in the same millisecond, as two commands of one batch are.
  box.later(below(3) === 0 ? 0 : below(200_000))
  const dishes = Array.from({ length: 1 + below(2) }, () => pick(box.dishes)!)
  const chosen = dishes.map((dish) => ({ dish, size: pick(dish.sizes)! }))
  const deeds: [number, () => void][] = [
    [4, () => box.place(below(4) === 0 ? null : table, below(3), chosen)],
    [2, () => order && order.waiter_id === 0 && box.confirm(order, 1 + below(2), below(2) === 0)],
    [2, () => order && order.items.some(({ status }) => status === 'NEW') && box.confirm(order, 1 + below(2), true)],
    [3, () => order && item && isCooking(item) && box.step(order, item, 'IN_PREPARATION', item.preparation_started_at ?? box.at)],
    [1, () => order && item && isCooking(item) && box.step(order, item, 'IN_PREPARATION', null)],
    [5, () => order && item && isCooking(item) && box.step(order, item, 'READY')],
    [1, () => order && item?.status === 'READY' && box.step(order, item, 'IN_PREPARATION')],
    [5, () => order && item?.status === 'READY' && box.step(order, item, 'SERVED')],
    [2, () => order && item && isCooking(item) && !item.preparation_started_at && box.hold(order, item)],
    [2, () => order && box.fire(order)],
    [1, () => order && item && isUnpaid && isOpen(item) && box.remove(order, item)],
    [2, () => order && item && isUnpaid && isOpen(item) && box.change(order, item, 1 + below(3), `wish ${below(3)}`)],
    [1, () => order && below(4) === 0 && box.setStatus(order, 'CANCELLED')],
    [2, () => order && isUnpaid && !order.items.some(({ status }) => status === 'NEW') && box.pay(order, pick(box.methods)!)],
    [2, () => order?.status === 'SERVED' && box.setStatus(order, 'DINING')],
    [1, () => order && isMovable && box.move(order, table)],
    [1, () => order && isMovable && moveSome(box, order, table, below)],
    [2, () => box.call(table, below(2) === 0 ? 'waiter' : 'bill', null)],
    [1, () => box.call(table, 'bill', pick(box.methods)!)],
    [2, () => box.calls.length > 0 && box.answer(pick(box.calls)!)],
    [1, () => below(8) === 0 && box.renumber(table, 100 + below(100))],
    [2, () => box.seat(table, below(2) === 0, below(2) === 0 ? null : 1 + below(6))],
    [1, () => order?.table_id && box.count(order, 1 + below(6))],
  ]
  const tickets = deeds.flatMap(([weight, deed]) => Array.from({ length: weight }, () => deed))
  pick(tickets)!()
}

function moveSome(box: TestBox, order: OrderWithItems, table: number, below: Chance): void {
  const live = order.items.filter(isLive)
  const some = live.filter(() => below(2) === 0)
  if (order.payment_status === 'UNPAID' && some.length > 0 && some.length < live.length) box.moveItems(order, table, some)
}
