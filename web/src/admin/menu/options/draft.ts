// A group of options as its form holds it, and what of it is sent to the box. Pure.

import type { WrongField } from '../../../lib/http'
import type { DishGroup, GroupBody, ModifierPrefix, OptionBody, WholeGroup, WholeOption } from '../../../lib/types'
import { ofMoney, ofWeight, plain } from '../numerals'
import { toBox, toForm, type ByLanguage } from '../texts'

export const PREFIXES: readonly ModifierPrefix[] = ['NO', 'EXTRA', 'ON_THE_SIDE']
export const HALVES = ['none', 'DEAREST', 'MEAN', 'SUM'] as const
export type HalvesChoice = (typeof HALVES)[number]

export interface OptionDraft {
  /** tells the rows of the form apart, also those that the box does not know yet */
  id: number
  /** its id in the box */
  known: number | null
  name: string
  kitchen_name: string
  /** "" where there is none */
  image_url: string
  price: string
  is_default: boolean
  max_quantity: string
  is_available: boolean
  weight: string
  calories: string
  /** "" asks nothing more */
  nested: string
  external_id: string
  ingredient_ids: number[]
  texts: ByLanguage
}

export interface GroupDraft {
  name: string
  min: string
  max: string
  free: string
  halves: HalvesChoice
  prefixes: ModifierPrefix[]
  texts: ByLanguage
  options: OptionDraft[]
}

/** A group of a dish, with the bounds as typed. */
export interface DishGroupDraft {
  id: number
  min: string
  max: string
}

let nextRow = 1

const shown = (value: number | string | null | undefined): string => (value == null ? '' : String(value))
/** "50.00" as people write it: 50 */
const price = (text: string): string => text.replace(/\.0+$/, '')

export const newOption = (languages: readonly string[]): OptionDraft => ({
  id: nextRow++,
  known: null,
  name: '',
  kitchen_name: '',
  image_url: '',
  price: '0',
  is_default: false,
  max_quantity: '1',
  is_available: true,
  weight: '',
  calories: '',
  nested: '',
  external_id: '',
  ingredient_ids: [],
  texts: toForm({}, languages),
})

const optionOf = (option: WholeOption, languages: readonly string[]): OptionDraft => ({
  id: nextRow++,
  known: option.id,
  name: option.name,
  kitchen_name: shown(option.kitchen_name),
  image_url: shown(option.image_url),
  price: price(option.price),
  is_default: option.is_default,
  max_quantity: String(option.max_quantity),
  is_available: option.is_available,
  weight: shown(option.weight),
  calories: shown(option.calories),
  nested: shown(option.nested_group_id),
  external_id: shown(option.external_id),
  ingredient_ids: [...option.ingredient_ids],
  texts: toForm(option.translations, languages),
})

export const groupDraft = (group: WholeGroup | null, languages: readonly string[]): GroupDraft => ({
  name: group?.name ?? '',
  min: String(group?.min ?? 0),
  max: String(group?.max ?? 1),
  free: String(group?.free ?? 0),
  halves: group?.halves ?? 'none',
  prefixes: [...(group?.prefixes ?? [])],
  texts: toForm(group?.translations ?? {}, languages),
  options: group ? group.options.map((option) => optionOf(option, languages)) : [newOption(languages), newOption(languages)],
})

const whole = (text: string): number | null => (/^\d{1,3}$/.test(text.trim()) ? Number(text.trim()) : null)
const number = (text: string): number | null => {
  const found = plain(text, ofWeight)
  return found === null ? null : Number(found)
}

/** "−20" -> "-20": what an option takes off; nothing typed costs nothing; null where it is no amount. */
export function priceIn(text: string, digits: number): string | null {
  const [, sign, rest] = /^\s*([-−+]?)\s*(.*)$/.exec(text) as unknown as [string, string, string]
  if (!rest.trim()) return sign ? null : '0'
  const amount = plain(rest, ofMoney(digits))
  return amount === null ? null : (sign && sign !== '+' ? '-' : '') + amount
}

export const groupBody = (draft: GroupDraft): Omit<GroupBody, 'options' | 'sort_order'> => ({
  name: draft.name.trim(),
  translations: toBox(draft.texts),
  min: whole(draft.min) ?? 0,
  max: whole(draft.max),
  free: whole(draft.free) ?? 0,
  halves: draft.halves === 'none' ? null : draft.halves,
  prefixes: draft.prefixes,
})

export const optionBody = (option: OptionDraft, digits: number): OptionBody => ({
  name: option.name.trim(),
  translations: toBox(option.texts),
  kitchen_name: option.kitchen_name.trim() || null,
  image_url: option.image_url || null,
  price: priceIn(option.price, digits) ?? '0',
  is_default: option.is_default,
  max_quantity: whole(option.max_quantity),
  is_available: option.is_available,
  weight: number(option.weight),
  calories: number(option.calories),
  nested_group_id: option.nested ? Number(option.nested) : null,
  external_id: option.external_id.trim() || null,
  ingredient_ids: option.ingredient_ids,
})

/** What the form itself can see is wrong, so that a group is not half saved. */
export function wrongIn(draft: GroupDraft, digits: number): WrongField[] {
  const wrong: WrongField[] = []
  const note = (field: string, message: string) => wrong.push({ field, message })
  if (!draft.name.trim()) note('name', 'must not be empty')
  for (const field of ['min', 'max', 'free'] as const) if (whole(draft[field]) === null) note(field, 'must be a number')
  for (const option of draft.options) {
    const at = (field: string) => `option.${option.id}.${field}`
    if (!option.name.trim()) note(at('name'), 'must not be empty')
    if (priceIn(option.price, digits) === null) note(at('price'), 'must be an amount, which can be read in one way only')
    if (whole(option.max_quantity) === null) note(at('max_quantity'), 'must be a number')
    for (const field of ['weight', 'calories'] as const) {
      if (option[field].trim() && number(option[field]) === null) note(at(field), 'must be a number')
    }
  }
  return wrong
}

/** The groups of a dish, as its form holds them. */
export const dishGroups = (groups: readonly DishGroup[]): DishGroupDraft[] =>
  groups.map(({ group_id, min, max }) => ({ id: group_id, min: String(min), max: String(max) }))

/** What of them is sent: bounds only where they are other than the group's own, and follow it otherwise. */
export const dishGroupsBody = (drafts: readonly DishGroupDraft[], groups: readonly WholeGroup[]) =>
  drafts.map(({ id, min, max }) => {
    const group = groups.find((one) => one.id === id)
    const own = (text: string, usual: number | undefined): number | null => {
      const typed = whole(text)
      return typed === null || typed === usual ? null : typed
    }
    return { group_id: id, min: own(min, group?.min), max: own(max, group?.max) }
  })
