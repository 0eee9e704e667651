// What can be chosen with a dish, what it adds to the price, and what is still asked. Pure. The box reckons the same
// (src/features/menu/modifiers/) and has the last word.

import { toMinor } from '../money'
import type { Dish, Menu, ModifierChoice, ModifierGroup, ModifierOption, ModifierPrefix } from '../types'

/** A group where it is asked: by the dish, or by a chosen option. */
export interface Asked {
  group: ModifierGroup
  min: number
  max: number
  /** the option that asks for it */
  under?: number
}

export type Half = 1 | 2

export const HALVES: readonly Half[] = [1, 2]

export const howMany = (choice: ModifierChoice): number => choice.quantity ?? 1

const groupOf = (menu: Menu, id: number | null | undefined): ModifierGroup | undefined =>
  menu.modifier_groups?.find((group) => group.id === id)

/** The groups that a dish asks for, in their order. */
export const groupsOf = (menu: Menu, dish: Dish): Asked[] =>
  (dish.modifier_groups ?? []).flatMap(({ group_id, min, max }) => {
    const group = groupOf(menu, group_id)
    return group ? [{ group, min, max }] : []
  })

/** The group that an option asks for once it is chosen. */
export function nestedOf(menu: Menu, option: ModifierOption): Asked | null {
  const group = groupOf(menu, option.nested_group_id)
  return group ? { group, min: group.min, max: group.max, under: option.id } : null
}

/** All that is asked with these choices: nested groups stand behind the one whose option asks for them. */
export function asked(menu: Menu, dish: Dish, choices: readonly ModifierChoice[]): Asked[] {
  return groupsOf(menu, dish).flatMap((place) => {
    const taken = place.group.options.filter((option) => choices.some((one) => isOf(one, place, option) && one.prefix !== 'NO'))
    return [place, ...taken.flatMap((option) => nestedOf(menu, option) ?? [])]
  })
}

const isOf = (choice: ModifierChoice, { under }: Asked, option: ModifierOption): boolean =>
  choice.option_id === option.id && (choice.under ?? undefined) === under

/** What is chosen of a group. */
export const picksOf = (place: Asked, choices: readonly ModifierChoice[]): ModifierChoice[] =>
  choices.filter((choice) => place.group.options.some((option) => isOf(choice, place, option)))

/** The choice of an option, on a half where there are halves: what lies on both lies on each. */
export const pickOf = (place: Asked, choices: readonly ModifierChoice[], option: ModifierOption, half?: Half): ModifierChoice | undefined =>
  choices.find((one) => isOf(one, place, option) && (!half || !one.portion || one.portion === half))

const isOn = (choice: ModifierChoice, half?: Half): boolean => !half || !choice.portion || choice.portion === half

/** How many of a group are chosen, of one half where there are halves. */
export const countOf = (place: Asked, choices: readonly ModifierChoice[], half?: Half): number =>
  picksOf(place, choices)
    .filter((one) => one.prefix !== 'NO' && isOn(one, half))
    .reduce((sum, one) => sum + howMany(one), 0)

/** The choices that a dish comes with. */
export function usual(menu: Menu, dish: Dish): ModifierChoice[] {
  const of = (place: Asked): ModifierChoice[] =>
    place.group.options
      .filter((option) => option.is_default)
      .map((option) => ({ option_id: option.id, ...(place.under && { under: place.under }) }))
  const own = groupsOf(menu, dish).flatMap(of)
  return asked(menu, dish, own).flatMap(of)
}

/** What is still to be answered, first of all. */
export interface Lack {
  group: ModifierGroup
  /** so many more */
  left: number
  half?: Half
}

export function lackOf(menu: Menu, dish: Dish, choices: readonly ModifierChoice[]): Lack | null {
  for (const place of asked(menu, dish, choices)) {
    for (const half of place.group.halves ? HALVES : [undefined]) {
      const left = place.min - countOf(place, choices, half)
      if (left > 0) return { group: place.group, left, ...(half && { half }) }
    }
  }
  return null
}

/** How many of a choice cost something: not what is left out, nor the one that comes with the dish. */
function charged(choice: ModifierChoice, option: ModifierOption): number {
  if (choice.prefix === 'NO') return 0
  return option.is_default && choice.prefix !== 'EXTRA' ? howMany(choice) - 1 : howMany(choice)
}

/** What the choices of one group add, minor units. */
function addsOfGroup(place: Asked, choices: readonly ModifierChoice[], digits: number): number {
  const { group } = place
  const priced = picksOf(place, choices).flatMap((choice) => {
    const option = group.options.find(({ id }) => id === choice.option_id)
    return option ? [{ choice, price: toMinor(option.price, digits), units: charged(choice, option) }] : []
  })
  const sum = (on: typeof priced): number => on.reduce((all, { price, units }) => all + price * units, 0)
  if (group.halves) {
    const [whole, first, second] = [undefined, 1, 2].map((half) => sum(priced.filter(({ choice }) => (choice.portion ?? undefined) === half))) as [number, number, number]
    if (group.halves === 'DEAREST') return whole + Math.max(first, second)
    return whole + (group.halves === 'MEAN' ? Math.floor((first + second + 1) / 2) : first + second)
  }
  let free = group.free
  return [...priced]
    .sort((a, b) => a.price - b.price)
    .reduce((all, { price, units }) => {
      const given = Math.min(units, free)
      free -= given
      return all + units * price - given * Math.max(price, 0)
    }, 0)
}

/** What all choices add to the price of one, minor units. */
export const addsOf = (menu: Menu, dish: Dish, choices: readonly ModifierChoice[], digits: number): number =>
  asked(menu, dish, choices).reduce((sum, place) => sum + addsOfGroup(place, choices, digits), 0)

/** How many of an option are chosen beside the one that comes with the dish: below 0 where that is left out. */
function beside(place: Asked, choices: readonly ModifierChoice[], option: ModifierOption): number {
  const taken = picksOf(place, choices).filter(({ option_id, prefix }) => option_id === option.id && prefix !== 'NO')
  const parts = taken.map((one) => (howMany(one) + (one.prefix === 'EXTRA' && option.is_default ? 1 : 0)) * (one.portion ? 0.5 : 1))
  return parts.reduce((sum, part) => sum + part, 0) - (option.is_default ? 1 : 0)
}

/** What the choices add to the energy of a dish, which has that of what comes with it, kcal. */
export const energyOf = (menu: Menu, dish: Dish, choices: readonly ModifierChoice[]): number =>
  Math.round(
    asked(menu, dish, choices)
      .flatMap((place) => place.group.options.map((option) => beside(place, choices, option) * (option.calories ?? 0)))
      .reduce((sum, part) => sum + part, 0),
  )

/** What of the choices somebody may have to avoid, each once. */
export function allergensOf(menu: Menu, dish: Dish, choices: readonly ModifierChoice[]): Dish['allergens'] {
  const taken = asked(menu, dish, choices).flatMap((place) =>
    place.group.options.filter((option) => choices.some((one) => isOf(one, place, option) && one.prefix !== 'NO')),
  )
  return onceEach(taken.flatMap(({ allergens }) => allergens ?? []))
}

export const onceEach = (allergens: Dish['allergens']): Dish['allergens'] =>
  allergens.filter(({ id }, i) => allergens.findIndex((one) => one.id === id) === i)

/** The choices in the menu's order, without what nothing asks for any more. */
export const inOrder = (menu: Menu, dish: Dish, choices: readonly ModifierChoice[]): ModifierChoice[] =>
  asked(menu, dish, choices).flatMap((place) =>
    place.group.options.flatMap((option) =>
      choices.filter((one) => isOf(one, place, option)).sort((a, b) => (a.portion ?? 0) - (b.portion ?? 0)),
    ),
  )

/** Whether the dish comes as it always comes. */
export const isUsual = (menu: Menu, dish: Dish, choices: readonly ModifierChoice[]): boolean =>
  isAlike(inOrder(menu, dish, choices), inOrder(menu, dish, usual(menu, dish)))

/** Whether something that was chosen cannot be had any more. */
export function hasGone(menu: Menu, dish: Dish, choices: readonly ModifierChoice[]): boolean {
  const there = inOrder(menu, dish, choices)
  return choices.some((one) => one.prefix !== 'NO' && !there.includes(one))
}

/** A tap on an option: it is chosen, given up, or takes another's place. `prefix`: what was said before it. */
export function tapped(
  place: Asked,
  choices: readonly ModifierChoice[],
  option: ModifierOption,
  { prefix, half }: { prefix?: ModifierPrefix | undefined; half?: Half | undefined } = {},
): ModifierChoice[] {
  const own = picksOf(place, choices)
  const others = choices.filter((one) => !own.includes(one))
  const there = pickOf(place, own, option, half)
  const under = place.under && { under: place.under }
  const made = (more: Partial<ModifierChoice>): ModifierChoice => ({ option_id: option.id, ...under, ...more })
  if (!place.group.halves) {
    const rest = own.filter((one) => one !== there)
    if (there && (there.prefix ?? undefined) === prefix) {
      // Given up. What comes with the dish is then left out in so many words.
      if (prefix !== 'NO' && option.is_default && saysNo(place)) return [...others, ...rest, made({ prefix: 'NO' })]
      if (prefix !== 'NO' && place.max === 1 && place.min === 1) return [...choices]
      return [...others, ...rest]
    }
    // Of what was left out a tap takes it in again.
    if (prefix === 'NO') return [...others, ...rest, made({ prefix })]
    return [...others, ...(place.max === 1 ? [] : rest), made({ ...(prefix && { prefix }), ...(there && there.prefix !== 'NO' && { quantity: howMany(there) }) })]
  }
  return [...others, ...joined(tappedHalf(place, own, made, there, prefix, half ?? 1), place)]
}

const saysNo = ({ group }: Asked): boolean => group.prefixes.includes('NO')

/** The choices of both halves, each with its portion. */
const apart = (own: readonly ModifierChoice[]): ModifierChoice[] =>
  own.flatMap((one) => (one.portion ? [one] : HALVES.map((portion) => ({ ...one, portion }))))

function tappedHalf(
  place: Asked,
  own: readonly ModifierChoice[],
  made: (more: Partial<ModifierChoice>) => ModifierChoice,
  there: ModifierChoice | undefined,
  prefix: ModifierPrefix | undefined,
  half: Half,
): ModifierChoice[] {
  const all = apart(own)
  const isIt = (one: ModifierChoice): boolean => one.portion === half && one.option_id === made({}).option_id
  const word = prefix && { prefix }
  // The first answer goes for the whole: who wants one sort taps once.
  if (place.max === 1 && countOf(place, own) === 0) return HALVES.map((portion) => made({ portion, ...word }))
  if (there && (there.prefix ?? undefined) === prefix) return place.max === 1 && place.min === 1 ? all : all.filter((one) => !isIt(one))
  const rest = all.filter((one) => !isIt(one) && (place.max > 1 || one.portion !== half))
  return [...rest, made({ portion: half, ...word })]
}

/** What lies on both halves is said once, where that costs the same: with SUM a half has a price of its own. */
function joined(own: readonly ModifierChoice[], { group }: Asked): ModifierChoice[] {
  if (group.halves === 'SUM') return [...own]
  const key = ({ portion: _, ...rest }: ModifierChoice): string => JSON.stringify(rest)
  return own.flatMap((one) => {
    const isBoth = own.some((other) => other.portion !== one.portion && key(other) === key(one))
    if (!isBoth) return [one]
    if (one.portion === 2) return []
    const { portion: _, ...whole } = one
    return [whole]
  })
}

/** So many of an option that is chosen; none gives it up. */
export function counted(place: Asked, choices: readonly ModifierChoice[], option: ModifierOption, quantity: number): ModifierChoice[] {
  const there = pickOf(place, choices, option)
  if (!there || quantity < 1) return choices.filter((one) => one !== there)
  return choices.map((one) => (one === there ? { ...one, quantity } : one))
}

/** Whether one more of a group may be chosen. */
export const hasRoom = (place: Asked, choices: readonly ModifierChoice[], half?: Half): boolean =>
  place.max === 1 || countOf(place, choices, half) < place.max

/** Whether two lines were chosen alike. */
export const isAlike = (a: readonly ModifierChoice[] | undefined, b: readonly ModifierChoice[] | undefined): boolean =>
  JSON.stringify(a ?? []) === JSON.stringify(b ?? [])
