// What the waiter has chosen and not sent, table by table. It outlives a reload, like everything typed here.

import { isLine, isSame as isAlike, MOST_OF_ONE, type Line } from '../lib/line'
import { lasting, recall, remember } from '../lib/storage'
import { withOne } from './courses'
import { portionsOf } from './floor'

interface Draft {
  lines: Line[]
  /** the course of what is chosen next; null: the usual one of each dish */
  course: number | null
  /** whose is what is chosen next; 0: the table's */
  seat: number
  /** for the kitchen, about the whole order */
  note: string
  /** who fetches it; "" at a table */
  customer: string
  /** it is brought to an address */
  isDelivery: boolean
  phone: string
  address: string
  /** when it was last touched, ms */
  at: number
}

const KEY = 'qres.waiter.drafts.'
/** Older than this (ms), a draft belongs to guests who have gone. */
const KEEP = 12 * 3_600_000

const isDraft = (value: unknown): value is Draft => {
  const draft = value as Draft
  return (
    Array.isArray(draft?.lines) &&
    draft.lines.every(isLine) &&
    typeof draft.note === 'string' &&
    typeof draft.customer === 'string' &&
    Date.now() - draft.at < KEEP
  )
}
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

const isSame = (a: Line, b: Line): boolean => isAlike(a, b) && a.course === b.course && a.seat === b.seat

const EMPTY: Draft = { lines: [], course: null, seat: 0, note: '', customer: '', isDelivery: false, phone: '', address: '', at: 0 }

export class Drafts {
  #all = $state.raw<Record<string, Draft>>({})

  #key: string

  /** Each person has drafts of his own on the device. */
  constructor(personId: number) {
    this.#key = KEY + personId
    const kept = recall(lasting, this.#key, isObject) ?? {}
    const drafts = Object.entries(kept).filter((e): e is [string, Draft] => isDraft(e[1]))
    this.#all = Object.fromEntries(drafts.map(([place, draft]) => [place, { ...EMPTY, ...draft }]))
  }

  of(place: string): Draft {
    return this.#all[place] ?? EMPTY
  }

  has(place: string, line: Line): boolean {
    return this.of(place).lines.some((one) => isSame(one, line))
  }

  count(place: string): number {
    return portionsOf(this.of(place).lines)
  }

  add(place: string, line: Line): void {
    this.#set(place, { lines: withOne(this.of(place).lines, line) })
  }

  addAll(place: string, lines: Line[]): void {
    this.#set(place, { lines: lines.reduce(withOne, this.of(place).lines) })
  }

  /** One of a line that was just added becomes another, with a wish or options of its own. */
  exchangeOne(place: string, was: Line, now: Line): void {
    if (!this.has(place, was)) return
    const rest = this.of(place)
      .lines.map((line) => (isSame(line, was) ? { ...line, quantity: line.quantity - 1 } : line))
      .filter((line) => line.quantity > 0)
    this.#set(place, { lines: withOne(rest, now) })
  }

  /** Puts a changed line in the place of the old one; quantity 0 takes it out. */
  change(place: string, old: Line, now: Line): void {
    const quantity = Math.min(MOST_OF_ONE, now.quantity)
    const lines = this.of(place).lines.map((line) => (line === old ? { ...now, quantity } : line))
    this.#set(place, { lines: lines.filter((line) => line.quantity > 0) })
  }

  say(place: string, words: Partial<Omit<Draft, 'lines' | 'at'>>): void {
    this.#set(place, words)
  }

  clear(place: string): void {
    this.#set(place, EMPTY)
  }

  #set(place: string, changes: Partial<Draft>): void {
    const { [place]: _, ...others } = this.#all
    const draft = { ...this.of(place), ...changes, at: Date.now() }
    const isEmpty = draft.lines.length === 0 && draft.course === null && draft.seat === 0 && draft.note === '' && draft.customer === '' && !draft.isDelivery
    this.#all = isEmpty ? others : { ...others, [place]: draft }
    remember(lasting, this.#key, this.#all)
  }
}
