// A line that was ordered as a line to be ordered: to change it, or to have the same once more. Pure.

import type { Line } from '../lib/line'
import { comboAnswer } from '../lib/combos/choose'
import { defaultVariation, findDish } from '../lib/menu'
import { isAlike, usual } from '../lib/modifiers/choose'
import { answerOf, wrongWith } from '../lib/modifiers/said'
import type { ComboChoice, Menu, ModifierChoice, OrderItem } from '../lib/types'

const choicesOf = (item: OrderItem): ModifierChoice[] =>
  (item.modifiers ?? []).map(({ option_id, quantity, prefix, portion, under }) => ({
    option_id,
    ...(quantity > 1 && { quantity }),
    ...(prefix && { prefix }),
    ...(portion && { portion }),
    ...(under && { under }),
  }))

export function lineOf(item: OrderItem, menu: Menu | null, digits: number): Line {
  const dish = menu && findDish(menu, item.dish_id)
  const line: Line = {
    dishId: item.dish_id,
    variationId: item.dish_variation_id,
    name: item.dish_name,
    quantity: item.quantity,
    unit: item.unit ?? undefined,
    comment: item.comment ?? '',
    ...(item.course && { course: item.course }),
    ...(item.seat && { seat: item.seat }),
  }
  if (!menu || !dish?.modifier_groups) return line
  const { modifiers, adds, said } = answerOf(menu, dish, choicesOf(item), digits)
  return { ...line, modifiers, adds, said }
}

/** The same once more: null where it cannot be had now, or is weighed. */
export function againOf(item: OrderItem, menu: Menu | null, digits: number): Line | null {
  const dish = menu && findDish(menu, item.dish_id)
  if (!menu || !dish?.variations.some(({ id }) => id === item.dish_variation_id) || item.unit) return null
  return wrongWith(menu, dish, choicesOf(item)) ? null : lineOf(item, menu, digits)
}

/** A combo once more, by its lines: null where it, or something of it, cannot be had now. */
export function comboAgainOf(parts: OrderItem[], menu: Menu | null, digits: number): Line | null {
  const [first] = parts
  const dish = menu && first?.combo && findDish(menu, first.combo.dish_id)
  const size = dish && dish.variations.length === 1 ? defaultVariation(dish) : undefined
  if (!menu || !first || !dish?.combo || !size) return null
  const picks = parts.flatMap((item): ComboChoice[] => {
    const choices = dish.combo!.flatMap((part) => part.choices)
    const choice = choices.find(({ dish_variation_id }) => dish_variation_id === item.dish_variation_id)
    return choice ? [{ choice_id: choice.id, modifiers: choicesOf(item) }] : []
  })
  const answer = comboAnswer(menu, dish, picks, digits)
  if (answer.lack || picks.length < parts.length) return null
  const { combo, adds, said } = answer
  const isOfOne = parts.every(({ course }) => course === first.course)
  const own = { ...(isOfOne && first.course && { course: first.course }), ...(first.seat && { seat: first.seat }) }
  return { dishId: dish.id, variationId: size.id, name: dish.name, quantity: first.quantity, comment: '', combo, adds, said, ...own }
}

/** What a table drinks, for another round: what the bar makes and is not called off. */
export const roundOf = (items: OrderItem[], menu: Menu | null, digits: number): Line[] =>
  items
    .filter((item) => item.department === 'bar' && item.status !== 'CANCELLED')
    .flatMap((item) => againOf(item, menu, digits) ?? [])

/** A line as it is to be from now on: with its options where they are others than before. */
export function changeOf(item: OrderItem, now: Line, menu: Menu | null, digits: number): Line {
  const dish = menu && findDish(menu, item.dish_id)
  const isSame = !menu || !dish?.modifier_groups || isAlike(now.modifiers, lineOf(item, menu, digits).modifiers)
  return { ...now, modifiers: isSame ? undefined : (now.modifiers ?? usual(menu, dish)) }
}
