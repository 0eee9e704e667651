// A line that was chosen and is not ordered yet: in a guest's basket or in a waiter's draft.

import { findChoice } from './menu'
import type { ComboChoice, Measure, Menu, ModifierChoice, OrderItemRequest } from './types'

export interface Line {
  dishId: number
  variationId: number
  /** as the person read it: a dish that leaves the menu can still be named */
  name: string
  /** pieces, or kilograms and litres of what has a unit */
  quantity: number
  unit?: Measure | undefined
  comment: string
  /** the course with which it is served; 0: as it is ready; left out: its dish's usual one */
  course?: number | undefined
  /** whose it is, by the number of the seat; left out: the table's */
  seat?: number | undefined
  /** the options chosen with it; left out: as it comes */
  modifiers?: ModifierChoice[] | undefined
  /** of a combo: what is chosen of each part */
  combo?: ComboChoice[] | undefined
  /** what they add to the price of one (minor units), and how they were read */
  adds?: number | undefined
  said?: string | undefined
  /** what one cost on the screen from which it was sent */
  shown?: string | undefined
}

export const MOST_OF_ONE = 50
export const LONGEST_COMMENT = 500

const isNumber = (value: unknown): value is number => Number.isInteger(value)

export const isLine = (value: unknown): value is Line => {
  const line = value as Line
  return (
    isNumber(line?.dishId) &&
    isNumber(line.variationId) &&
    line.quantity > 0 &&
    typeof line.name === 'string' &&
    typeof line.comment === 'string'
  )
}

const chosenOf = ({ modifiers, combo }: Line): string => JSON.stringify([modifiers, combo])

/** Two lines of one choice: one with a wish or an option of its own is another, and what is weighed stands by itself. */
export const isSame = (a: Line, b: Line): boolean =>
  !a.unit && a.variationId === b.variationId && a.comment === b.comment && chosenOf(a) === chosenOf(b)

/** The lines with one more: the same choice with the same wish counts up; what is weighed stands by itself. */
export function withLine(lines: Line[], added: Line): Line[] {
  const one = { ...added, comment: added.comment.trim().slice(0, LONGEST_COMMENT) }
  if (!lines.some((line) => isSame(line, one))) return [...lines, one]
  return lines.map((line) =>
    isSame(line, one) ? { ...line, quantity: Math.min(MOST_OF_ONE, line.quantity + added.quantity) } : line,
  )
}

/** The lines as the box wants them; with what the menu says of their prices, where the person saw one. */
export function requestOf(lines: Line[], menu?: Menu | null): OrderItemRequest[] {
  return lines.map((line) => ({
    dish_id: line.dishId,
    dish_variation_id: line.variationId,
    quantity: line.quantity,
    comment: line.comment || null,
    ...(menu && { menu_price: findChoice(menu, line.dishId, line.variationId)?.variation.price ?? null }),
    ...(line.modifiers && { modifiers: line.modifiers }),
    ...(line.combo && { combo: line.combo }),
    ...(line.shown && { shown_price: line.shown }),
  }))
}
