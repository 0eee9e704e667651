// A day of the book as it is known here: read when it opens, and again when something happened.

import { Refusal } from '../http'
import { Once } from '../once'
import { coalesced } from '../refetch'
import { sentenceFor } from '../refusal'
import { BookCalls, type BookedDay, type BookingTimes, type Changes, type Reservation, type Rules, type StepBody, type Table } from './api'
import { weekOf } from './day'
import { words } from './messages/words'

/** What was read of a day. */
interface Read {
  reservations: Reservation[]
  week: BookedDay[]
  times: BookingTimes
  tables: Table[]
  rules: Rules
}

/** So many days are remembered, so that the book can be read where there is no link: for who signed in, and in memory. */
const REMEMBERED = 8
const seen: { token: string; days: Map<string, Read> } = { token: '', days: new Map() }

function rememberDay(token: string, day: string, read: Read): void {
  if (seen.token !== token) [seen.token, seen.days] = [token, new Map()]
  seen.days.delete(day)
  seen.days.set(day, read)
  for (const oldest of [...seen.days.keys()].slice(0, -REMEMBERED)) seen.days.delete(oldest)
}

const seenDay = (token: string, day: string): Read | undefined => (seen.token === token ? seen.days.get(day) : undefined)

export class Book {
  day = $state('')
  reservations = $state.raw<Reservation[] | null>(null)
  week = $state.raw<BookedDay[]>([])
  times = $state.raw<BookingTimes | null>(null)
  tables = $state.raw<Table[]>([])
  rules = $state.raw<Rules | null>(null)
  /** why the last load failed: what is shown may be old */
  failed = $state('')
  /** why the last deed was refused */
  refusal = $state.raw<Refusal | null>(null)
  busy = $state(false)
  readonly calls: BookCalls
  readonly load: () => Promise<void>
  #once = new Once()
  #onEnded: (refusal: Refusal) => void
  #token: string

  /** `onEnded` hears of refusals that end the sign-in. */
  constructor(token: string, day: string, onEnded: (refusal: Refusal) => void = () => {}) {
    this.calls = new BookCalls(token)
    this.#token = token
    this.day = day
    Object.assign(this, seenDay(token, day))
    this.#onEnded = onEnded
    this.load = coalesced(() => this.#load())
  }

  async #load(): Promise<void> {
    const day = this.day
    const days = weekOf(day)
    try {
      const [reservations, week, times, tables, rules] = await Promise.all([
        this.calls.day(day),
        this.calls.days(days[0]!, days[6]!),
        this.calls.free(day, 2),
        this.calls.tables(),
        this.calls.rules(),
      ])
      const read = { reservations, times, tables, rules, week: week.days }
      rememberDay(this.#token, day, read)
      if (day === this.day) Object.assign(this, read, { failed: '' })
    } catch (error) {
      this.failed = this.#sentence(error)
    }
  }

  /** Shows another day. */
  open(day: string): void {
    this.day = day
    this.reservations = null
    Object.assign(this, seenDay(this.#token, day))
    this.refusal = null
    void this.load()
  }

  #sentence(error: unknown): string {
    if (!(error instanceof Refusal)) throw error
    if (error.status === 401) this.#onEnded(error)
    return sentenceFor(error, words())
  }

  get why(): string {
    return this.refusal ? sentenceFor(this.refusal, words()) : ''
  }

  /** Does something under a key of its own. Returns what is so now; null where the box refused. */
  async #do(wish: unknown, deed: (key: string) => Promise<Reservation>): Promise<Reservation | null> {
    if (this.busy) return null
    this.busy = true
    this.refusal = null
    try {
      const done = await this.#once.ask(wish, deed)
      // It is done: what is read again keeps nobody from the next deed.
      this.busy = false
      await this.load()
      return done
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      if (error.status === 401) this.#onEnded(error)
      this.refusal = error
      // Somebody may have been faster: what stands here is looked at again.
      if (error.status === 409) void this.load()
      return null
    } finally {
      this.busy = false
    }
  }

  add(body: Parameters<BookCalls['add']>[1]) {
    return this.#do({ body }, (key) => this.calls.add(key, body))
  }

  block(body: Parameters<BookCalls['block']>[1]) {
    return this.#do({ block: body }, (key) => this.calls.block(key, body))
  }

  change(id: number, body: Changes) {
    return this.#do({ id, body }, (key) => this.calls.change(key, id, body))
  }

  step(id: number, body: StepBody) {
    return this.#do({ id, step: body }, (key) => this.calls.step(key, id, body))
  }
}
