// What the waiter has tapped and the box has not yet answered. It lies on the device and is sent until the box says
// yes or no, each with its own key, so that however often it is sent it happens once. Some taps are held back for a
// few seconds, so that they can be undone. Knows nothing of screens.

import { Refusal } from '../lib/client'
import type { Line } from '../lib/line'
import type { Person } from '../lib/session.svelte'
import { uuidv7 } from '../lib/uuid'
import type { Shelf } from './shelf'

/** Something to be told to the box. */
export type Deed =
  | OrderDeed
  | { kind: 'serve'; orderId: number; itemId: number; name: string }
  | { kind: 'change'; orderId: number; itemId: number; name: string; line: Line }
  | { kind: 'move'; orderId: number; name: string; tableId: number; items: { id: number; quantity: number }[] | null }
  | { kind: 'confirm'; orderId: number; itemId: number; name: string }
  | { kind: 'remove'; orderId: number; itemId: number; name: string; reason: string }

export interface OrderDeed {
  kind: 'order'
  place: Place
  lines: Line[]
  /** for the kitchen, about the whole order */
  note: string
  /** who fetches it; "" at a table */
  customer: string
  /** to be brought home; null for anything else */
  delivery?: { phone: string; address: string } | null
  /** when the draft was last touched from which it came: one that is still there after a crash is the same */
  draftAt: number
}

/** Where an order goes: to a table, to a known order without a table, or to a new one to take away. */
export type Place =
  | { at: 'table'; tableId: number; number: number }
  | { at: 'order'; orderId: number; number: number }
  | { at: 'takeaway' }

export interface Entry {
  /** its idempotency key too */
  key: string
  /** what was tapped together is undone together */
  group: string
  by: Person
  madeAt: number
  /** not sent before, ms since 1970 */
  notBefore: number
  deed: Deed
  /** why the box has said no; a person decides then */
  refused: { status: number; code: string; detail: string; params: Record<string, unknown> } | null
}

export interface OutboxHooks {
  /** tells the box; throws a Refusal */
  perform: (entry: Entry) => Promise<void>
  onDone: (entry: Entry) => void
  onRefused: (entry: Entry, refusal: Refusal) => void
  /** who is signed in: keys are good only with the one who made them */
  me: () => Person | null
}

/** How long a tap can be undone, ms. */
export const UNDO_FOR = 5_000
const RETRY = 3_000
/** Nobody waits any more for what is older than this (ms): a person decides. The box knows its key for longer. */
const TOO_OLD = 12 * 3_600_000

export class Outbox {
  entries = $state.raw<Entry[]>([])
  /** the device could not keep something: it lives only as long as this page */
  unkept = $state(false)
  #shelf: Shelf<Entry>
  #hooks: OutboxHooks
  #sending: string | null = null
  #running: Promise<void> | null = null
  #timer: ReturnType<typeof setTimeout> | undefined
  #opened = false

  constructor(shelf: Shelf<Entry>, hooks: OutboxHooks) {
    this.#shelf = shelf
    this.#hooks = hooks
  }

  /** Takes up what an earlier page left; `pump` goes on sending it. */
  async open(): Promise<void> {
    try {
      const kept = await this.#shelf.all()
      const here = new Set(this.entries.map((entry) => entry.key))
      this.entries = [...kept.filter((entry) => !here.has(entry.key)), ...this.entries].sort((a, b) =>
        a.key.localeCompare(b.key),
      )
    } catch {
      this.unkept = true
    }
    this.#opened = true
  }

  /** Puts deeds on the shelf and sends them, after `hold` ms. Returns the group to undo. */
  async add(by: Person, deeds: Deed[], hold = 0): Promise<string> {
    const madeAt = Date.now()
    const group = uuidv7(madeAt)
    const entries = deeds.map((deed): Entry => ({
      key: uuidv7(madeAt),
      group,
      by,
      madeAt,
      notBefore: madeAt + hold,
      deed,
      refused: null,
    }))
    this.entries = [...this.entries, ...entries]
    // First on the disk, then on the wire.
    for (const entry of entries) await this.#keep(entry)
    void this.pump()
    return group
  }

  /** Takes back what is still held. */
  undo(group: string): void {
    for (const entry of this.entries) {
      if (entry.group === group && entry.key !== this.#sending && entry.notBefore > Date.now()) this.#forget(entry)
    }
  }

  /** A person gives an entry up. */
  drop(entry: Entry): void {
    if (entry.key !== this.#sending) this.#forget(entry)
  }

  /** What is held goes now: the person leaves. Done when all was tried once. */
  async flush(): Promise<void> {
    this.entries = this.entries.map((entry) => ({ ...entry, notBefore: 0 }))
    await this.pump()
  }

  /** Sends what is due, in the order it was made. */
  pump(): Promise<void> {
    if (!this.#opened) return Promise.resolve()
    this.#running ??= this.#sendDue().finally(() => {
      this.#running = null
      this.#wakeLater()
    })
    return this.#running
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  async #sendDue(): Promise<void> {
    const tried = new Set<string>()
    for (;;) {
      const entry = this.#waiting().find((e) => e.notBefore <= Date.now() && !tried.has(e.key))
      if (!entry) return
      tried.add(entry.key)
      const answer = await this.#send(entry)
      if (answer === 'silence') return
    }
  }

  async #send(entry: Entry): Promise<'answered' | 'silence'> {
    if (Date.now() - entry.madeAt > TOO_OLD) {
      await this.#refuse(entry, new Refusal(400, 'too_old', ''))
      return 'answered'
    }
    this.#sending = entry.key
    try {
      await this.#hooks.perform(entry)
      this.#sending = null
      this.#forget(entry)
      this.#hooks.onDone(entry)
      return 'answered'
    } catch (error) {
      this.#sending = null
      const refusal = error instanceof Refusal ? error : new Refusal(0, 'unknown', String(error))
      // A sign-in that ended says nothing about the deed: it waits for the next one.
      if (refusal.status === 0 || refusal.status === 401) return 'silence'
      if (!refusal.isOpen) await this.#refuse(entry, refusal)
      return 'answered'
    }
  }

  async #refuse(entry: Entry, refusal: Refusal): Promise<void> {
    const { status, code, detail, params } = refusal
    const refused: Entry = { ...entry, refused: { status, code, detail, params } }
    this.entries = this.entries.map((e) => (e.key === entry.key ? refused : e))
    await this.#keep(refused)
    this.#hooks.onRefused(refused, refusal)
  }

  /** Mine that can be sent. */
  #waiting(): Entry[] {
    const me = this.#hooks.me()
    return me ? this.entries.filter((entry) => !entry.refused && entry.by.id === me.id) : []
  }

  #wakeLater(): void {
    clearTimeout(this.#timer)
    const waiting = this.#waiting()
    if (waiting.length === 0) return
    const next = Math.min(...waiting.map((entry) => entry.notBefore)) - Date.now()
    this.#timer = setTimeout(() => void this.pump(), next > 0 ? next : RETRY)
  }

  async #keep(entry: Entry): Promise<void> {
    try {
      await this.#shelf.put($state.snapshot(entry) as Entry)
    } catch {
      this.unkept = true
    }
  }

  #forget(entry: Entry): void {
    this.entries = this.entries.filter((e) => e.key !== entry.key)
    this.#shelf.remove(entry.key).catch(() => (this.unkept = true))
  }
}
