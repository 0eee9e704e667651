// What a guest needs only after the first touch: it comes with that, and reading the menu weighs nothing of it.

import { findDish } from '../lib/menu'
import { answerFor } from '../lib/combos/choose'
import type { Line } from '../lib/line'
import type { Menu } from '../lib/types'

export { default as BasketSheet } from './BasketSheet.svelte'
export { default as Choosing } from './Choosing.svelte'
export { default as VisitSummary } from './VisitSummary.svelte'

/** What the options of a line cost and are called on the menu of now. */
export function reviewed(line: Line, menu: Menu, digits: number): Pick<Line, 'adds' | 'said'> | null {
  const dish = findDish(menu, line.dishId)
  // The parts of a combo are not in the first reply.
  if (!dish || !(line.modifiers ?? line.combo) || dish.combo?.length === 0) return null
  const { adds, said } = answerFor(menu, dish, line, digits)
  return { adds, said }
}
