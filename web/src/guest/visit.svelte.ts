// One visit of a guest: the menu, the table, the table's order, and the live link that keeps them true.

import { box, Refusal } from '../lib/client'
import { LiveFeed, type LinkState, type LiveEvent } from '../lib/live'
import { coalesced } from '../lib/refetch'
import { lasting, recall, remember } from '../lib/storage'
import type { GuestOrder, GuestOrderRequest, GuestSession, Menu, Restaurant } from '../lib/types'

/** none: no code was scanned; unknown: the box knows no such table; seated: orders can be placed */
export type Seat = 'none' | 'finding' | 'unknown' | 'seated'

/** How an order that is over ended, as far as this page has heard. */
export type Ending = 'COMPLETED' | 'CANCELLED' | null

const RETRY_LOAD = 3000

const isSession = (value: unknown): value is GuestSession => {
  const session = value as GuestSession
  return typeof session?.token === 'string' && Date.parse(session.expires_at) > Date.now()
}

export class Visit {
  restaurant = $state.raw<Restaurant | null>(null)
  menu = $state.raw<Menu | null>(null)
  menuFailed = $state(false)
  seat = $state<Seat>('none')
  session = $state.raw<GuestSession | null>(null)
  order = $state.raw<GuestOrder | null>(null)
  /** the visit's last order, once it is over */
  past = $state.raw<GuestOrder | null>(null)
  ending = $state<Ending>(null)
  link = $state<LinkState>('connecting')
  silentSeconds = $state(0)

  #qrCode: string
  #feed: LiveFeed | null = null
  #lastStatus: string | null = null
  #onLive: () => void

  constructor(qrCode: string, onLive: () => void) {
    this.#qrCode = qrCode
    this.#onLive = onLive
  }

  start(): void {
    void this.loadMenu()
    if (this.#qrCode) {
      this.seat = 'finding'
      void this.#sitDown(recall(lasting, this.#sessionKey, isSession))
    } else {
      // Without a table there is no live feed: look anew whenever the phone comes out of the pocket.
      document.addEventListener('visibilitychange', () => {
        if (document.visibilityState === 'visible') void this.loadMenu()
      })
    }
  }

  loadMenu = coalesced(async () => {
    try {
      const [restaurant, menu] = await Promise.all([box.restaurant(), box.menu()])
      this.restaurant = restaurant
      this.menu = menu
      this.menuFailed = false
    } catch {
      // A menu that is already here stays: it is better than an empty page.
      this.menuFailed = this.menu === null
      if (this.menuFailed) setTimeout(() => void this.loadMenu(), RETRY_LOAD)
    }
  })

  loadOrder = coalesced(async () => {
    try {
      const table = await this.#withSession((token) => box.guestTable(token))
      this.#take(table.order)
    } catch {
      // The link's own state tells the guest; the next event or return of the link loads again.
    }
  })

  async place(key: string, body: GuestOrderRequest): Promise<GuestOrder> {
    const order = await this.#withSession((token) => box.placeGuestOrder(token, key, body))
    this.#take(order)
    return order
  }

  #take(order: GuestOrder | null): void {
    if (order) {
      this.past = null
    } else if (this.order) {
      this.past = this.order
      this.ending = this.#lastStatus === 'COMPLETED' || this.#lastStatus === 'CANCELLED' ? this.#lastStatus : null
    }
    this.order = order
  }

  get #sessionKey(): string {
    return `qres.guest.${this.#qrCode}`
  }

  async #sitDown(known: GuestSession | null): Promise<void> {
    try {
      const session = known ?? (await box.openGuestSession(this.#qrCode))
      remember(lasting, this.#sessionKey, session)
      this.session = session
      this.seat = 'seated'
      this.#listen(session.token)
    } catch (error) {
      if (error instanceof Refusal && !error.isOpen) this.seat = 'unknown'
      else setTimeout(() => void this.#sitDown(null), RETRY_LOAD)
    }
  }

  #listen(token: string): void {
    let first = true
    this.#feed?.stop()
    this.#feed = new LiveFeed({
      token,
      onEvent: (event) => this.#hear(event),
      onReload: () => {
        void this.loadOrder()
        if (!first) void this.loadMenu()
        first = false
      },
      onLink: (state, seconds) => {
        this.link = state
        this.silentSeconds = seconds
        if (state === 'live') this.#onLive()
      },
      onTokenEnded: () => void this.#renew(token),
    })
  }

  #hear(event: LiveEvent): void {
    if (event.type === 'menu_changed') {
      void this.loadMenu()
      return
    }
    if (event.type === 'order_status_changed' && event.status) this.#lastStatus = event.status
    void this.loadOrder()
  }

  /** Runs a call with the session's token; a session that has ended is renewed by the table's code, once. */
  async #withSession<T>(run: (token: string) => Promise<T>): Promise<T> {
    const token = this.session?.token
    if (!token) throw new Refusal(0, 'network', 'no session yet')
    try {
      return await run(token)
    } catch (error) {
      if (!(error instanceof Refusal && error.status === 401)) throw error
      await this.#renew(token)
      const renewed = this.session?.token
      if (!renewed || renewed === token) throw new Refusal(0, 'network', 'no session')
      return run(renewed)
    }
  }

  async #renew(ended: string): Promise<void> {
    if (this.session?.token !== ended) return
    remember(lasting, this.#sessionKey, null)
    await this.#sitDown(null)
  }
}
