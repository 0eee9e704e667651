// What is off the menu and what is on it, and the switch between the two.

import { box, Refusal } from './client'
import { coalesced } from './refetch'
import type { Dish, SoldOutDish } from './types'

interface Named {
  id: number
  name: string
  translations: Dish['translations']
}

/** A dish, or one of its variations. */
export interface Thing {
  dish: Named
  variation?: Named
}

interface Hooks {
  onRefused: (thing: Thing, refusal: Refusal) => void
  onSwitched: (thing: Thing, isOn: boolean) => void
}

export class SoldOut {
  /** dishes that are sold now */
  sold = $state.raw<Dish[]>([])
  #dishes = $state.raw<SoldOutDish[]>([])
  #token: string
  #hooks: Hooks

  constructor(token: string, hooks: Hooks) {
    this.#token = token
    this.#hooks = hooks
  }

  off = $derived(
    this.#dishes.flatMap((dish): (Thing & { key: string })[] => [
      ...(dish.is_available ? [] : [{ key: `${dish.id}`, dish }]),
      ...dish.variations.map((variation) => ({ key: `${dish.id}.${variation.id}`, dish, variation })),
    ]),
  )

  /** Fails silently: the next event or opening loads again. */
  load = coalesced(async () => {
    const [menu, off] = await Promise.all([box.menu(), box.soldOut(this.#token)]).catch(() => [null, null])
    if (!menu || !off) return
    this.sold = menu.categories.flatMap((category) => category.dishes)
    this.#dishes = off.dishes
  })

  async offer(thing: Thing, isOn: boolean): Promise<void> {
    const { dish, variation } = thing
    try {
      if (variation) await box.offerVariation(this.#token, dish.id, variation.id, isOn)
      else await box.offerDish(this.#token, dish.id, isOn)
      this.#hooks.onSwitched(thing, isOn)
    } catch (error) {
      this.#hooks.onRefused(thing, error instanceof Refusal ? error : new Refusal(0, 'unknown', String(error)))
    }
    await this.load()
  }
}
