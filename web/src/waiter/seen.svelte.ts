// Which ready dishes somebody has seen at this device. One that is called back and made again is news again.

import { lasting, recall, remember } from '../lib/storage'
import type { ToldLine } from '../lib/order-events'

type Ready = Pick<ToldLine, 'id' | 'ready_at'>

const KEY = 'qres.waiter.seen'
const areWords = (value: unknown): value is string[] => Array.isArray(value) && value.every((word) => typeof word === 'string')
const wordOf = (line: Ready): string => `${line.id} ${line.ready_at ?? ''}`

export class Seen {
  #words = $state.raw(new Set<string>(recall(lasting, KEY, areWords) ?? []))

  has(line: Ready): boolean {
    return this.#words.has(wordOf(line))
  }

  /** `all`: every line that is ready now; what was seen before and is gone is forgotten. */
  add(lines: Ready[], all: Ready[]): void {
    const current = new Set(all.map(wordOf))
    const kept = [...this.#words].filter((word) => current.has(word))
    this.#words = new Set([...kept, ...lines.map(wordOf)])
    remember(lasting, KEY, [...this.#words])
  }
}
