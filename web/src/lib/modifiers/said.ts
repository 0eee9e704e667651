// Choices in words: of a draft, whose names the menu has, and of a line that was ordered, which keeps its own. Pure but
// for the language.

import { language, nameOf } from '../i18n/language.svelte'
import type { ComboChoice, Dish, LineModifier, Menu, ModifierChoice, ModifierOption } from '../types'
import { addsOf, allergensOf, asked, energyOf, hasGone, howMany, inOrder, isUsual, lackOf, picksOf, usual } from './choose'
import { c } from './words'

/** A choice as it is read: "без Сахар", "2 × Сыр", "1-я ½ Грибы". */
export interface Piece {
  key: string
  /** before the name: which half, how many, how */
  before: string
  name: string
  isWithout: boolean
  /** it comes with the dish anyway */
  isQuiet: boolean
}

type Told = Pick<LineModifier, 'option_id' | 'name' | 'quantity' | 'prefix' | 'portion' | 'under' | 'is_default'>

const pieceOf = (one: Told): Piece => ({
  key: [one.under, one.option_id, one.portion].join(),
  before: [
    one.portion && c().halfShort[one.portion as 1 | 2],
    one.prefix && c().prefix[one.prefix],
    one.quantity > 1 && `${one.quantity} ×`,
  ]
    .filter(Boolean)
    .join(' '),
  name: one.name,
  isWithout: one.prefix === 'NO',
  isQuiet: !!one.is_default && !one.prefix && one.quantity === 1 && !one.portion,
})

function findOption(menu: Menu | null | undefined, id: number): ModifierOption | undefined {
  for (const group of menu?.modifier_groups ?? []) {
    const option = group.options.find((one) => one.id === id)
    if (option) return option
  }
  return undefined
}

/** Of a line that was ordered: in the reader's language where the menu still has the option. */
export const piecesOf = (modifiers: readonly LineModifier[] | undefined, menu?: Menu | null): Piece[] =>
  (modifiers ?? []).map((one) => {
    const option = findOption(menu, one.option_id)
    return pieceOf(option ? { ...one, name: nameOf(option, language.current) } : one)
  })

/** The same as it stands on a bill: without what comes along anyway. */
export const paperPieces = (modifiers: readonly LineModifier[] | undefined, menu?: Menu | null): Piece[] =>
  piecesOf(modifiers, menu).filter(({ isQuiet }) => !isQuiet)

/** The same for cooks, in their station's words. */
export const kitchenPieces = (modifiers: readonly LineModifier[] | undefined): Piece[] =>
  (modifiers ?? []).map((one) => pieceOf({ ...one, name: one.kitchen_name ?? one.name }))

/** Of what is chosen and not ordered yet. */
export const piecesChosen = (menu: Menu, dish: Dish, choices: readonly ModifierChoice[]): Piece[] =>
  asOrdered(menu, dish, choices).map((one) => pieceOf({ ...one, name: nameOf(findOption(menu, one.option_id) ?? one, language.current) }))

/** Choices as the box would tell them back, but for what each costs. */
export const asOrdered = (menu: Menu, dish: Dish, choices: readonly ModifierChoice[]): LineModifier[] =>
  asked(menu, dish, choices).flatMap((place) =>
    picksOf(place, inOrder(menu, dish, choices)).flatMap((one): LineModifier[] => {
      const option = place.group.options.find(({ id }) => id === one.option_id)
      if (!option) return []
      const { id: option_id, name, price, is_default } = option
      const { id: group_id, name: group_name } = place.group
      const { portion, under, prefix } = one
      const how = { ...(prefix && { prefix }), ...(portion && { portion }), ...(under && { under }) }
      return [{ option_id, group_id, group_name, name, quantity: howMany(one), price, amount: '0', is_default, ...how }]
    }),
  )

export const written = (pieces: readonly Piece[]): string =>
  pieces.map(({ before, name }) => [before, name].filter(Boolean).join(' ')).join(', ')

/** What a person has chosen with a dish: for its line, and what is still to be said. */
export interface Answer {
  /** left out: as it comes */
  modifiers: ModifierChoice[] | undefined
  /** of a combo: what is chosen of each part */
  combo?: ComboChoice[] | undefined
  /** minor units on the price of one */
  adds: number
  said: string
  /** kcal beside those of the dish */
  energy: number
  /** what is in the choices that somebody may have to avoid */
  allergens: Dish['allergens']
  /** what has to be chosen first; "" when nothing */
  lack: string
}

export function answerOf(menu: Menu, dish: Dish, choices: readonly ModifierChoice[], digits: number): Answer {
  const lack = lackOf(menu, dish, choices)
  const group = lack && nameOf(lack.group, language.current)
  return {
    modifiers: isUsual(menu, dish, choices) ? undefined : inOrder(menu, dish, choices),
    adds: addsOf(menu, dish, choices, digits),
    energy: energyOf(menu, dish, choices),
    allergens: allergensOf(menu, dish, choices),
    said: written(loud(menu, dish, choices)),
    lack: lack ? c().lack(lack.half ? `${group}, ${c().half[lack.half].toLowerCase()}` : group!, lack.left) : '',
  }
}

/** What is worth a word: not what comes along unasked. */
function loud(menu: Menu, dish: Dish, choices: readonly ModifierChoice[]): Piece[] {
  const required = new Set(asked(menu, dish, choices).filter(({ min }) => min > 0).flatMap(({ group }) => group.options.map(({ id }) => id)))
  const told = asOrdered(menu, dish, choices)
  return piecesChosen(menu, dish, choices).filter((piece, i) => !piece.isQuiet || required.has(told[i]!.option_id))
}

/** Why a line, as it was chosen, cannot be ordered now; "" where it can. */
export function wrongWith(menu: Menu, dish: Dish, modifiers: ModifierChoice[] | undefined): string {
  const choices = modifiers ?? usual(menu, dish)
  return hasGone(menu, dish, choices) || lackOf(menu, dish, choices) ? c().gone : ''
}

/** What the box says of a line that it did not take. */
interface Wrong {
  reason: string
  name: string
  limit?: number | null
  price?: string | null
}

/** The box's words on each line of a refused order, by its place in the order. */
export function wrongIn(params: Record<string, unknown>, money: (price: string) => string): Map<number, string> {
  const lines = Array.isArray(params.lines) ? (params.lines as { line: number; dish: string; wrong: Wrong[] }[]) : []
  const say = (dish: string, { reason, name, limit, price }: Wrong): string => {
    const what = name || dish
    const { wrong } = c()
    if (reason === 'price_changed' && price) return wrong.price_changed(what, money(price))
    if ((reason === 'too_few' || reason === 'too_many') && limit) return wrong[reason](what, limit)
    return (reason === 'gone' || reason === 'sold_out' ? wrong[reason] : wrong.other)(what)
  }
  return new Map(lines.map(({ line, dish, wrong }) => [line, wrong.map((one) => say(dish, one)).join(' ')]))
}
