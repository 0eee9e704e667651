// The floor as the box tells it: rooms, tables, open orders with their lines, the menu; and the one place that a waiter
// has opened. The lists are read once; from then on events are laid into them, and only what an event does not carry is
// read: an order, or a list.

import { boxClock } from '../lib/box-clock'
import { box, Refusal, type Page } from '../lib/client'
import { cloudCopy } from '../lib/cloud.svelte'
import { fiscal } from '../lib/fiscal.svelte'
import { printers } from '../lib/printers.svelte'
import { LiveFeed, type LinkState, type LiveEvent } from '../lib/live'
import type { Ending } from '../lib/session.svelte'
import { coalesced } from '../lib/refetch'
import type { ToldLine } from '../lib/order-events'
import type {
  Call,
  Menu,
  Order,
  OrderStatus,
  OrderWithItems,
  PaymentMethod,
  Reason,
  Restaurant,
  Room,
  Table,
  UnclearPayment,
} from '../lib/types'
import { AT_ONCE, Bills } from './bills.svelte'
import { keyOf, placeOf } from './floor'
import { ALL_STILL, doubtful, floorAfter, LISTS, LIVE_LINES, seated, withOrder, type Floor, type List, type Still } from './floor-events'
import type { Place } from './outbox.svelte'
import { deviceShelf } from './shelf'
import { readOthers, type Menus } from './menus'

const STILL = ['menu_changed', 'table_changed', 'payment_methods_changed']
const OPEN: OrderStatus[] = ['PENDING', 'IN_PROGRESS', 'READY', 'SERVED', 'DINING']
const ROWS = 100
/** A burst of events is one change to look at, and the last of them may tell what the first left open (ms). */
const GATHER = 150
/** The device's copy follows at this pace (ms). */
const KEEP_EVERY = 1_000
const RETRY = 3_000

/** What is kept on the device, as last loaded. */
type Lists = Pick<FloorStore, 'restaurant' | 'menu' | 'otherMenus' | 'methods' | 'reasons' | 'rooms' | 'tables' | 'orders' | 'lines' | 'calls' | 'loadedAt'>
type Kept = Lists & { bills: OrderWithItems[] }
const shelf = deviceShelf<Kept & { key: string }>('qres.waiter.house')

export interface FloorStoreHooks {
  /** dishes became ready, guests ordered, or a table calls */
  onNews: (lines: ToldLine[], calls: Call[]) => void
  onLive: () => void
  onShutOut: (why: Ending) => void
}

async function everyPage<T>(load: (page: Page) => Promise<{ rows: T[]; total: number }>): Promise<T[]> {
  const all: T[] = []
  for (;;) {
    const { rows, total } = await load({ skip: all.length, limit: ROWS })
    all.push(...rows)
    if (rows.length < ROWS || all.length >= total) return all
  }
}

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))

export class FloorStore {
  restaurant = $state.raw<Restaurant | null>(null)
  menu = $state.raw<Menu | null>(null)
  /** where something costs something else */
  otherMenus = $state.raw<Menus>({})
  methods = $state.raw<PaymentMethod[]>([])
  reasons = $state.raw<Reason[]>([])
  rooms = $state.raw<Room[]>([])
  tables = $state.raw<Table[]>([])
  orders = $state.raw<Order[]>([])
  lines = $state.raw<ToldLine[]>([])
  /** what tables want: a waiter, or the bill */
  calls = $state.raw<Call[]>([])
  /** payments of which somebody has to find out; the oldest first */
  unclear = $state.raw<UnclearPayment[]>([])
  readonly bills = new Bills()
  opened = $state.raw<Place | null>(null)
  /** how often it was told that a drawer of cash changed */
  cashTold = $state(0)
  /** and that a known guest did */
  guestsTold = $state(0)
  /** how often the book of reservations was told to have changed */
  bookTold = $state(0)
  link = $state<LinkState>('connecting')
  silentSeconds = $state(0)
  /** when the lists were last true, ms; 0 before */
  loadedAt = $state(0)
  now = $state(Date.now())

  #token: string
  #hooks: FloorStoreHooks
  #feed: LiveFeed | null = null
  #tick: ReturnType<typeof setInterval> | undefined
  #retry: ReturnType<typeof setTimeout> | undefined
  #heard: Set<string> | null = null
  #news: ReturnType<typeof setTimeout> | undefined
  #stopped = false
  /** the lists are as the box has them, but for what is still to be told */
  #isTrue = false
  /** lists that are to be read */
  #wanted = new Set<List>()
  /** orders that are to be read, unless an event tells them whole before */
  #unsure = new Set<number>()
  /** told while lists were on their way: they may be older, or newer */
  #meanwhile: LiveEvent[] | null = null
  /** what changes seldom, and is to be read */
  #wantedStill = new Set<Still>()

  constructor(token: string, hooks: FloorStoreHooks) {
    this.#token = token
    this.#hooks = hooks
  }

  start(): void {
    void this.#recall()
    if (this.#token === '') this.#waitForBox()
    else this.#follow()
    this.#tick = setInterval(() => {
      this.now = this.#feed?.now() ?? Date.now()
      if (this.#token === '') this.silentSeconds += 1
    }, 1000)
  }

  /** Nobody is signed in: what is shown is what was kept, until the box answers and a PIN can be asked for. */
  #waitForBox(): void {
    this.link = 'offline'
    const knock = () =>
      void box.restaurant().then(
        () => this.#stopped || this.#hooks.onShutOut('box_back'),
        () => this.#stopped || (this.#retry = setTimeout(knock, RETRY)),
      )
    this.#retry = setTimeout(knock, RETRY)
  }

  async #recall(): Promise<void> {
    const kept = (await shelf.all().catch(() => []))[0]
    if (!kept || this.loadedAt !== 0 || this.#stopped) return
    const { key: _, bills, ...lists } = kept
    Object.assign(this, lists)
    this.bills.recall(bills ?? [])
    boxClock.isAfter(kept.loadedAt)
  }

  /** A tablet that starts without the box shows what was last true. */
  #keep = coalesced(async () => {
    const { restaurant, menu, otherMenus, methods, reasons, rooms, tables, orders, lines, calls, loadedAt } = this
    if (loadedAt === 0 || !restaurant) return
    const bills = [...this.bills.all.values()]
    const lists = { restaurant, menu, otherMenus, methods, reasons, rooms, tables, orders, lines, calls, loadedAt, bills }
    await shelf.put({ key: 'house', ...lists }).catch(() => undefined)
    await pause(KEEP_EVERY)
  })

  #follow(): void {
    this.#feed = new LiveFeed({
      token: this.#token,
      onEvent: (event) => {
        printers.hear(event)
        fiscal.hear(event)
        this.#hear(event)
      },
      onBeat: cloudCopy.hear,
      onReload: () => void Promise.all([this.loadAll(), printers.load(this.#token), fiscal.load(this.#token)]),
      onLink: (state, seconds) => {
        this.link = state
        this.silentSeconds = seconds
        if (state === 'live') this.#hooks.onLive()
      },
      onTokenEnded: () => this.#hooks.onShutOut('token_expired'),
    })
    void this.loadAll()
  }

  stop(): void {
    this.#stopped = true
    this.#feed?.stop()
    clearInterval(this.#tick)
    clearTimeout(this.#retry)
    clearTimeout(this.#news)
  }

  open(place: Place | null): void {
    this.opened = place
    if (!place) return
    for (const id of this.#ordersAt(place)) this.#unsure.add(id)
    void this.#readWanted()
  }

  #ordersAt(place: Place | null): Set<number> {
    const key = place && keyOf(place)
    return new Set(this.orders.filter((order) => keyOf(placeOf(order)) === key).map(({ id }) => id))
  }

  async loadAll(): Promise<void> {
    this.bills.doubt(null)
    await Promise.all([this.load(), this.#readStill(ALL_STILL)])
  }

  /** What changes all evening. */
  load(): Promise<void> {
    return this.#read(...LISTS)
  }

  #read(...lists: List[]): Promise<void> {
    for (const list of lists) this.#wanted.add(list)
    return this.#readWanted()
  }

  #readWanted = coalesced(async () => {
    if (this.#wanted.size === 0) await pause(GATHER)
    const wanted = this.#wanted
    this.#wanted = new Set()
    await this.#trying(async () => {
      const told: LiveEvent[] = (this.#meanwhile = [])
      try {
        if (wanted.size > 0) await this.#readLists(wanted)
        const read = wanted.has('orders') ? null : await this.#readUnsure()
        this.#meanwhile = null
        // What was told meanwhile goes on top of what was read; what an event asks for is on its way already.
        for (const event of told) {
          const { order_id: id } = event
          const isOfList = (wanted.has('calls') && event.type.includes('call')) || (wanted.has('tables') && event.data?.what === 'table')
          if (id ? (read?.has(id) ?? true) : isOfList) this.#lay(event)
          if (id && wanted.has('tables')) this.#wanted.add('tables')
        }
        if (this.#wanted.size > 0) void this.#readWanted()
      } finally {
        this.#meanwhile = null
      }
      if (LISTS.every((list) => wanted.has(list))) this.#isTrue = true
      this.#shown()
    })
    if (wanted.size > 0) await pause(GATHER)
  })

  async #readLists(wanted: ReadonlySet<List>): Promise<void> {
    const token = this.#token
    const [tables, calls, unclear, lines, orders] = await Promise.all([
      wanted.has('tables') &&
        everyPage(async (page) => {
          const list = await box.tables(token, page)
          return { rows: list.tables, total: list.total }
        }),
      wanted.has('calls') && box.calls(token),
      wanted.has('unclear') && box.unclearPayments(token),
      wanted.has('orders') && box.kitchenItems(token, LIVE_LINES),
      wanted.has('orders') &&
        everyPage(async (page) => {
          const list = await box.orders(token, OPEN, page)
          return { rows: list.orders, total: list.total }
        }),
    ])
    if (calls) this.calls = calls.calls
    if (unclear) this.unclear = unclear.payments
    if (lines) this.lines = lines
    if (orders) this.orders = orders
    this.tables = tables || seated(this.tables, this.orders)
    if (tables && this.#hasOldNames()) {
      this.bills.doubt(null)
      if (!orders || !calls) void this.load()
    }
    if (!orders) return
    this.#shown()
    for (const id of [...this.#unsure, ...doubtful(this.#floor)]) this.bills.doubt(id)
    this.#unsure.clear()
    const read = await this.bills.sync(orders, this.#ordersAt(this.opened), (id) => box.order(token, id))
    // They are newer than the lists.
    for (const bill of read) this.#set(withOrder(this.#floor, bill, 'read'))
  }

  /** A table that got another name has it in its orders, their lines and its calls too. */
  #hasOldNames(): boolean {
    const names = new Map(this.tables.map(({ id, name }) => [id, name]))
    const isOld = (tableId: number | null | undefined, name: string | null | undefined): boolean =>
      names.has(tableId ?? 0) && names.get(tableId ?? 0) !== name
    const orders = new Map(this.orders.map((order) => [order.id, order]))
    return (
      [...this.orders, ...this.bills.all.values(), ...this.calls].some((one) => isOld(one.table_id, one.table_name)) ||
      this.lines.some((line) => isOld(orders.get(line.order_id)?.table_id, line.table_name))
    )
  }

  /** What events left open of single orders. Which. */
  async #readUnsure(): Promise<ReadonlySet<number>> {
    const ids = [...this.#unsure]
    for (let at = 0; at < ids.length; at += AT_ONCE) {
      const orders = await Promise.all(ids.slice(at, at + AT_ONCE).map((id) => box.order(this.#token, id)))
      for (const order of orders) {
        this.#unsure.delete(order.id)
        this.#set(withOrder(this.#floor, order, 'read'))
      }
    }
    return new Set(ids)
  }

  #readStill(parts: Still[]): Promise<void> {
    for (const part of parts) this.#wantedStill.add(part)
    return this.#readWantedStill()
  }

  #readWantedStill = coalesced(async () => {
    const wanted = this.#wantedStill
    this.#wantedStill = new Set()
    await this.#trying(async () => {
      const token = this.#token
      const [restaurant, menu, rooms, methods, reasons] = await Promise.all([
        wanted.has('restaurant') && box.restaurant(),
        wanted.has('menu') && box.menu({}, token),
        wanted.has('rooms') &&
          everyPage(async (page) => {
            const list = await box.rooms(token, page)
            return { rows: list.locations, total: list.total }
          }),
        wanted.has('methods') && box.paymentMethods(token),
        wanted.has('reasons') && box.reasons(token),
      ])
      if (restaurant) this.restaurant = restaurant
      if (menu) [this.otherMenus, this.menu] = [await readOthers(menu, (query) => box.menu(query, token)), menu]
      if (rooms) this.rooms = rooms
      if (methods) this.methods = methods
      if (reasons) this.reasons = reasons
      void this.#keep()
    })
  })

  async #trying(load: () => Promise<void>): Promise<void> {
    if (this.#stopped || this.#token === '') return
    try {
      await load()
    } catch (error) {
      if (this.#stopped) return
      if (!(error instanceof Refusal)) throw error
      if (error.status === 401 || error.status === 403) {
        this.#hooks.onShutOut(error.status === 401 ? 'token_expired' : 'wrong_role')
        return
      }
      this.#isTrue = false
      clearTimeout(this.#retry)
      this.#retry = setTimeout(() => void this.loadAll(), RETRY)
    }
  }

  #hear(event: LiveEvent): void {
    if (event.type === 'cash_changed') this.cashTold += 1
    if (event.type === 'customer_changed') this.guestsTold += 1
    if (event.type === 'reservation_changed') this.bookTold += 1
    if (event.isReplayed || !this.#isTrue) {
      this.#readMissed(event)
      return
    }
    this.#meanwhile?.push(event)
    this.#lay(event)
    this.#shown()
  }

  /** Told to a screen that was away: the lists are read, once for all that was missed. */
  #readMissed(event: LiveEvent): void {
    if (event.order_id) this.bills.doubt(event.order_id)
    if (STILL.includes(event.type)) void this.#readStill(ALL_STILL)
    if (event.type !== 'menu_changed') void this.load()
  }

  get #floor(): Floor {
    const { tables, orders, lines, calls, unclear, bills } = this
    return { tables, orders, lines, calls, unclear, bills: bills.all }
  }

  #set({ tables, orders, lines, calls, bills }: Floor): void {
    Object.assign(this, { tables, orders, lines, calls })
    this.bills.all = bills
  }

  #lay(event: LiveEvent): void {
    const { floor, unsure, lists, still } = floorAfter(this.#floor, event)
    this.#set(floor)
    if (event.order && event.order_id) this.#unsure.delete(event.order_id)
    if (unsure) {
      this.#unsure.add(unsure)
      void this.#readWanted()
    }
    if (lists) void this.#read(...lists)
    if (still) void this.#readStill(still)
  }

  /** The lists have changed, and are true now. */
  #shown(): void {
    this.loadedAt = this.#feed?.now() ?? Date.now()
    void this.#keep()
    if (!this.#heard) this.#tellNews()
    else this.#news ??= setTimeout(() => this.#tellNews(), GATHER)
  }

  /** A ticket of several dishes is one piece of news. */
  #tellNews(): void {
    this.#news = undefined
    const { lines, calls } = this
    const wanting = lines.filter((line) => line.status === 'READY' || line.status === 'NEW')
    const word = (line: ToldLine): string => `${line.id} ${line.status}`
    const callWord = (call: Call): string => `call ${call.id}`
    const before = this.#heard
    this.#heard = new Set([...wanting.map(word), ...calls.map(callWord)])
    if (!before) return
    const fresh = wanting.filter((line) => !before.has(word(line)))
    const freshCalls = calls.filter((call) => !before.has(callWord(call)))
    if (fresh.length + freshCalls.length > 0) this.#hooks.onNews(fresh, freshCalls)
  }
}
