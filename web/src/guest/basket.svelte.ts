// What the guest has chosen and the order that is on its way. Both outlive a reload, and an order keeps its
// key until the box has said yes or no: however often it is sent, it happens once.

import { boxClock, type Stamp } from '../lib/box-clock'
import { Refusal } from '../lib/http'
import { isLine, MOST_OF_ONE, requestOf, withLine, type Line } from '../lib/line'
import { findChoice } from '../lib/menu'
import { lasting, recall, remember } from '../lib/storage'
import type { GuestOrder, GuestOrderRequest, Menu } from '../lib/types'
import { uuidv7 } from '../lib/uuid'

/** An order that was sent and not yet answered. */
export interface Pending extends Stamp {
  key: string
  body: GuestOrderRequest
}

/** Older than this (ms), nobody still waits for what was chosen here: it belongs to an earlier visit. */
const KEEP_LINES = 6 * 3600_000
/** Older than this (ms), an unanswered order is sent only when the guest says so. */
const SEND_UNASKED = 5 * 60_000

interface Kept extends Stamp {
  lines: Line[]
  pending: Pending | null
  gone?: string[]
}

const isKept = (value: unknown): value is Kept => {
  const kept = value as Kept
  return (
    typeof kept?.madeAt === 'number' &&
    Array.isArray(kept.lines) &&
    kept.lines.every(isLine) &&
    (kept.pending === null || (typeof kept.pending?.key === 'string' && Array.isArray(kept.pending.body?.items)))
  )
}

export class Basket {
  lines = $state<Line[]>([])
  pending = $state<Pending | null>(null)
  /** what ran out and was taken out of the basket, until the guest has seen it */
  gone = $state<string[]>([])
  /** a request is running now */
  sending = $state(false)
  /** why the box has not taken the order, until the next try or change */
  refusal = $state<Refusal | null>(null)
  #key: string
  /** when it was changed last */
  #changedAt: Stamp = boxClock.stamp()

  constructor(qrCode: string) {
    this.#key = `qres.basket.${qrCode}`
    const kept = recall(lasting, this.#key, isKept)
    if (!kept) return
    const { madeAt, tick } = kept
    this.#changedAt = { madeAt, tick }
    this.pending = kept.pending
    this.lines = kept.lines
    this.gone = kept.gone ?? []
  }

  /** The box has told the time: what an earlier visit chose is forgotten, and what was chosen before its word is dated. */
  hearTime(): void {
    const age = boxClock.ageOf(this.#changedAt)
    // Chosen on an earlier page that the box never spoke to: its age is anybody's guess, and a guest sees what is here.
    const isDated = this.#changedAt.tick === null
    if (isDated && age !== null && age >= KEEP_LINES) {
      this.lines = []
      this.gone = []
    }
    this.#changedAt = boxClock.known(this.#changedAt)
    if (this.pending) this.pending = { ...this.pending, ...boxClock.known(this.pending) }
    this.#write()
  }

  get count(): number {
    return this.lines.reduce((sum, line) => sum + line.quantity, 0)
  }

  /** While an order waits for its answer the basket stands still: a changed one would be another order. */
  get locked(): boolean {
    return this.pending !== null
  }

  get mayResend(): boolean {
    const age = this.pending && boxClock.ageOf(this.pending)
    return age !== null && !this.sending && age < SEND_UNASKED
  }

  countOf(dishId: number): number {
    return this.lines.reduce((sum, line) => (line.dishId === dishId ? sum + line.quantity : sum), 0)
  }

  add(line: Line): void {
    if (this.locked) return
    this.lines = withLine(this.lines, line)
    this.#changed()
  }

  /** A line takes the place of another. */
  exchange(was: Line, now: Line): void {
    if (this.locked) return
    this.lines = withLine(this.lines.filter((line) => line !== was), now)
    this.#changed()
  }

  /** What is said of a line follows the menu; `look`: null where that has nothing to say. */
  review(look: (line: Line) => Partial<Line> | null): void {
    if (this.locked) return
    for (const line of this.lines) Object.assign(line, look(line))
    this.#write()
  }

  setQuantity(line: Line, quantity: number): void {
    if (this.locked) return
    if (quantity < 1) this.lines = this.lines.filter((l) => l !== line)
    else line.quantity = Math.min(MOST_OF_ONE, quantity)
    this.#changed()
  }

  /** Takes out what the menu no longer offers. Returns what that was. */
  removeGone(menu: Menu): string[] {
    if (this.locked) return []
    const isGone = (line: Line) => !findChoice(menu, line.dishId, line.variationId)
    const names = this.lines.filter(isGone).map((line) => line.name)
    if (names.length === 0) return names
    this.lines = this.lines.filter((line) => !isGone(line))
    this.gone = [...new Set([...this.gone, ...names])]
    this.#save()
    return names
  }

  /** The guest has read what ran out. */
  seenGone(): void {
    this.gone = []
    this.#changed()
  }

  /** Sends the basket, at the prices of the menu that the guest sees, or again the order that has no answer yet. The order when the box has taken it, else null. */
  async send(
    place: (key: string, body: GuestOrderRequest) => Promise<GuestOrder>,
    menu: Menu | null = null,
    shown: (line: Line) => string | undefined = () => undefined,
  ): Promise<GuestOrder | null> {
    if (this.sending || (!this.pending && this.lines.length === 0)) return null
    this.pending ??= { key: uuidv7(), ...boxClock.stamp(), body: { items: requestOf(this.lines.map((line) => ({ ...line, shown: shown(line) })), menu) } }
    this.sending = true
    this.refusal = null
    this.#save()
    try {
      const order = await place(this.pending.key, $state.snapshot(this.pending.body))
      this.pending = null
      this.lines = []
      this.gone = []
      return order
    } catch (error) {
      this.refusal = error instanceof Refusal ? error : new Refusal(0, 'unknown', String(error))
      if (!this.refusal.isOpen) this.pending = null
      return null
    } finally {
      this.sending = false
      this.#save()
    }
  }

  /** The guest gives an unanswered order up; what was chosen stays. */
  discard(): void {
    if (this.sending) return
    this.pending = null
    this.#changed()
  }

  #changed(): void {
    this.refusal = null
    this.#save()
  }

  #save(): void {
    this.#changedAt = boxClock.stamp()
    this.#write()
  }

  #write(): void {
    const { lines, pending, gone } = this
    const isEmpty = lines.length === 0 && !pending && gone.length === 0
    const kept: Kept = { ...this.#changedAt, lines, pending, gone }
    remember(lasting, this.#key, isEmpty ? null : kept)
  }
}
