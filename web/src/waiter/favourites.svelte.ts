// What one waiter takes again and again: the dishes that they have starred, and what they ordered last. Kept on the device.

import type { Line } from '../lib/line'
import { lasting, recall, remember } from '../lib/storage'

export interface Choice {
  dishId: number
  variationId: number
}

/** The word that tablets have kept them under. */
const KEY = 'qres.waiter.habits.'
/** More than this is no shortcut any more. */
const MOST = 24

const isNumber = (value: unknown): value is number => Number.isInteger(value)
const isChoice = (value: unknown): value is Choice => {
  const choice = value as Choice
  return isNumber(choice?.dishId) && isNumber(choice.variationId)
}

interface Kept {
  starred: number[]
  last: Choice[]
}
const isKept = (value: unknown): value is Kept => {
  const kept = value as Kept
  return Array.isArray(kept?.starred) && kept.starred.every(isNumber) && Array.isArray(kept.last) && kept.last.every(isChoice)
}

export class Favourites {
  /** dishes by id, in the order in which they were starred */
  starred = $state.raw<number[]>([])
  /** dishes with their sizes, the newest first */
  last = $state.raw<Choice[]>([])
  #key: string

  constructor(personId: number) {
    this.#key = KEY + personId
    const kept = recall(lasting, this.#key, isKept)
    if (kept) Object.assign(this, { starred: kept.starred, last: kept.last })
  }

  toggle(dishId: number): void {
    const others = this.starred.filter((id) => id !== dishId)
    this.starred = others.length < this.starred.length ? others : [...others, dishId].slice(-MOST)
    this.#keep()
  }

  /** These lines went to the kitchen. */
  ordered(lines: Line[]): void {
    const fresh = lines.map(({ dishId, variationId }) => ({ dishId, variationId })).reverse()
    const isFresh = (choice: Choice): boolean => fresh.some(({ variationId }) => variationId === choice.variationId)
    this.last = [...fresh, ...this.last.filter((choice) => !isFresh(choice))].slice(0, MOST)
    this.#keep()
  }

  #keep(): void {
    remember(lasting, this.#key, { starred: this.starred, last: this.last })
  }
}
