// What a line of the order is called: while its dish is still on the menu, as the guest reads it, else as it was then.

import { language, nameOf } from '../lib/i18n/language.svelte'
import { findChoice, findDish } from '../lib/menu'
import type { GuestOrderItem, LineCombo, Menu } from '../lib/types'

export function namesOf(menu: Menu | null, item: GuestOrderItem): { dish: string; size: string } {
  const choice = menu && findChoice(menu, item.dish_id, item.dish_variation_id ?? 0)
  if (!choice) return { dish: item.dish_name, size: item.variation_name ?? '' }
  return {
    dish: nameOf(choice.dish, language.current),
    size: choice.dish.variations.length > 1 ? nameOf(choice.variation, language.current) : '',
  }
}

export function nameOfCombo(menu: Menu | null, { dish_id, name }: LineCombo): string {
  const dish = menu && findDish(menu, dish_id)
  return dish ? nameOf(dish, language.current) : name
}
