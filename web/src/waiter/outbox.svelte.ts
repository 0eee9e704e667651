// What the waiter has tapped and the box has not yet answered. It lies on the device and is sent until the box says
// yes or no, each with its own key, so that however often it is sent it happens once. Some taps are held back for a
// few seconds, so that they can be undone: screens show them as done meanwhile (after.ts). Knows nothing of screens, and
// does not believe the tablet's clock: waits are counted by one that nobody sets, ages by the box's (ADR 0048).

import { Refusal } from '../lib/client'
import { boxClock, type Stamp } from '../lib/box-clock'
import type { Line } from '../lib/line'
import type { Person } from '../lib/session.svelte'
import type { Measure } from '../lib/types'
import { timeOf, uuidv7 } from '../lib/uuid'
import type { Shelf } from './shelf'

/** Something to be told to the box, with somebody's approval where it needs one. */
export type Deed = AnyDeed & { approval?: number }

type AnyDeed =
  | OrderDeed
  | ({ kind: 'serve' } & OfLine)
  | ({ kind: 'confirm' } & OfLine)
  | ({ kind: 'change'; line: Line; reason?: string } & OfLine)
  | ({ kind: 'remove'; reason: string } & OfLine)
  | ({ kind: 'put'; /** 0: as it is ready */ course?: number; /** 0: for the table */ seat?: number } & OfLine)
  | ({ kind: 'fire' } & OfCourse)
  | ({ kind: 'hold' } & OfCourse)
  | CancelDeed
  | { kind: 'seat'; tableId: number; name: string; guests: number }
  | { kind: 'guests'; orderId: number; name: string; guests: number }
  | {
      kind: 'move'
      orderId: number
      name: string
      tableId: number
      /** of the table */
      to: string
      /** null: the whole order */
      items: { id: number; quantity: number }[] | null
    }

interface OfLine {
  orderId: number
  itemId: number
  /** the dish, for what is said of it */
  name: string
  quantity: number
  unit?: Measure | null
}

/** A course goes to the kitchen, or is held again. */
interface OfCourse {
  orderId: number
  /** of the table, for what is said of it */
  name: string
  course: number
  itemIds: number[]
}

/** The whole order is called off. */
export interface CancelDeed {
  kind: 'cancel'
  orderId: number
  name: string
  reason: string
  /** the sum that was seen: with another one it is another order */
  total: string
}

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
  | { at: 'table'; tableId: number; name: string }
  | { at: 'order'; orderId: number; number: number }
  | { at: 'takeaway' }

export interface Entry extends Stamp {
  /** its idempotency key too */
  key: string
  /** what was tapped together is undone together */
  group: string
  by: Person
  /** how long it can be undone, ms; 0: it cannot (any more), and goes */
  hold: number
  deed: Deed
  /** when it was tapped, by the box's time, as every attempt says it; null or none where nobody can tell */
  at?: string | null
  /** why the box has said no; a person decides then */
  refused: { status: number; code: string; detail: string; params: Record<string, unknown> } | null
}

export interface OutboxHooks {
  /** tells the box; throws a Refusal */
  perform: (entry: Entry) => Promise<void>
  onDone: (entry: Entry) => void
  onRefused: (entry: Entry, refusal: Refusal) => void
  /** what can be undone was made, or was found on the device by a new page; it can be undone for UNDO_FOR from now */
  onHeld: (group: string, deeds: Deed[]) => void
  /** it cannot be undone any more */
  onReleased: (group: string) => void
  /** who is signed in: keys are good only with the one who made them */
  me: () => Person | null
}

/** How long a tap can be undone, ms. */
export const UNDO_FOR = 5_000
const RETRY = 3_000
/** Nobody waits any more for what is older than this (ms): a person decides. The box knows its key for longer. */
const TOO_OLD = 12 * 3_600_000

/** Entries are sent in the order of their keys, also by a later page and after the tablet's clock was set back. */
function nextKey(before: Entry[]): string {
  const last = before.reduce((latest, { key }) => (key > latest ? key : latest), '')
  const fresh = uuidv7()
  return fresh > last ? fresh : uuidv7(timeOf(last) + 1)
}

/** A stamp as the box reads it; null while it is no more than a guess. */
const toldTime = ({ madeAt, tick }: Stamp): string | null => (tick || madeAt === 0 ? null : new Date(madeAt).toISOString())

export class Outbox {
  entries = $state.raw<Entry[]>([])
  /** the device could not keep something: it lives only as long as this page */
  unkept = $state(false)
  #shelf: Shelf<Entry>
  #hooks: OutboxHooks
  /** until when what is held is held, by the page's clock */
  #until = new Map<string, number>()
  #sending: string | null = null
  #running: Promise<void> | null = null
  #timer: ReturnType<typeof setTimeout> | undefined
  #opened = false

  constructor(shelf: Shelf<Entry>, hooks: OutboxHooks) {
    this.#shelf = shelf
    this.#hooks = hooks
  }

  /** Takes up what an earlier page left; `pump` goes on sending it. What could be undone then can be undone again. */
  async open(): Promise<void> {
    try {
      const kept = await this.#shelf.all()
      const here = new Set(this.entries.map((entry) => entry.key))
      const found = kept.filter((entry) => !here.has(entry.key))
      this.entries = [...found, ...this.entries].sort((a, b) => a.key.localeCompare(b.key))
      this.#hold(found.filter((entry) => entry.hold > 0 && entry.by.id === this.#hooks.me()?.id))
    } catch {
      this.unkept = true
    }
    this.#opened = true
  }

  /** Puts deeds on the shelf and sends them, after `hold` ms. */
  async add(by: Person, deeds: Deed[], hold = 0): Promise<void> {
    const group = uuidv7()
    const stamp = boxClock.stamp()
    const entries: Entry[] = []
    for (const deed of deeds) {
      const key = nextKey([...this.entries, ...entries])
      entries.push({ key, group, by, ...stamp, hold, deed, at: toldTime(stamp), refused: null })
    }
    this.entries = [...this.entries, ...entries]
    if (hold > 0) this.#hold(entries)
    // First on the disk, then on the wire.
    for (const entry of entries) await this.#keep(entry)
    void this.pump()
  }

  /** Takes back what is still held. */
  undo(group: string): void {
    for (const entry of this.entries) if (entry.group === group && this.#isHeld(entry)) this.#forget(entry)
  }

  /** A person gives an entry up. */
  drop(entry: Entry): void {
    if (entry.key !== this.#sending) this.#forget(entry)
  }

  /** What is held goes now: the person leaves, or looks at a bill. Done when all was tried once. */
  async flush(): Promise<void> {
    const me = this.#hooks.me()
    for (const entry of this.entries) if (entry.hold > 0 && entry.by.id === me?.id) await this.#release(entry)
    // A run that had begun before may have passed by what was held then.
    await this.#running
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

  #hold(entries: Entry[]): void {
    const until = performance.now() + UNDO_FOR
    for (const { key } of entries) this.#until.set(key, until)
    for (const group of new Set(entries.map((entry) => entry.group))) {
      this.#hooks.onHeld(group, entries.filter((entry) => entry.group === group).map(({ deed }) => deed))
    }
  }

  #isHeld(entry: Entry): boolean {
    return entry.hold > 0 && performance.now() < (this.#until.get(entry.key) ?? 0)
  }

  /** From here on it is not to be undone: the box may hear of it at any moment. */
  async #release(entry: Entry): Promise<Entry> {
    if (entry.hold === 0) return entry
    const released = { ...entry, hold: 0 }
    this.entries = this.entries.map((e) => (e.key === entry.key ? released : e))
    this.#until.delete(entry.key)
    this.#hooks.onReleased(entry.group)
    await this.#keep(released)
    return released
  }

  async #sendDue(): Promise<void> {
    const tried = new Set<string>()
    for (;;) {
      const entry = this.#waiting().find((e) => !this.#isHeld(e) && !tried.has(e.key))
      if (!entry) return
      tried.add(entry.key)
      const answer = await this.#send(await this.#release(entry))
      if (answer === 'silence') return
    }
  }

  async #send(entry: Entry): Promise<'answered' | 'silence'> {
    // Without the box's word on the time nobody knows whether it is too old: the word is part of every greeting.
    if (boxClock.now() === null) return 'silence'
    if ((boxClock.ageOf(entry) ?? 0) > TOO_OLD) {
      await this.#refuse(entry, new Refusal(400, 'too_old', ''))
      return 'answered'
    }
    const dated = await this.#date(entry)
    this.#sending = entry.key
    try {
      await this.#hooks.perform(dated)
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

  /** What was tapped before the box's first word gets its time with it, once: each attempt says the same. */
  async #date(entry: Entry): Promise<Entry> {
    if (entry.at !== null) return entry
    const stamp = boxClock.known(entry)
    const dated = { ...entry, ...stamp, at: toldTime(stamp) }
    if (dated.at === null) return entry
    this.entries = this.entries.map((e) => (e.key === entry.key ? dated : e))
    await this.#keep(dated)
    return dated
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
    const next = Math.min(...waiting.map((entry) => this.#until.get(entry.key) ?? 0)) - performance.now()
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
    this.#until.delete(entry.key)
    this.entries = this.entries.filter((e) => e.key !== entry.key)
    this.#shelf.remove(entry.key).catch(() => (this.unkept = true))
  }
}
