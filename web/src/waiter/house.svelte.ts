// The house as the box tells it: rooms, tables, open orders with their lines, the menu; and the one place that a waiter
// has opened. Events say that something changed; the lists are then read again, however many events came, once.

import { boxClock } from '../lib/box-clock'
import { box, Refusal, type Page } from '../lib/client'
import { cloudCopy } from '../lib/cloud.svelte'
import { LiveFeed, type LinkState, type LiveEvent } from '../lib/live'
import type { Ending } from '../lib/session.svelte'
import { coalesced } from '../lib/refetch'
import type {
  Call,
  ItemStatus,
  KitchenItem,
  Menu,
  Order,
  OrderStatus,
  OrderWithItems,
  PaymentMethod,
  Restaurant,
  Room,
  Table,
} from '../lib/types'
import { Bills } from './bills.svelte'
import { keyOf, placeOf } from './floor'
import type { Place } from './outbox.svelte'
import { deviceShelf } from './shelf'

const OPEN: OrderStatus[] = ['PENDING', 'IN_PROGRESS', 'READY', 'SERVED', 'DINING']
const LIVE_LINES: ItemStatus[] = ['NEW', 'SENT_TO_KITCHEN', 'IN_PREPARATION', 'READY']
const ROWS = 100
/** A burst of events is one change to look at (ms). */
const GATHER = 150
const RETRY = 3_000

/** What is kept on the device, as last loaded. */
type Lists = Pick<House, 'restaurant' | 'menu' | 'methods' | 'rooms' | 'tables' | 'orders' | 'lines' | 'calls' | 'loadedAt'>
type Kept = Lists & { bills: OrderWithItems[] }
const shelf = deviceShelf<Kept & { key: string }>('qres.waiter.house')

export interface HouseHooks {
  /** dishes became ready, guests ordered, or a table calls */
  onNews: (lines: KitchenItem[], calls: Call[]) => void
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

export class House {
  restaurant = $state.raw<Restaurant | null>(null)
  menu = $state.raw<Menu | null>(null)
  methods = $state.raw<PaymentMethod[]>([])
  rooms = $state.raw<Room[]>([])
  tables = $state.raw<Table[]>([])
  orders = $state.raw<Order[]>([])
  lines = $state.raw<KitchenItem[]>([])
  /** what tables want: a waiter, or the bill */
  calls = $state.raw<Call[]>([])
  readonly bills = new Bills()
  opened = $state.raw<Place | null>(null)
  link = $state<LinkState>('connecting')
  silentSeconds = $state(0)
  /** when the lists were last true, ms; 0 before */
  loadedAt = $state(0)
  now = $state(Date.now())

  #token: string
  #hooks: HouseHooks
  #feed: LiveFeed | null = null
  #tick: ReturnType<typeof setInterval> | undefined
  #retry: ReturnType<typeof setTimeout> | undefined
  #heard: Set<string> | null = null
  #stopped = false

  constructor(token: string, hooks: HouseHooks) {
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
  #keep(): void {
    const { restaurant, menu, methods, rooms, tables, orders, lines, calls, loadedAt } = this
    if (loadedAt === 0 || !restaurant) return
    const bills = [...this.bills.all.values()]
    const lists = { restaurant, menu, methods, rooms, tables, orders, lines, calls, loadedAt, bills }
    void shelf.put({ key: 'house', ...lists }).catch(() => undefined)
  }

  #follow(): void {
    this.#feed = new LiveFeed({
      token: this.#token,
      onEvent: (event) => this.#hear(event),
      onUntold: () => void this.load(),
      onBeat: cloudCopy.hear,
      onReload: () => void this.loadAll(),
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
  }

  open(place: Place | null): void {
    this.opened = place
    if (!place) return
    for (const id of this.#ordersAt(place)) this.bills.doubt(id)
    void this.load()
  }

  #ordersAt(place: Place | null): Set<number> {
    const key = place && keyOf(place)
    return new Set(this.orders.filter((order) => keyOf(placeOf(order)) === key).map(({ id }) => id))
  }

  async loadAll(): Promise<void> {
    this.bills.doubt(null)
    await Promise.all([this.load(), this.loadStill()])
  }

  /** What changes all evening. */
  load = coalesced(async () => {
    await this.#trying(async () => {
      const token = this.#token
      const [tables, lines, calls, orders] = await Promise.all([
        everyPage(async (page) => {
          const list = await box.tables(token, page)
          return { rows: list.tables, total: list.total }
        }),
        box.kitchenItems(token, LIVE_LINES),
        box.calls(token),
        everyPage(async (page) => {
          const list = await box.orders(token, OPEN, page)
          return { rows: list.orders, total: list.total }
        }),
      ])
      this.tables = tables
      this.lines = lines
      this.calls = calls.calls
      this.orders = orders
      this.loadedAt = this.#feed?.now() ?? Date.now()
      this.#tellNews(lines, calls.calls)
      await this.bills.sync(orders, this.#ordersAt(this.opened), (id) => box.order(token, id))
      this.#keep()
    })
    await pause(GATHER)
  })

  /** What changes seldom. */
  loadStill = coalesced(async () => {
    await this.#trying(async () => {
      const token = this.#token
      const [restaurant, menu, rooms, methods] = await Promise.all([
        box.restaurant(),
        box.menu(),
        everyPage(async (page) => {
          const list = await box.rooms(token, page)
          return { rows: list.locations, total: list.total }
        }),
        box.paymentMethods(token),
      ])
      this.restaurant = restaurant
      this.menu = menu
      this.rooms = rooms
      this.methods = methods
      this.#keep()
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
      clearTimeout(this.#retry)
      this.#retry = setTimeout(() => void this.loadAll(), RETRY)
    }
  }

  #hear(event: LiveEvent): void {
    const still = ['menu_changed', 'table_changed', 'payment_methods_changed']
    if (still.includes(event.type)) void this.loadStill()
    if (event.order_id) this.bills.doubt(event.order_id)
    if (event.type !== 'menu_changed') void this.load()
  }

  #tellNews(lines: KitchenItem[], calls: Call[]): void {
    const wanting = lines.filter((line) => line.status === 'READY' || line.status === 'NEW')
    const word = (line: KitchenItem): string => `${line.id} ${line.status}`
    const callWord = (call: Call): string => `call ${call.id}`
    const before = this.#heard
    this.#heard = new Set([...wanting.map(word), ...calls.map(callWord)])
    if (!before) return
    const fresh = wanting.filter((line) => !before.has(word(line)))
    const freshCalls = calls.filter((call) => !before.has(callWord(call)))
    if (fresh.length + freshCalls.length > 0) this.#hooks.onNews(fresh, freshCalls)
  }
}
