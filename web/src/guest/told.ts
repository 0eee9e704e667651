// What a guest reads of a dish with what was chosen. Pure.

import type { Answer } from '../lib/modifiers/said'
import type { Dish } from '../lib/types'

type Chosen = Pick<Answer, 'energy' | 'allergens'> | undefined

/** The energy of a dish in this size as it was chosen, kcal; nothing where the dish's own is not said. Of a combo all is in
 * its parts. */
export function energyWith(dish: Dish, variationId: number | undefined, chosen: Chosen): number | null {
  const own = dish.variations.find(({ id }) => id === variationId)?.calories ?? dish.calories ?? (dish.combo ? 0 : null)
  return own === null ? null : own + (chosen?.energy ?? 0)
}

/** What somebody may have to avoid: of the dish, then of what was chosen, each once. */
export function allergensWith(dish: Dish, chosen: Chosen): Dish['allergens'] {
  const more = (chosen?.allergens ?? []).filter(({ id }) => !dish.allergens.some((one) => one.id === id))
  return [...dish.allergens, ...more]
}
