// Saving a combo: the dish with its price, then its parts. Each request is remembered, so that a save that broke off goes
// on where it was.

import { Refusal } from '../../../lib/http'
import type { WholeDish } from '../../../lib/types'
import { addDish, addSize, changeDish, changeSize, setCombo } from '../api'
import { ofMoney, plain } from '../numerals'
import { toBox } from '../texts'
import { comboBody, wrongIn, type ComboDraft } from './draft'

export interface Saved {
  /** the dish, once the box knows it */
  id: number | null
  /** its only size; null: it has several, or none yet */
  size: number | null
}

export const hasOneSize = (dish: WholeDish | null): boolean => !dish || dish.variations.length <= 1

export const savedOf = (dish: WholeDish | null): Saved => ({
  id: dish?.id ?? null,
  size: dish && hasOneSize(dish) ? (dish.variations[0]?.id ?? null) : null,
})

/** `place`: where a new one stands in its section; `portion`: what its size is called. */
export async function saveCombo(draft: ComboDraft, saved: Saved, oneSize: boolean, place: number, portion: string, digits: number): Promise<void> {
  const wrong = wrongIn(draft, oneSize, digits)
  if (wrong.length > 0) throw new Refusal(422, 'invalid', '', {}, wrong)
  const body = { name: draft.name.trim(), category_id: draft.category_id, translations: toBox(draft.texts) }
  // Not on the menu before it has a price and parts.
  if (saved.id === null) saved.id = (await addDish({ ...body, description: '', department: 'hot', sort_order: place, is_popular: false, is_available: false, ingredient_ids: [] })).id
  else await changeDish(saved.id, body)
  const price = plain(draft.price, ofMoney(digits)) ?? '0'
  if (saved.size !== null) await changeSize(saved.id, saved.size, { price })
  else if (oneSize) saved.size = (await addSize(saved.id, { name: portion, price, unit: 'piece', is_default: true, is_available: true, sort_order: 0, translations: {} })).id
  await setCombo(saved.id, comboBody(draft, digits))
  await changeDish(saved.id, { is_available: draft.is_available })
}
