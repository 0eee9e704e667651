// The lines of every open order, kept on the device: a table can be looked at without the box, opened before or not.
// Read one by one, and again only what has changed.

import type { Order, OrderWithItems } from '../lib/types'

/** So many are asked for at once: the box has other screens. */
export const AT_ONCE = 6

export class Bills {
  all = $state.raw<ReadonlyMap<number, OrderWithItems>>(new Map())
  #stale = new Set<number>()
  #isAllStale = true

  /** What was kept on the device: better than nothing, and read anew when the box is there. */
  recall(kept: OrderWithItems[]): void {
    this.all = new Map(kept.map((bill) => [bill.id, bill]))
  }

  /** Something happened to an order; to any, when nobody says to which. */
  doubt(orderId: number | null): void {
    if (orderId === null) this.#isAllStale = true
    else this.#stale.add(orderId)
  }

  /** Reads what is not known, or no longer true, of these orders; `first` before the others. What was read. */
  async sync(
    orders: Order[],
    first: ReadonlySet<number>,
    read: (id: number) => Promise<OrderWithItems>,
  ): Promise<OrderWithItems[]> {
    const found: OrderWithItems[] = []
    const open = new Set(orders.map(({ id }) => id))
    const [isAll, stale] = [this.#isAllStale, this.#stale]
    this.#isAllStale = false
    this.#stale = new Set()
    const missing = orders
      .filter((order) => isAll || stale.has(order.id) || this.all.get(order.id)?.version !== order.version)
      .map(({ id }) => id)
      .sort((a, b) => Number(first.has(b)) - Number(first.has(a)))
    this.all = new Map([...this.all].filter(([id]) => open.has(id)))
    for (let at = 0; at < missing.length; at += AT_ONCE) {
      try {
        const bills = await Promise.all(missing.slice(at, at + AT_ONCE).map(read))
        this.all = new Map([...this.all, ...bills.map((bill) => [bill.id, bill] as const)])
        found.push(...bills)
      } catch (error) {
        missing.slice(at).forEach((id) => this.#stale.add(id))
        throw error
      }
    }
    return found
  }
}
