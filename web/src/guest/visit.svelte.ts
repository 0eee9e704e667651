// One visit of a guest: the menu, the table, the table's order, and the live link that keeps them true.

import { Refusal } from '../lib/http'
import { LiveFeed, type LinkState, type LiveEvent } from '../lib/live'
import { coalesced } from '../lib/refetch'
import { lasting, recall, remember } from '../lib/storage'
import { box } from './box'
import type { FirstReply, Part } from './first'
import type {
  GuestBill,
  GuestOrder,
  GuestOrderRequest,
  GuestPart,
  GuestPartRequest,
  GuestPaymentMethod,
  GuestSession,
  Menu,
  Restaurant,
} from '../lib/types'
import { Calls } from './calls.svelte'

/**
 * none: no code was scanned; unknown: the box knows no such table; seated: orders can be placed;
 * over: the visit has ended, and the next guests' order is none of this phone's business
 */
export type Seat = 'none' | 'finding' | 'unknown' | 'seated' | 'over'

/** How an order that is over ended; null when the box could not say. */
export type Ending = 'COMPLETED' | 'CANCELLED' | null

const RETRY_LOAD = 3000

/** A guest who comes back on another day (ms) sits down without being asked. */
const LEFT_FOR = 12 * 3600_000
const isRecent = (value: unknown): value is number => typeof value === 'number' && Date.now() - value < LEFT_FOR

/** The order of a visit that is over, to look at. */
interface Past {
  order: GuestOrder | null
  bill?: GuestBill | null
  /** the visit's own token, while the box has not yet said how it ended */
  token: string | null
  at: number
}

const isPast = (value: unknown): value is Past => {
  const past = value as Past
  return isRecent(past?.at) && (past.order === null || Array.isArray(past.order?.items))
}

/** So often (ms) the minutes on the page are counted anew. */
const TICK = 15_000

const isSession = (value: unknown): value is GuestSession => {
  const session = value as GuestSession
  return typeof session?.token === 'string' && Date.parse(session.expires_at) > Date.now()
}

export class Visit {
  restaurant = $state.raw<Restaurant | null>(null)
  menu = $state.raw<Menu | null>(null)
  /** the menu is what the page came with; null when it is the whole one */
  part = $state.raw<Part | null>(null)
  menuFailed = $state(false)
  seat = $state<Seat>('none')
  session = $state.raw<GuestSession | null>(null)
  order = $state.raw<GuestOrder | null>(null)
  /** the checks of the order, since somebody looked at them */
  bill = $state.raw<GuestBill | null>(null)
  /** the bill was opened while this phone sat here: it is read after a word from staff */
  waits = $state(false)
  /** the visit's last order, once it is over */
  past = $state.raw<GuestOrder | null>(null)
  link = $state<LinkState>('connecting')
  silentSeconds = $state(0)
  /** how often something happened at the table */
  heard = $state(0)
  /** how one can pay here */
  methods = $state.raw<GuestPaymentMethod[]>([])
  /** the box's time, ms since 1970 */
  now = $state(Date.now())
  calls: Calls

  #qrCode: string
  #feed: LiveFeed | null = null
  #ticking: ReturnType<typeof setInterval> | undefined
  #isRecalled = false
  /** the bill lies open: what happens is asked for */
  #isReading = false
  /** of the visit that ended, until the box has told its last word */
  #endedToken: string | null = null
  #renewing: Promise<void> | null = null
  #onLive: () => void

  constructor(qrCode: string, onLive: () => void, onRefused: (refusal: Refusal) => void, first: FirstReply | null = null) {
    this.#qrCode = qrCode
    this.#onLive = onLive
    this.restaurant = first?.restaurant ?? null
    this.menu = first?.menu ?? null
    this.part = first?.part ?? null
    this.calls = new Calls(qrCode, {
      call: (request) => this.#withSession((token) => box.call(token, request)),
      takeBack: (id) => this.#withSession((token) => box.takeBack(token, id)),
      onRefused: (refusal) => {
        onRefused(refusal)
        void this.loadOrder()
      },
    })
  }

  start(): void {
    if (!this.menu) void this.loadMenu()
    if (this.#qrCode && recall(lasting, this.#leftKey, isRecent)) {
      this.seat = 'over'
      const past = recall(lasting, this.#pastKey, isPast)
      this.past = past?.order ?? null
      this.bill = past?.bill ?? null
      this.#endedToken = past?.token ?? null
      void this.#hearLastWord()
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
    this.past = this.bill = null
    this.#endedToken = null
    remember(lasting, this.#pastKey, null)
    remember(lasting, this.#leftKey, null)
    this.seat = 'finding'
    void this.#takeSeat(null)
  }

  loadMenu = coalesced(async () => {
    try {
      const [restaurant, menu] = await Promise.all([box.restaurant(), box.menu(this.#qrCode)])
      this.restaurant = restaurant
      this.menu = menu
      this.part = null
      this.menuFailed = false
    } catch {
      // A menu that is already here stays: it is better than an empty page.
      this.menuFailed = this.menu === null
      if (this.menuFailed || this.part) setTimeout(() => void this.loadMenu(), RETRY_LOAD)
    }
  })

  loadOrder = coalesced(async () => {
    try {
      const table = await this.#withSession((token) => box.table(token))
      if (this.seat === 'over') return
      this.#take(table.order ?? null, table.last_order ?? null)
      this.waits = table.bill_waits
      this.calls.open = table.calls
      this.methods = table.payment_methods
    } catch {
      // The link's own state tells the guest; the next event or return of the link loads again.
    }
  })

  loadBill = coalesced(async () => {
    if (this.seat === 'over') return
    try {
      this.bill = await this.#withSession((token) => box.bill(token))
    } catch {
      // As above.
    }
  })

  /** Somebody looks at the bill, or has seen it. */
  readBill(isOpen: boolean): void {
    this.#isReading = isOpen
    if (isOpen) void this.loadBill()
  }

  /** What a part of a check comes to; the box reckons it. */
  reckon(part: GuestPartRequest): Promise<GuestPart> {
    return this.#withSession((token) => box.part(token, part))
  }

  /** A call in the name of this phone. */
  call<T>(run: (token: string) => Promise<T>): Promise<T> {
    return this.#withSession(run)
  }

  async place(key: string, body: GuestOrderRequest): Promise<GuestOrder> {
    const order = await this.#withSession((token) => box.order(token, key, body))
    if (this.seat !== 'over') this.#take(order, null)
    return order
  }

  /** What is open at the table; else the visit's last order, as the box says that it ended. */
  #take(order: GuestOrder | null, last: GuestOrder | null): void {
    this.past = order ? null : (last ?? this.order ?? this.past)
    this.order = order
  }

  get ending(): Ending {
    const status = this.past?.status
    return status === 'COMPLETED' || status === 'CANCELLED' ? status : null
  }

  get #sessionKey(): string {
    return `qres.guest.${this.#qrCode}`
  }

  get #pastKey(): string {
    return `qres.past.${this.#qrCode}`
  }

  get #leftKey(): string {
    return `qres.left.${this.#qrCode}`
  }

  async #takeSeat(known: GuestSession | null): Promise<void> {
    try {
      // A phone that sits down again says which one it was.
      const earlier = recall(lasting, this.#sessionKey, isSession)?.token
      const session = known ?? (await box.openSession(this.#qrCode, earlier))
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
    clearInterval(this.#ticking)
    this.#ticking = setInterval(() => (this.now = this.#feed?.now() ?? Date.now()), TICK)
    this.#feed = new LiveFeed({
      token,
      onEvent: (event) => this.#hear(event),
      onReload: () => {
        this.#follow()
        if (!first) void this.loadMenu()
        first = false
      },
      onLink: (state, seconds) => {
        this.link = state
        this.silentSeconds = seconds
        if (state === 'live') {
          this.#onLive()
          void this.calls.pump()
        }
      },
      onTokenEnded: () => void this.#renew(token),
    })
  }

  #hear(event: LiveEvent): void {
    if (event.type === 'menu_changed') {
      void this.loadMenu()
      return
    }
    this.#follow()
  }

  #follow(): void {
    this.heard++
    void this.loadOrder()
    if (this.#isReading) void this.loadBill()
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

  #renew(ended: string): Promise<void> {
    this.#renewing ??= this.#askWhy(ended).finally(() => (this.#renewing = null))
    return this.#renewing
  }

  /**
   * The box no longer takes the session. A phone that ordered, or that reloads the page by itself in a pocket, does not
   * come back to the table by itself; nor does one whose visit has ended. Any other sits down again by the code.
   */
  async #askWhy(ended: string): Promise<void> {
    if (this.session?.token !== ended) return
    if (this.order || this.past || this.#isRecalled) return this.#leave(ended)
    try {
      if ((await box.visit(ended)).is_over) return this.#leave(ended)
    } catch (error) {
      if (!(error instanceof Refusal) || error.isOpen) {
        setTimeout(() => void this.#renew(ended), RETRY_LOAD)
        return
      }
    }
    await this.#takeSeat(null)
  }

  #leave(ended: string): void {
    remember(lasting, this.#leftKey, Date.now())
    this.#feed?.stop()
    clearInterval(this.#ticking)
    this.session = null
    this.seat = 'over'
    this.waits = false
    this.#take(null, null)
    this.#endedToken = ended
    this.#rememberPast()
    this.calls.forget()
    void this.#hearLastWord()
  }

  /** How the visit ended is asked until the box has said it: what was heard before may be old, or of another order. */
  async #hearLastWord(): Promise<void> {
    const token = this.#endedToken
    if (!token) return
    try {
      const { last_order } = await box.visit(token)
      if (token !== this.#endedToken) return
      this.past = last_order ?? this.past
      if (last_order) await this.#keepBill(token)
    } catch (error) {
      if (!(error instanceof Refusal) || error.isOpen) {
        setTimeout(() => void this.#hearLastWord(), RETRY_LOAD)
        return
      }
    }
    if (token !== this.#endedToken) return
    this.#endedToken = null
    this.#rememberPast()
  }

  /** What was paid stays to be read; the order alone will do. */
  async #keepBill(token: string): Promise<void> {
    const bill = await box.bill(token).catch(() => null)
    if (bill && token === this.#endedToken) this.bill = bill
  }

  #rememberPast(): void {
    const { past: order, bill } = this
    const past: Past | null =
      order || this.#endedToken ? { order, bill, token: this.#endedToken, at: Date.now() } : null
    remember(lasting, this.#pastKey, past)
  }
}
