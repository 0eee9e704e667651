// What is chosen of a combo: one thing of each part. Pure but for the language of what is said. The box reckons the same
// (src/features/menu/combos/) and has the last word.

import { language, nameOf } from '../i18n/language.svelte'
import type { Line } from '../line'
import { findDish } from '../menu'
import { addsOf, allergensOf, energyOf, onceEach, usual } from '../modifiers/choose'
import { answerOf, piecesChosen, written, wrongWith, type Answer, type Piece } from '../modifiers/said'
import { c } from '../modifiers/words'
import { toMinor } from '../money'
import type { ComboChoice, ComboPart, ComboPartChoice, Dish, Menu, ModifierChoice } from '../types'

/** A part with what was chosen for it. */
export interface Answered {
  part: ComboPart
  pick?: ComboChoice
  choice?: ComboPartChoice
  /** the dish that was chosen, where the menu has it by itself: its options are asked too */
  dish?: Dish
}

const partsOf = (combo: Dish): ComboPart[] => combo.combo ?? []

/** The usual thing of each part, and what there is no choice about. */
export const usualPicks = (combo: Dish): ComboChoice[] =>
  partsOf(combo).flatMap(({ choices }) => {
    const one = choices.find(({ is_default }) => is_default) ?? (choices.length === 1 ? choices[0] : undefined)
    return one ? [{ choice_id: one.id }] : []
  })

/** Each part with its answer. */
export const answered = (menu: Menu, combo: Dish, picks: readonly ComboChoice[]): Answered[] =>
  partsOf(combo).map((part) => {
    for (const pick of picks) {
      const choice = part.choices.find(({ id }) => id === pick.choice_id)
      if (!choice) continue
      const dish = findDish(menu, choice.dish_id)
      return { part, pick, choice, ...(dish && { dish }) }
    }
    return { part }
  })

const inOrder = (combo: Dish, picks: readonly ComboChoice[]): ComboChoice[] =>
  partsOf(combo).flatMap(({ choices }) => picks.find((pick) => choices.some(({ id }) => id === pick.choice_id)) ?? [])

/** A tap on something of a part: it takes the place of what was chosen there. */
export function withPick(combo: Dish, picks: readonly ComboChoice[], { choices }: ComboPart, pick: ComboChoice): ComboChoice[] {
  const others = picks.filter((one) => !choices.some(({ id }) => id === one.choice_id))
  return inOrder(combo, [...others, pick])
}

/** What the surcharges and the options of a combo add to its price, minor units. */
const addsOfPicks = (menu: Menu, parts: Answered[], digits: number): number =>
  parts.reduce((sum, { pick, choice, dish }) => {
    if (!pick || !choice) return sum
    const options = dish?.modifier_groups ? addsOf(menu, dish, pick.modifiers ?? usual(menu, dish), digits) : 0
    return sum + toMinor(choice.surcharge, digits) + options
  }, 0)

/** The options of a part that are other than usual. */
const optionsOf = (menu: Menu, { pick, dish }: Answered): ModifierChoice[] | null =>
  dish?.modifier_groups ? (pick?.modifiers ?? usual(menu, dish)) : null

export function nameOfChoice({ dish_name, dish_translations }: ComboPartChoice): string {
  return nameOf({ name: dish_name, translations: dish_translations }, language.current)
}

/** What was chosen, part by part: "Борщ (без Сметана)". */
export const comboPieces = (menu: Menu, combo: Dish, picks: readonly ComboChoice[]): Piece[] =>
  answered(menu, combo, picks).flatMap((one): Piece[] => {
    if (!one.choice) return []
    const options = optionsOf(menu, one)
    const said = options && written(piecesChosen(menu, one.dish!, options).filter(({ isQuiet }) => !isQuiet))
    const name = nameOfChoice(one.choice) + (said ? ` (${said})` : '')
    return [{ key: String(one.choice.id), before: '', name, isWithout: false, isQuiet: false }]
  })

/** The energy of all parts, kcal; 0 where nobody said that of one of them. */
function energyOfParts(menu: Menu, parts: Answered[]): number {
  let sum = 0
  for (const one of parts) {
    const { dish, choice } = one
    const own = dish?.variations.find(({ id }) => id === choice?.dish_variation_id)?.calories ?? dish?.calories
    if (!dish || own == null) return 0
    sum += own + energyOf(menu, dish, optionsOf(menu, one) ?? [])
  }
  return sum
}

const allergensOfParts = (menu: Menu, parts: Answered[]): Dish['allergens'] =>
  onceEach(parts.flatMap((one) => (one.dish ? [...one.dish.allergens, ...allergensOf(menu, one.dish, optionsOf(menu, one) ?? [])] : [])))

export function comboAnswer(menu: Menu, combo: Dish, picks: readonly ComboChoice[], digits: number): Answer & { combo: ComboChoice[] } {
  const parts = answered(menu, combo, picks)
  let lack = parts.length === 0 ? '…' : ''
  const told = parts.flatMap((one): ComboChoice[] => {
    const { part, pick } = one
    if (!pick) {
      lack ||= c().lack(nameOf(part, language.current), 1)
      return []
    }
    const options = optionsOf(menu, one)
    const answer = options && answerOf(menu, one.dish!, options, digits)
    lack ||= answer?.lack ?? ''
    const { modifiers: _, ...rest } = pick
    return [{ ...rest, ...(answer?.modifiers && { modifiers: answer.modifiers }) }]
  })
  return {
    modifiers: undefined,
    combo: told,
    adds: addsOfPicks(menu, parts, digits),
    energy: energyOfParts(menu, parts),
    allergens: allergensOfParts(menu, parts),
    said: written(comboPieces(menu, combo, picks)),
    lack,
  }
}

type Chosen = Pick<Line, 'modifiers' | 'combo'>

/** What was chosen with a dish, whatever it asks for: options, or the parts of a combo. */
export function answerFor(menu: Menu, dish: Dish, { modifiers, combo }: Chosen, digits: number): Answer {
  if (dish.combo) return comboAnswer(menu, dish, combo ?? usualPicks(dish), digits)
  return answerOf(menu, dish, modifiers ?? usual(menu, dish), digits)
}

/** What of it is read on its line. */
export function piecesFor(menu: Menu, dish: Dish, { modifiers, combo }: Chosen): Piece[] {
  if (dish.combo) return comboPieces(menu, dish, combo ?? usualPicks(dish))
  return dish.modifier_groups ? piecesChosen(menu, dish, modifiers ?? usual(menu, dish)) : []
}

/** Why a line, as it was chosen, cannot be ordered now; "" where it can. */
export function wrongFor(menu: Menu, dish: Dish, { modifiers, combo }: Chosen): string {
  // In a guest's first reply a combo has no parts yet.
  if (dish.combo?.length === 0) return ''
  if (!dish.combo) return wrongWith(menu, dish, modifiers)
  const parts = answered(menu, dish, combo ?? usualPicks(dish))
  const isWrong = parts.some(({ pick, dish }) => !pick || (dish?.modifier_groups && wrongWith(menu, dish, pick.modifiers ?? undefined)))
  return isWrong ? c().gone : ''
}
