// Counts that lie on the device until the box has them: what is being written down at a place, and what waits for the
// link, each under a key of its own, so that however often it is sent it is posted once.

import { Refusal } from '../../lib/http'
import type { StockDocumentCreate } from '../../lib/types'
import { lasting, recall, remember } from '../../lib/storage'
import { uuidv7 } from '../../lib/uuid'

/** What was typed for a good, and when. */
export type Found = Record<number, { text: string; at: number }>

export interface WaitingCount {
  key: string
  body: StockDocumentCreate
  /** the box's no; null: it has not said anything yet */
  refused: string | null
}

const WAITING = 'qres.stock.counts'
const draftOf = (place: number): string => `qres.stock.count.${place}`

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
const isFound = (value: unknown): value is Found =>
  isObject(value) && Object.values(value).every((one) => isObject(one) && typeof one.text === 'string' && typeof one.at === 'number')
const isWaiting = (value: unknown): value is WaitingCount[] =>
  Array.isArray(value) && value.every((one) => isObject(one) && typeof one.key === 'string' && isObject(one.body))

/** What was written down at a place and not posted: the phone may have been locked, or the page closed. */
export const draftAt = (place: number): Found => recall(lasting, draftOf(place), isFound) ?? {}

export const keepDraft = (place: number, found: Found | null): void =>
  remember(lasting, draftOf(place), found && Object.keys(found).length > 0 ? found : null)

export class Counts {
  waiting = $state.raw<WaitingCount[]>(recall(lasting, WAITING, isWaiting) ?? [])
  #isSending = false

  constructor(private readonly post: (key: string, body: StockDocumentCreate) => Promise<unknown>) {}

  /** Keeps a count, and sends it. Tells whether the box has it. */
  async add(body: StockDocumentCreate): Promise<boolean> {
    const key = uuidv7()
    this.#set([...this.waiting, { key, body, refused: null }])
    await this.send()
    return !this.waiting.some((one) => one.key === key)
  }

  /** Sends what waits, the oldest first, until one does not come through. */
  async send(): Promise<void> {
    if (this.#isSending) return
    this.#isSending = true
    try {
      for (const one of this.waiting) {
        if (one.refused !== null) continue
        if (!(await this.#sendOne(one))) return
      }
    } finally {
      this.#isSending = false
    }
  }

  async #sendOne({ key, body }: WaitingCount): Promise<boolean> {
    try {
      await this.post(key, body)
      this.drop(key)
      return true
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      if (error.isOpen || error.status === 401) return false
      this.#set(this.waiting.map((one) => (one.key === key ? { ...one, refused: error.detail } : one)))
      return true
    }
  }

  /** One that the box refused is sent again as it is. */
  again(key: string): Promise<void> {
    this.#set(this.waiting.map((one) => (one.key === key ? { ...one, refused: null } : one)))
    return this.send()
  }

  drop(key: string): void {
    this.#set(this.waiting.filter((one) => one.key !== key))
  }

  #set(waiting: WaitingCount[]): void {
    this.waiting = waiting
    remember(lasting, WAITING, waiting.length > 0 ? waiting : null)
  }
}
