// What one waiter does with the floor: every tap becomes a deed in the outbox, money alone goes straight to the box.

import { box, Refusal } from '../lib/client'
import { toasts } from '../lib/components/toasts.svelte'
import { courseName } from '../lib/course'
import { language, nameOf } from '../lib/i18n/language.svelte'
import { requestOf, type Line as Chosen } from '../lib/line'
import { findChoice, findDish } from '../lib/menu'
import { answerFor } from '../lib/combos/choose'
import { usual } from '../lib/modifiers/choose'
import { asOrdered } from '../lib/modifiers/said'
import { fromMinor, toMinor } from '../lib/money'
import { sentenceFor } from '../lib/refusal'
import type { ToldLine } from '../lib/order-events'
import type { Person } from '../lib/session.svelte'
import { priceOfOne } from '../lib/weight'
import type { Call, ItemStatus, Menu, Order, OrderItem, OrderWithItems, ReasonKind, Table } from '../lib/types'
import { after, type Sight } from './after'
import { needOf, type Asking } from './approval'
import { courseAsked } from './courses'
import { seatAsked } from './seats'
import { Drafts } from './drafts.svelte'
import { isCooking, keyOf, placeOf, portionsOf } from './floor'
import { Favourites } from './favourites.svelte'
import { FloorStore } from './floor-store.svelte'
import { menuAt } from './menus'
import { t, words } from './messages/words'
import { Outbox, UNDO_FOR, type Deed, type Entry, type OrderDeed, type Place } from './outbox.svelte'
import { Seen } from './seen.svelte'
import { deviceShelf } from './shelf'
import { session, sound } from './station'

type Line = Pick<OrderItem | ToldLine, 'id' | 'order_id' | 'dish_name' | 'quantity' | 'unit'>

export class WaiterActions {
  readonly me: Person
  readonly floor: FloorStore
  readonly outbox: Outbox
  readonly drafts: Drafts
  readonly favourites: Favourites
  readonly seen = new Seen()
  readonly token: string
  /** somebody's word is needed; a sheet asks for it over the place */
  asking = $state.raw<Asking | null>(null)
  /** what the screen shows: the floor, and every tap already done */
  readonly sight: Sight = $derived.by(() => {
    const { tables, orders, lines, bills, menu, restaurant } = this.floor
    return after({ tables, orders, lines, bills: bills.all }, this.outbox.entries, {
      digits: restaurant?.currency_digits ?? 2,
      priceOf: ({ dishId, variationId }) => priceOn(menu, dishId, variationId, restaurant?.currency_digits ?? 2),
      modifiersOf: ({ dishId, modifiers }) => {
        const dish = menu && findDish(menu, dishId)
        return menu && dish ? asOrdered(menu, dish, modifiers ?? usual(menu, dish)) : []
      },
    })
  })
  /** toasts that offer to undo, by what they would undo */
  #offers = new Map<string, number>()
  /** places whose draft is on its way into the outbox */
  #leaving = new Set<string>()

  constructor(token: string, me: Person) {
    this.token = token
    this.me = me
    this.drafts = new Drafts(me.id)
    this.favourites = new Favourites(me.id)
    this.floor = new FloorStore(token, {
      onNews: (lines, calls) => this.#ring(lines, calls),
      onLive: () => void this.outbox.pump(),
      onShutOut: (why) => session.end(why),
    })
    this.outbox = new Outbox(deviceShelf<Entry>('qres.waiter.outbox'), {
      me: () => (session.current?.token ? session.current.person : null),
      perform: (entry) => this.#perform(entry),
      onDone: (entry) => this.#done(entry),
      onRefused: (entry, refusal) => this.#refused(entry, refusal),
      onHeld: (group, deeds) => this.#offerUndo(group, deeds),
      onReleased: (group) => this.#offers.has(group) && toasts.drop(this.#offers.get(group)!),
    })
  }

  /** Hosts see the floor and seat guests; orders are others' work. */
  get takesOrders(): boolean {
    return session.current?.role !== 'host'
  }

  /** What the kitchen has begun may need another's word: it is asked for at once, not after the time for an undo. */
  #holdOf(isBegun: boolean): number {
    return isBegun && session.current?.role !== 'admin' ? 0 : UNDO_FOR
  }

  /** The restaurant's own reasons; `usual` before the box has told them, or where there are none. */
  reasons(kind: ReasonKind, usual: string[]): string[] {
    const own = this.floor.reasons.filter((reason) => reason.kind === kind)
    return own.length > 0 ? own.map((reason) => nameOf(reason, language.current)) : usual
  }

  /** Opens the sheet where somebody's word helps; `go` goes on with it. */
  ask(refusal: Refusal, reason: string, go: (approval: number) => void, stop?: () => void): boolean {
    const need = needOf(refusal)
    if (!need || this.asking) return false
    this.asking = { need, reason, go, stop }
    return true
  }

  /** The same for whoever waits for the word: null where nobody gave it. */
  wordFor(refusal: Refusal, reason: string): Promise<number | null> {
    return new Promise((resolve) => {
      if (!this.ask(refusal, reason, resolve, () => resolve(null))) resolve(null)
    })
  }

  start(): void {
    this.floor.start()
    void this.outbox.open().then(() => {
      this.#dropSentDrafts()
      void this.outbox.pump()
    })
  }

  /** A page that ended just when its draft was on the way has left it twice. */
  #dropSentDrafts(): void {
    for (const { deed } of this.outbox.entries) {
      if (deed.kind !== 'order') continue
      const key = keyOf(deed.place)
      if (this.drafts.of(key).at === deed.draftAt) this.drafts.clear(key)
    }
  }

  stop(): void {
    this.floor.stop()
    this.outbox.stop()
  }

  /** What can still be undone goes at once: nobody is here to undo it. */
  async signOut(): Promise<void> {
    if (this.floor.link === 'live') await this.outbox.flush()
    session.end(null)
  }

  /** The draft of a place goes to the kitchen. */
  async send(place: Place): Promise<void> {
    const key = keyOf(place)
    const { lines, note, customer, isDelivery, phone, address, at } = this.drafts.of(key)
    const delivery = place.at === 'takeaway' && isDelivery ? { phone, address } : null
    if (lines.length === 0 || this.#leaving.has(key)) return
    // A second tap while the first is being written to the disk is the same tap.
    this.#leaving.add(key)
    const sent = lines.map((line) => ({ ...line, shown: this.#shown(line) }))
    await this.outbox.add(this.me, [{ kind: 'order', place, lines: sent, note, customer, delivery, draftAt: at }])
    this.favourites.ordered(lines)
    this.drafts.clear(key)
    this.#leaving.delete(key)
  }

  /** What one of a line costs on this screen: at another price the box asks first. */
  #shown(line: Chosen): string | undefined {
    const { menu, restaurant } = this.floor
    const choice = menu && findChoice(menu, line.dishId, line.variationId)
    if (!choice || line.unit) return undefined
    const digits = restaurant?.currency_digits ?? 2
    const { adds } = answerFor(menu, choice.dish, line, digits)
    return fromMinor(toMinor(choice.variation.price, digits) + adds, digits)
  }

  /** What the box has refused becomes a draft again. */
  takeBack(entry: Entry): void {
    if (entry.deed.kind !== 'order') return
    const key = keyOf(entry.deed.place)
    this.drafts.addAll(key, entry.deed.lines)
    const { note, customer } = this.drafts.of(key)
    this.drafts.say(key, { note: note || entry.deed.note, customer: customer || entry.deed.customer })
    if (entry.deed.delivery) this.drafts.say(key, { isDelivery: true, ...entry.deed.delivery })
    this.outbox.drop(entry)
  }

  serve(lines: Line[]): void {
    void this.#undoable(lines.map((line) => ({ kind: 'serve', ...named(line) })))
  }

  confirm(lines: Line[]): void {
    void this.#undoable(lines.map((line) => ({ kind: 'confirm', ...named(line) })))
  }

  /** What is held of a course goes to the kitchen. */
  fire(order: OrderWithItems, course: number): void {
    const held = order.items.filter((item) => item.course === course && item.status === 'HELD')
    void this.#undoable([this.#ofCourse('fire', order, course, held)])
  }

  /** It is held again. At once: a cook may be about to begin. */
  hold(order: OrderWithItems, course: number): void {
    const fired = order.items.filter((item) => item.course === course && isCooking(item.status))
    void this.#undoable([this.#ofCourse('hold', order, course, fired)], 0)
  }

  #ofCourse(kind: 'fire' | 'hold', order: OrderWithItems, course: number, items: OrderItem[]): Deed {
    const name = order.table_name ? t().table(order.table_name) : t().orderNumber(order.number)
    return { kind, orderId: order.id, name, course, itemIds: items.map(({ id }) => id) }
  }

  /** A line that is not fired is served with another course (0: as it is ready), any line is somebody else's (0: the table's). */
  put(line: OrderItem, where: { course?: number; seat?: number }): void {
    void this.#undoable([{ kind: 'put', ...named(line), ...where }])
  }

  remove(line: Line & Pick<OrderItem, 'status' | 'preparation_started_at'>, reason: string): void {
    void this.#undoable([{ kind: 'remove', ...named(line), reason }], this.#holdOf(isBegun(line)))
  }

  /** The whole order is called off, at the sum that is seen here. */
  cancel(order: OrderWithItems, reason: string): void {
    const deed = { orderId: order.id, name: t().orderNumber(order.number), reason, total: order.total_price }
    void this.#undoable([{ kind: 'cancel', ...deed }], this.#holdOf(order.items.some(isBegun)))
  }

  /** A line as it is to be: what of it is another is told, its course and its seat by themselves. */
  alter(line: OrderItem, now: Chosen): void {
    const [course, seat] = [now.course ?? 0, now.seat ?? 0]
    const where = { ...(course !== (line.course ?? 0) && { course }), ...(seat !== (line.seat ?? 0) && { seat }) }
    const isPut = Object.keys(where).length > 0
    if (isPut) this.put(line, where)
    const isOther = now.quantity !== line.quantity || now.variationId !== line.dish_variation_id || now.modifiers
    if (isOther || now.comment !== (line.comment ?? '') || !isPut) this.change(line, now)
  }

  change(line: OrderItem, now: Chosen): void {
    // What was weighed is what it is: that it was weighed again says why.
    const why = isBegun(line) || line.status === 'SERVED' ? { reason: t().weighedAgain } : {}
    void this.#undoable([{ kind: 'change', ...named(line), line: now, ...why }], this.#holdOf(isBegun(line)))
  }

  /** The whole order, or some of its lines, goes to another table; `items` null: the whole. */
  move(order: OrderWithItems, to: Table, items: { id: number; quantity: number }[] | null): void {
    const name = order.table_name ? t().table(order.table_name) : t().orderNumber(order.number)
    void this.#undoable([{ kind: 'move', orderId: order.id, name, tableId: to.id, to: to.name, items }])
  }

  /** So many guests sit down at a table, or at an order that is there already. Counted wrong it is counted again. */
  count(place: Place, order: Order | null, guests: number): void {
    const name = this.nameOf(place)
    const at = order ? ({ kind: 'guests', orderId: order.id } as const) : place.at === 'table' && ({ kind: 'seat', tableId: place.tableId } as const)
    if (at) void this.outbox.add(this.me, [{ ...at, name, guests }])
  }

  /** A bill is looked at: what could still be undone is told to the box, so that the bill says what the screen says. */
  async settle(): Promise<void> {
    await this.outbox.flush()
    await this.floor.load()
  }

  async #undoable(deeds: Deed[], hold = UNDO_FOR): Promise<void> {
    if (deeds.length > 0) await this.outbox.add(this.me, deeds, hold)
  }

  #offerUndo(group: string, deeds: Deed[]): void {
    const undo = { word: t().undo, run: () => this.outbox.undo(group) }
    this.#offers.set(group, toasts.offer(toldOf(deeds), undo, UNDO_FOR - 200))
  }

  async #perform({ key, deed, at }: Entry): Promise<void> {
    const token = this.token
    if (deed.kind === 'serve') await isSo('SERVED', box.setItemStatus(token, deed.itemId, 'SERVED'))
    else if (deed.kind === 'confirm') await box.confirmItems(token, deed.orderId, [deed.itemId])
    else if (deed.kind === 'fire' || deed.kind === 'hold')
      await box.stepCourse(token, key, deed.orderId, deed.course, deed.kind, deed.itemIds)
    else if (deed.kind === 'put')
      await box.changeItem(token, key, deed.orderId, deed.itemId, {
        ...(deed.course !== undefined && { course: deed.course || null }),
        ...(deed.seat !== undefined && { seat: deed.seat || null }),
      })
    else if (deed.kind === 'remove')
      await isSo('CANCELLED', box.removeItem(token, deed.orderId, deed.itemId, deed.reason, deed.approval))
    else if (deed.kind === 'cancel')
      await isSo('CANCELLED', box.cancelOrder(token, deed.orderId, deed.reason, deed.total, deed.approval))
    else if (deed.kind === 'change')
      await box.changeItem(
        token,
        key,
        deed.orderId,
        deed.itemId,
        {
          quantity: deed.line.quantity,
          dish_variation_id: deed.line.variationId,
          comment: deed.line.comment || null,
          ...(deed.line.modifiers && { modifiers: deed.line.modifiers }),
          reason: deed.reason ?? null,
        },
        deed.approval,
      )
    else if (deed.kind === 'seat') await box.seatTable(token, deed.tableId, deed.guests)
    else if (deed.kind === 'guests') await box.setGuests(token, deed.orderId, deed.guests)
    else if (deed.kind === 'move')
      await (deed.items
        ? box.moveItems(token, key, deed.orderId, deed.tableId, deed.items, deed.approval)
        : box.moveOrder(token, key, deed.orderId, deed.tableId, deed.approval))
    else await this.#place(key, deed, at ?? null)
  }

  /** `at`: when it was tapped; dishes cost what they cost then. */
  async #place(key: string, { place, lines, note, customer, delivery }: OrderDeed, at: string | null): Promise<void> {
    const items = requestOf(lines).map((item, i) => ({ ...item, ...courseAsked(lines[i]!), ...seatAsked(lines[i]!), ...(at && { placed_at: at }) }))
    if (place.at === 'order') {
      await box.addToOrder(this.token, key, place.orderId, items)
      return
    }
    if (delivery) {
      await box.placeDelivery(this.token, key, {
        order_type: 'DELIVERY',
        customer_name: customer,
        customer_phone: delivery.phone,
        delivery_address: delivery.address,
        kitchen_notes: note || null,
        items,
      })
      return
    }
    const where =
      place.at === 'table'
        ? ({ table_id: place.tableId, order_type: 'DINE_IN' } as const)
        : ({ order_type: 'TAKEAWAY', customer_name: customer || null } as const)
    await box.placeOrder(this.token, key, { ...where, kitchen_notes: note || null, items })
  }

  #done({ deed }: Entry): void {
    if (deed.kind === 'order') toasts.say(t().sent(this.nameOf(deed.place)))
    // What was done comes back as an event, unless nobody is listening.
    if (this.floor.link !== 'live') this.#reload(deed)
  }

  #reload(deed: Deed): void {
    if ('orderId' in deed) this.floor.bills.doubt(deed.orderId)
    void this.floor.load()
  }

  #refused(entry: Entry, refusal: Refusal): void {
    this.#reload(entry.deed)
    if (entry.deed.kind !== 'order' && this.#asks(entry, refusal)) return
    // A refused order waits at its table for a decision; of anything else the word is enough.
    if (entry.deed.kind === 'order') toasts.say(t().refusedAt(this.nameOf(entry.deed.place)), 'late')
    else {
      toasts.say(t().notDone(entry.deed.name, sentenceFor(refusal, words())), 'late')
      this.outbox.drop(entry)
    }
  }

  /** Where a word helps, the same is done again with it. */
  #asks(entry: Entry, refusal: Refusal): boolean {
    const { deed, by } = entry
    const reason = ('reason' in deed && deed.reason) || ''
    const again = (approval: number) => void this.outbox.add(by, [{ ...deed, approval }])
    if (!this.ask(refusal, reason, again)) return false
    this.outbox.drop(entry)
    return true
  }

  /** The menu from which is ordered at a place: what costs how much there. */
  menuAt(place: Place): Menu | null {
    return menuAt(this.floor, place, this.drafts.of(keyOf(place)).isDelivery)
  }

  nameOf(place: Place): string {
    if (place.at === 'table') return t().table(place.name)
    return place.at === 'order' ? t().orderNumber(place.number) : t().takeaway
  }

  /** Mine, or nobody's yet: what others answer for makes no noise here. */
  #ring(lines: ToldLine[], calls: Call[]): void {
    const { orders } = this.sight
    const concerns = (fits: (order: Order) => boolean): boolean => {
      const theirs = orders.filter(fits)
      return theirs.length === 0 || theirs.some((order) => [0, this.me.id].includes(order.waiter_id))
    }
    const isMine =
      lines.some((line) => concerns((order) => order.id === line.order_id)) ||
      calls.some((call) => concerns((order) => order.table_id === call.table_id))
    if (isMine) sound.ring()
  }

  /** Somebody at this device has looked at what is ready for a place. */
  look(place: Place): void {
    const ready = this.floor.lines.filter(({ status }) => status === 'READY')
    const there = new Set(this.sight.orders.filter((order) => keyOf(placeOf(order)) === keyOf(place)).map(({ id }) => id))
    this.seen.add(ready.filter((line) => there.has(line.order_id)), ready)
  }
}

/** What was tapped, in the words that offer to undo it. */
function toldOf(deeds: Deed[]): string {
  const deed = deeds[0]!
  const portions = portionsOf(deeds.flatMap((one) => ('quantity' in one ? one : [])))
  switch (deed.kind) {
    case 'serve':
      return deeds.length === 1 ? t().served(deed.name) : t().servedMany(portions)
    case 'confirm':
      return t().confirmed(portions)
    case 'fire':
      return t().fired(deed.name, courseName(deed.course, language.current))
    case 'hold':
      return t().heldAgain(deed.name, courseName(deed.course, language.current))
    case 'put':
      return t().changed(deed.name)
    case 'remove':
      return t().removed(deed.name)
    case 'cancel':
      return t().cancelled(deed.name)
    case 'change':
      return t().changed(deed.name)
    case 'move':
      return deed.items ? t().movedSome(deed.name, deed.to) : t().moved(deed.name, deed.to)
    case 'seat':
    case 'guests':
      return t().guests(deed.guests)
    case 'order':
      return t().sent(t().draft)
  }
}

/** Whether the kitchen has put work or goods into a line. */
export const isBegun = ({ status, preparation_started_at }: Pick<OrderItem, 'status' | 'preparation_started_at'>): boolean =>
  status === 'READY' || (status !== 'CANCELLED' && Boolean(preparation_started_at))

const named = (line: Line) => ({
  orderId: line.order_id,
  itemId: line.id,
  name: line.dish_name,
  quantity: line.quantity,
  unit: line.unit ?? null,
})

/** What one piece, kilogram or litre costs now; null where it is not on the menu. */
function priceOn(menu: Menu | null, dishId: number, variationId: number, digits: number): string | null {
  const variation = menu && findChoice(menu, dishId, variationId)?.variation
  return variation ? fromMinor(priceOfOne(toMinor(variation.price, digits), variation.unit), digits) : null
}

/** A step whose first answer was lost has been taken: the box says that the line, or the order, stands there already. */
async function isSo(status: ItemStatus, step: Promise<unknown>): Promise<void> {
  try {
    await step
  } catch (error) {
    const stands = error instanceof Refusal && error.code === 'step_not_allowed' && error.params.from === status
    if (!stands) throw error
  }
}
