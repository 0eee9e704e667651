// One visit of a guest: the menu, the table, the table's order, and the live link that keeps them true.

import { box, Refusal } from '../lib/client'
import { LiveFeed, type LinkState, type LiveEvent } from '../lib/live'
import { coalesced } from '../lib/refetch'
import { lasting, recall, remember } from '../lib/storage'
import type { GuestOrder, GuestOrderRequest, GuestSession, Menu, Restaurant } from '../lib/types'

/**
 * none: no code was scanned; unknown: the box knows no such table; seated: orders can be placed;
 * over: the visit has ended, and the next guests' order is none of this phone's business
 */
export type Seat = 'none' | 'finding' | 'unknown' | 'seated' | 'over'

/** How an order that is over ended, as far as this page has heard. */
export type Ending = 'COMPLETED' | 'CANCELLED' | null

const RETRY_LOAD = 3000

/** A guest who comes back on another day (ms) sits down without being asked. */
const LEFT_FOR = 12 * 3600_000
const isRecent = (value: unknown): value is number => typeof value === 'number' && Date.now() - value < LEFT_FOR

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
  #isRecalled = false
  #lastStatus: string | null = null
  #onLive: () => void

  constructor(qrCode: string, onLive: () => void) {
    this.#qrCode = qrCode
    this.#onLive = onLive
  }

  start(): void {
    void this.loadMenu()
    if (this.#qrCode && recall(lasting, this.#leftKey, isRecent)) {
      this.seat = 'over'
    } else if (this.#qrCode) {
      this.seat = 'finding'
      void this.#takeSeat(recall(lasting, this.#sessionKey, isSession))
    } else {
      // Without a table there is no live feed: look anew whenever the phone comes out of the pocket.
      document.addEventListener('visibilitychange', () => {
        if (document.visibilityState === 'visible') void this.loadMenu()
      })
    }
  }

  /** A new visit at the same table, at the guest's word. */
  sitDown(): void {
    this.past = null
    this.#lastStatus = null
    remember(lasting, this.#leftKey, null)
    this.seat = 'finding'
    void this.#takeSeat(null)
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
      this.#take(table.order ?? null)
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
      this.ending = this.#heardEnding
    }
    this.order = order
  }

  get #heardEnding(): Ending {
    return this.#lastStatus === 'COMPLETED' || this.#lastStatus === 'CANCELLED' ? this.#lastStatus : null
  }

  get #sessionKey(): string {
    return `qres.guest.${this.#qrCode}`
  }

  get #leftKey(): string {
    return `qres.left.${this.#qrCode}`
  }

  async #takeSeat(known: GuestSession | null): Promise<void> {
    try {
      const session = known ?? (await box.openGuestSession(this.#qrCode))
      remember(lasting, this.#sessionKey, session)
      this.session = session
      this.#isRecalled = known !== null
      this.seat = 'seated'
      this.#listen(session.token)
    } catch (error) {
      if (error instanceof Refusal && !error.isOpen) this.seat = 'unknown'
      else setTimeout(() => void this.#takeSeat(null), RETRY_LOAD)
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
    if (this.seat === 'over') this.ending = this.#heardEnding
    else void this.loadOrder()
  }

  /** Runs a call with the session's token; one that is no longer good is renewed by the table's code, once. */
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
    if (this.order || this.past || this.#isRecalled) this.#leave()
    else await this.#takeSeat(null)
  }

  /**
   * The session ended after an order, or while the phone was away: the bill is settled, or the evening was very long.
   * A phone that reloads the page by itself in a pocket does not come back to the table by itself.
   * The feed runs on until the box closes it: the word of how the visit ended may still be on its way.
   */
  #leave(): void {
    remember(lasting, this.#leftKey, Date.now())
    this.session = null
    this.seat = 'over'
    this.#take(null)
  }
}
