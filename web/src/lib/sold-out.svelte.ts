// What is off the menu and what is on it, the switch between the two, and how many portions are left of what is counted.

import { box, Refusal } from './client'
import { coalesced } from './refetch'
import type { Dish, SoldOutDish, StopListEntry, WholeGroup } from './types'

interface Named {
  id: number
  name: string
  translations: Dish['translations']
}

/** A dish or one of its variations, or an option of a group. */
export type Thing = { dish: Named; variation?: Named } | { group: Named; option: Named }

/** What it is called, the larger first. */
export const namesOf = (thing: Thing): Named[] =>
  'group' in thing ? [thing.group, thing.option] : [thing.dish, ...(thing.variation ? [thing.variation] : [])]

interface Hooks {
  onRefused: (thing: Thing, refusal: Refusal) => void
  onSwitched: (thing: Thing, isOn: boolean) => void
}

export class SoldOut {
  /** dishes that are sold now */
  sold = $state.raw<Dish[]>([])
  #dishes = $state.raw<SoldOutDish[]>([])
  #groups = $state.raw<WholeGroup[]>([])
  /** the groups of options with what can be had of each */
  groups = $derived(
    this.#groups
      .map((group) => ({ ...group, options: group.options.filter(({ is_available }) => is_available) }))
      .filter(({ options }) => options.length > 0),
  )
  /** sizes of which somebody counts the portions, or whose goods on the shelf say how many they make */
  counted = $state.raw<StopListEntry[]>([])
  #token: string
  #hooks: Hooks

  constructor(token: string, hooks: Hooks) {
    this.#token = token
    this.#hooks = hooks
  }

  off = $derived<(Thing & { key: string })[]>([
    ...this.#dishes.flatMap((dish) => [
      ...(dish.is_available ? [] : [{ key: `${dish.id}`, dish }]),
      ...dish.variations.map((variation) => ({ key: `${dish.id}.${variation.id}`, dish, variation })),
    ]),
    ...this.#groups.flatMap((group) =>
      group.options.filter(({ is_available }) => !is_available).map((option) => ({ key: `o${option.id}`, group, option })),
    ),
  ])

  /** Fails silently: the next event or opening loads again. */
  load = coalesced(async () => {
    const all = Promise.all([box.menu(), box.soldOut(this.#token), this.#everyGroup(), box.stopList(this.#token)])
    const [menu, off, groups, list] = await all.catch(() => [null, null, null, null])
    if (!menu || !off || !groups || !list) return
    this.counted = list.entries.filter(({ countdown, goods }) => countdown != null || goods != null)
    this.#groups = groups
    this.sold = menu.categories.flatMap((category) => category.dishes)
    this.#dishes = off.dishes
  })

  async #everyGroup(): Promise<WholeGroup[]> {
    const groups: WholeGroup[] = []
    for (;;) {
      const page = await box.modifierGroups(this.#token, groups.length)
      groups.push(...page.groups)
      if (page.groups.length === 0 || groups.length >= page.total) return groups
    }
  }

  /** So many portions are left; null: nobody counts any more. */
  async count(thing: { dish: Named; variation: Named }, left: number | null): Promise<void> {
    await this.#ask(thing, () => box.countPortions(this.#token, thing.variation.id, left))
  }

  async offer(thing: Thing, isOn: boolean): Promise<void> {
    await this.#ask(thing, async () => {
      if ('group' in thing) await box.offerOption(this.#token, thing.group.id, thing.option.id, isOn)
      else if (thing.variation) await box.offerVariation(this.#token, thing.dish.id, thing.variation.id, isOn)
      else await box.offerDish(this.#token, thing.dish.id, isOn)
      this.#hooks.onSwitched(thing, isOn)
    })
  }

  async #ask(thing: Thing, deed: () => Promise<unknown>): Promise<void> {
    try {
      await deed()
    } catch (error) {
      this.#hooks.onRefused(thing, error instanceof Refusal ? error : new Refusal(0, 'unknown', String(error)))
    }
    await this.load()
  }
}
