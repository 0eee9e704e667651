// What a guest needs only after the first touch: it comes with that, and reading the menu weighs nothing of it.

import { findDish } from '../lib/menu'
import { answerOf } from '../lib/modifiers/said'
import type { Line } from '../lib/line'
import type { Menu } from '../lib/types'

export { default as BasketSheet } from './BasketSheet.svelte'
export { default as Choosing } from './Choosing.svelte'
export { default as Said } from '../lib/modifiers/Said.svelte'
export { paperPieces } from '../lib/modifiers/said'

/** What the options of a line cost and are called on the menu of now. */
export function reviewed({ dishId, modifiers }: Line, menu: Menu, digits: number): Pick<Line, 'adds' | 'said'> | null {
  const dish = findDish(menu, dishId)
  if (!dish || !modifiers) return null
  const { adds, said } = answerOf(menu, dish, modifiers, digits)
  return { adds, said }
}
