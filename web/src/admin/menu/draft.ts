// A dish as its form holds it, and what of it is sent to the box. Pure.

import type { WrongField } from '../../lib/http'
import type { Department, DishBody, SaleUnit, SizeBody, WholeDish, WholeVariation } from '../../lib/types'
import { ofMoney, ofWeight, plain } from './numerals'
import { dishGroups, type DishGroupDraft } from './options/draft'
import { toBox, toForm, type ByLanguage } from './texts'

export interface SizeDraft {
  /** tells the rows of the form apart, also those that the box does not know yet */
  key: number
  id: number | null
  name: string
  price: string
  unit: SaleUnit
  is_default: boolean
  is_available: boolean
  weight: string
  calories: string
  sku: string
  external_id: string
  /** several with commas */
  barcodes: string
  texts: ByLanguage
}

export interface DishDraft {
  name: string
  description: string
  category_id: number
  department: Department
  main_image_url: string
  code: string
  external_id: string
  cooking_time: string
  weight: string
  calories: string
  ingredients: string
  is_popular: boolean
  is_available: boolean
  ingredient_ids: number[]
  /** null: like its category */
  tax_class_id: number | null
  /** null: like its category */
  course: number | null
  texts: ByLanguage
  sizes: SizeDraft[]
  /** the groups of options that it asks for */
  groups: DishGroupDraft[]
}

/** The place behind all of these. */
export const placeBehind = (things: readonly { sort_order: number }[]): number =>
  things.reduce((last, { sort_order }) => Math.max(last, sort_order + 1), 0)

let nextKey = 1

const shown = (value: number | string | null | undefined): string => (value == null ? '' : String(value))
/** "650.00" as people write it: 650 */
const price = (text: string): string => text.replace(/\.0+$/, '')

function sizeOf(variation: WholeVariation, languages: readonly string[]): SizeDraft {
  return {
    key: nextKey++,
    id: variation.id,
    name: variation.name,
    price: price(variation.price),
    unit: variation.unit,
    is_default: variation.is_default,
    is_available: variation.is_available,
    weight: shown(variation.weight),
    calories: shown(variation.calories),
    sku: shown(variation.sku),
    external_id: shown(variation.external_id),
    barcodes: variation.barcodes.join(', '),
    texts: toForm(variation.translations, languages),
  }
}

export function newSize(name: string, languages: readonly string[], is_default = false): SizeDraft {
  return {
    key: nextKey++,
    id: null,
    name,
    price: '',
    unit: 'piece',
    is_default,
    is_available: true,
    weight: '',
    calories: '',
    sku: '',
    external_id: '',
    barcodes: '',
    texts: toForm({}, languages),
  }
}

export function draftOf(dish: WholeDish, languages: readonly string[]): DishDraft {
  return {
    name: dish.name,
    description: dish.description,
    category_id: dish.category_id,
    department: dish.department,
    main_image_url: shown(dish.main_image_url),
    code: shown(dish.code),
    external_id: shown(dish.external_id),
    cooking_time: shown(dish.cooking_time),
    weight: shown(dish.weight),
    calories: shown(dish.calories),
    ingredients: shown(dish.ingredients),
    is_popular: dish.is_popular,
    is_available: dish.is_available,
    ingredient_ids: [...dish.ingredient_ids],
    tax_class_id: dish.tax_class_id ?? null,
    course: dish.course ?? null,
    texts: toForm(dish.translations, languages),
    sizes: dish.variations.map((variation) => sizeOf(variation, languages)),
    groups: dishGroups(dish.modifier_groups),
  }
}

export function newDraft(category_id: number, portion: string, languages: readonly string[]): DishDraft {
  return {
    name: '',
    description: '',
    category_id,
    department: 'hot',
    main_image_url: '',
    code: '',
    external_id: '',
    cooking_time: '',
    weight: '',
    calories: '',
    ingredients: '',
    is_popular: false,
    is_available: true,
    ingredient_ids: [],
    tax_class_id: null,
    course: null,
    texts: toForm({}, languages),
    sizes: [newSize(portion, languages, true)],
    groups: [],
  }
}

const text = (value: string): string | null => value.trim() || null
const number = (value: string): number | null => {
  const found = plain(value, ofWeight)
  return found === null ? null : Number(found)
}

export const dishBody = (draft: DishDraft): Omit<DishBody, 'sort_order'> => ({
  name: draft.name.trim(),
  description: draft.description.trim(),
  category_id: draft.category_id,
  department: draft.department,
  main_image_url: text(draft.main_image_url),
  code: text(draft.code),
  external_id: text(draft.external_id),
  cooking_time: number(draft.cooking_time),
  weight: number(draft.weight),
  calories: number(draft.calories),
  ingredients: text(draft.ingredients),
  is_popular: draft.is_popular,
  is_available: draft.is_available,
  ingredient_ids: draft.ingredient_ids,
  tax_class_id: draft.tax_class_id,
  course: draft.course,
  translations: toBox(draft.texts),
})

/** A price in a currency of so many digits behind the point. */
export const sizeBody = (size: SizeDraft, digits = 2): Omit<SizeBody, 'sort_order'> => ({
  name: size.name.trim(),
  price: plain(size.price, ofMoney(digits)) ?? size.price.trim(),
  unit: size.unit,
  is_default: size.is_default,
  is_available: size.is_available,
  weight: number(size.weight),
  calories: number(size.calories),
  sku: text(size.sku),
  external_id: text(size.external_id),
  barcodes: size.barcodes.split(/[\s,;]+/).filter(Boolean),
  translations: toBox(size.texts),
})

const isNumber = (value: string): boolean => value.trim() === '' || number(value) !== null

function wrongPrice(text: string, digits: number): string | null {
  if (!text.trim()) return 'must not be empty'
  const price = plain(text, ofMoney(digits))
  if (price === null) return 'must be an amount, which can be read in one way only'
  return Number(price) > 0 ? null : 'must be more than 0'
}

/** What the form itself can see is wrong, so that a dish is not half saved. */
export function wrongIn(draft: DishDraft, digits = 2): WrongField[] {
  const wrong: WrongField[] = []
  const note = (field: string, message: string) => wrong.push({ field, message })
  if (!draft.name.trim()) note('name', 'must not be empty')
  for (const field of ['cooking_time', 'weight', 'calories'] as const) {
    if (!isNumber(draft[field])) note(field, 'must be a number')
  }
  for (const size of draft.sizes) {
    const at = (field: string) => `size.${size.key}.${field}`
    if (!size.name.trim()) note(at('name'), 'must not be empty')
    const price = wrongPrice(size.price, digits)
    if (price) note(at('price'), price)
    for (const field of ['weight', 'calories'] as const) {
      if (!isNumber(size[field])) note(at(field), 'must be a number')
    }
  }
  return wrong
}
