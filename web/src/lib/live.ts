// The live feed of the box as a page wants it: it comes back by itself, asks for what it missed,
// and says honestly how old the page's news is. Knows nothing of screens, so it is tested with a fake socket.

import { boxClock } from './box-clock'

export type LinkState = 'connecting' | 'live' | 'stale' | 'offline'

export interface LiveEvent {
  type: string
  seq: number
  timestamp: string
  order_id?: number | null
  status?: string | null
  data?: Record<string, unknown>
  /** with the events of an order's lines: the whole order */
  order?: unknown
  /** it happened while the screen was away: other things that it tells may be newer than it */
  isReplayed?: boolean
  /** on a heartbeat to staff: since when the copy in the cloud is late */
  cloud_late_since?: string
}

export interface LiveOptions {
  token: string
  /** something happened after what the page has loaded */
  onEvent: (event: LiveEvent) => void
  /** what the page has may be incomplete: load everything anew */
  onReload: () => void
  /** something happened that is not told to this screen word for word: its lists may have changed */
  onUntold?: () => void
  onBeat?: (beat: LiveEvent) => void
  onLink: (state: LinkState, silentSeconds: number) => void
  /** the token is no longer good; the feed has stopped */
  onTokenEnded: () => void
  /** for tests */
  openSocket?: (url: string, protocols: string[]) => WebSocket
  random?: () => number
}

/** The box beats every 2 s: two beats missed is stale, seven is gone (ms). */
const STALE_AFTER = 5_000
const OFFLINE_AFTER = 15_000
const WATCH_EVERY = 1_000
const FIRST_RETRY = 500
const LONGEST_RETRY = 8_000
/** A socket that has not greeted after this long (ms) is given up: Wi-Fi may swallow a handshake. */
const GREETING_WITHIN = 6_000

const TOKEN_ENDED = 4401
const READER_TOO_SLOW = 4408

export class LiveFeed {
  #options: LiveOptions
  #socket: WebSocket | null = null
  /** last event that the page has heard, or null before the first greeting */
  #seq: number | null = null
  /** newest place in the feed that the box has named, told to this screen or not */
  #newest = 0
  /** between two events that were told lies one that was not, since the last beat */
  #hasGap = false
  /** what came before this place was missed, and is told again */
  #missedTo = 0
  #greeted = false
  #heardAt = performance.now()
  #openedAt = 0
  #failures = 0
  #retry: ReturnType<typeof setTimeout> | undefined
  #watch: ReturnType<typeof setInterval>
  #state: LinkState = 'connecting'
  #toldSeconds = 0
  #stopped = false

  constructor(options: LiveOptions) {
    this.#options = options
    this.#watch = setInterval(() => this.#look(), WATCH_EVERY)
    globalThis.addEventListener?.('online', this.#wake)
    globalThis.document?.addEventListener('visibilitychange', this.#wake)
    this.#open()
  }

  /** The box's time now (ms since 1970): a tablet's own clock may be wrong, and is asked only before the first word. */
  now(): number {
    return boxClock.shown()
  }

  stop(): void {
    this.#stopped = true
    clearInterval(this.#watch)
    clearTimeout(this.#retry)
    globalThis.removeEventListener?.('online', this.#wake)
    globalThis.document?.removeEventListener('visibilitychange', this.#wake)
    this.#drop()
  }

  #open(): void {
    clearTimeout(this.#retry)
    if (this.#stopped || this.#socket) return
    const { token, openSocket = (url, protocols) => new WebSocket(url, protocols) } = this.#options
    const since = this.#seq === null ? '' : `?since=${this.#seq}`
    const base = globalThis.location ? location.origin.replace(/^http/, 'ws') : 'ws://box'
    let socket: WebSocket
    try {
      socket = openSocket(`${base}/ws/orders${since}`, ['qres', token])
    } catch {
      this.#retryLater()
      return
    }
    this.#socket = socket
    this.#greeted = false
    this.#openedAt = performance.now()
    socket.onmessage = (message) => this.#hear(message.data)
    socket.onclose = (close) => this.#closed(socket, close.code)
  }

  #hear(raw: unknown): void {
    let event: LiveEvent
    try {
      event = JSON.parse(String(raw)) as LiveEvent
    } catch {
      return
    }
    this.#heardAt = performance.now()
    const at = Date.parse(event.timestamp)
    if (Number.isFinite(at) && (event.type === 'heartbeat' || event.type === 'connected')) {
      boxClock.hear(at)
    }
    switch (event.type) {
      case 'connected':
        this.#greeted = true
        this.#failures = 0
        // On a return the greeting comes before the missed events, so it does not move our place in the feed.
        if (this.#seq === null) {
          this.#seq = event.seq
          this.#newest = event.seq
          this.#options.onReload()
        } else this.#missedTo = event.seq
        break
      case 'resync':
        this.#seq = event.seq
        this.#newest = Math.max(this.#newest, event.seq)
        this.#options.onReload()
        break
      case 'heartbeat':
        if ((event.seq > this.#newest || this.#hasGap) && this.#seq !== null) this.#options.onUntold?.()
        this.#hasGap = false
        this.#newest = Math.max(this.#newest, event.seq)
        this.#options.onBeat?.(event)
        break
      case 'pong':
        break
      default:
        // No seq: a word to this screen alone, not a part of the feed.
        if (typeof event.seq !== 'number' || (this.#seq !== null && event.seq <= this.#seq)) break
        this.#seq = event.seq
        if (event.seq > this.#newest + 1) this.#hasGap = true
        this.#newest = Math.max(this.#newest, event.seq)
        this.#options.onEvent(event.seq <= this.#missedTo ? { ...event, isReplayed: true } : event)
    }
    this.#look()
  }

  #closed(socket: WebSocket, code: number): void {
    if (socket !== this.#socket) return
    this.#socket = null
    if (code === TOKEN_ENDED) {
      this.stop()
      this.#options.onTokenEnded()
      return
    }
    if (code === READER_TOO_SLOW) this.#failures = 0
    this.#retryLater()
  }

  /** Half the wait is fixed and half is chance, so that fifty screens do not knock at once after a restart. */
  #retryLater(): void {
    if (this.#stopped) return
    const whole = Math.min(LONGEST_RETRY, FIRST_RETRY * 2 ** this.#failures)
    const random = this.#options.random ?? Math.random
    this.#failures += 1
    clearTimeout(this.#retry)
    this.#retry = setTimeout(() => this.#open(), whole / 2 + (random() * whole) / 2)
  }

  #look(): void {
    const now = performance.now()
    const silent = now - this.#heardAt
    const deaf = this.#socket && (this.#greeted ? silent : now - this.#openedAt)
    if (deaf && deaf >= (this.#greeted ? OFFLINE_AFTER : GREETING_WITHIN)) {
      this.#drop()
      this.#retryLater()
    }
    const state =
      silent >= OFFLINE_AFTER
        ? 'offline'
        : silent >= STALE_AFTER
          ? 'stale'
          : this.#greeted && this.#socket
            ? 'live'
            : this.#state === 'live' || this.#state === 'connecting'
              ? this.#state
              : 'connecting'
    const seconds = state === 'stale' || state === 'offline' ? Math.floor(silent / 1000) : 0
    if (state === this.#state && seconds === this.#toldSeconds) return
    this.#state = state
    this.#toldSeconds = seconds
    this.#options.onLink(state, seconds)
  }

  /** A phone that wakes up or finds its Wi-Fi again does not wait for the next try. */
  #wake = (): void => {
    if (this.#stopped || globalThis.document?.visibilityState === 'hidden') return
    if (this.#socket && performance.now() - this.#heardAt < STALE_AFTER) return
    this.#failures = 0
    this.#drop()
    this.#open()
  }

  #drop(): void {
    const socket = this.#socket
    if (!socket) return
    this.#socket = null
    socket.onmessage = null
    socket.onclose = null
    socket.close()
  }
}
