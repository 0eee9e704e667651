// A combo as its form holds it, and what of it is sent to the box. Pure.

import type { WrongField } from '../../../lib/http'
import { toMinor } from '../../../lib/money'
import type { ComboBody, ComboPart, WholeDish, WholeMenu, WholeVariation } from '../../../lib/types'
import { ofMoney, plain } from '../numerals'
import { toBox, toForm, type ByLanguage } from '../texts'

export interface ChoiceDraft {
  /** tells the rows of the form apart */
  id: number
  /** its id in the box */
  known: number | null
  variation: number
  /** the dish with its size */
  name: string
  surcharge: string
  is_default: boolean
  isOut: boolean
}

export interface PartDraft {
  id: number
  known: number | null
  name: string
  texts: ByLanguage
  choices: ChoiceDraft[]
}

export interface ComboDraft {
  name: string
  /** of its only size; several are changed on the dish's card */
  price: string
  category_id: number
  is_available: boolean
  texts: ByLanguage
  parts: PartDraft[]
}

/** A dish in one of its sizes, as it may stand in a part. */
export interface Piece {
  variation: number
  name: string
  isOut: boolean
  /** what it costs alone */
  price: string
}

let nextRow = 1

const short = (price: string): string => price.replace(/\.0+$/, '')

/** The combos of the menu, in the menu's order. */
export const combosOf = (menu: WholeMenu): WholeDish[] => menu.categories.flatMap(({ dishes }) => dishes).filter(({ combo }) => combo.length > 0)

const nameOfPiece = (dish: WholeDish, { name }: WholeVariation): string => (dish.variations.length > 1 ? `${dish.name}, ${name}` : dish.name)

/** What can stand in a part: dishes sold by the piece that are no combos. */
export const piecesOf = (menu: WholeMenu): Piece[] =>
  menu.categories.flatMap((category) =>
    category.dishes
      .filter(({ combo }) => combo.length === 0)
      .flatMap((dish) =>
        dish.variations
          .filter(({ unit }) => unit === 'piece')
          .map((variation) => ({
            variation: variation.id,
            name: nameOfPiece(dish, variation),
            isOut: !(category.is_active && dish.is_available && variation.is_available),
            price: variation.price,
          })),
      ),
  )

/** What the usual things cost one by one, minor units; null where a part has none. */
export function aloneOf(parts: readonly ComboPart[], pieces: readonly Piece[], digits: number): number | null {
  let sum = 0
  for (const { choices } of parts) {
    const usual = choices.find(({ is_default }) => is_default) ?? choices[0]
    const piece = pieces.find(({ variation }) => variation === usual?.dish_variation_id)
    if (!piece) return null
    sum += toMinor(piece.price, digits)
  }
  return sum
}

export const newPart = (languages: readonly string[]): PartDraft => ({ id: nextRow++, known: null, name: '', texts: toForm({}, languages), choices: [] })

/** The first thing of a part is the usual one, until somebody says otherwise. */
export const newChoice = ({ variation, name, isOut }: Piece, isFirst: boolean): ChoiceDraft => ({
  id: nextRow++,
  known: null,
  variation,
  name,
  surcharge: '0',
  is_default: isFirst,
  isOut,
})

export function comboDraft(dish: WholeDish | null, category: number, pieces: readonly Piece[], languages: readonly string[]): ComboDraft {
  const [size] = dish?.variations ?? []
  return {
    name: dish?.name ?? '',
    price: size ? short(size.price) : '',
    category_id: dish?.category_id ?? category,
    is_available: dish?.is_available ?? true,
    texts: toForm(dish?.translations ?? {}, languages),
    parts: dish
      ? dish.combo.map(({ id, name, translations, choices }) => ({
          id: nextRow++,
          known: id,
          name,
          texts: toForm(translations, languages),
          choices: choices.map((one) => ({
            id: nextRow++,
            known: one.id,
            variation: one.dish_variation_id,
            name: pieces.find(({ variation }) => variation === one.dish_variation_id)?.name ?? one.dish_name,
            surcharge: short(one.surcharge),
            is_default: one.is_default,
            isOut: !one.is_available,
          })),
        }))
      : [newPart(languages), newPart(languages)],
  }
}

/** Of a part one thing is chosen at once, or none. */
export const withUsual = (choices: readonly ChoiceDraft[], id: number): ChoiceDraft[] =>
  choices.map((one) => ({ ...one, is_default: one.id === id && !one.is_default }))

const amount = (text: string, digits: number): string | null => (text.trim() === '' ? '0' : plain(text, ofMoney(digits)))

export const comboBody = ({ parts }: ComboDraft, digits: number): ComboBody => ({
  parts: parts.map(({ known, name, texts, choices }) => ({
    ...(known !== null && { id: known }),
    name: name.trim(),
    translations: toBox(texts),
    choices: choices.map((one) => ({
      ...(one.known !== null && { id: one.known }),
      dish_variation_id: one.variation,
      surcharge: amount(one.surcharge, digits) ?? '0',
      is_default: one.is_default,
    })),
  })),
})

/** What the form itself can see is wrong, so that a combo is not half saved. */
export function wrongIn(draft: ComboDraft, hasOneSize: boolean, digits: number): WrongField[] {
  const wrong: WrongField[] = []
  const note = (field: string, message: string) => wrong.push({ field, message })
  if (!draft.name.trim()) note('name', 'must not be empty')
  if (hasOneSize) {
    const price = plain(draft.price, ofMoney(digits))
    if (price === null) note('price', draft.price.trim() ? 'must be an amount, which can be read in one way only' : 'must not be empty')
    else if (Number(price) <= 0) note('price', 'must be more than 0')
  }
  if (draft.parts.length === 0) note('parts', 'must not be empty')
  for (const part of draft.parts) {
    if (!part.name.trim()) note(`part.${part.id}.name`, 'must not be empty')
    if (part.choices.length === 0) note(`part.${part.id}.choices`, 'must not be empty')
    for (const one of part.choices) {
      if (amount(one.surcharge, digits) === null) note(`choice.${one.id}`, 'must be an amount, which can be read in one way only')
    }
  }
  return wrong
}
