// Saving a dish with its sizes: several requests, each remembered, so that a save that broke off goes on where it was.

import { Refusal, type WrongField } from '../../lib/http'
import type { WholeDish, WholeGroup } from '../../lib/types'
import { addDish, addSize, changeDish, changeSize, orderSizes, removeSize, setGroups } from './api'
import { dishBody, sizeBody, wrongIn, type DishDraft, type SizeDraft } from './draft'
import { dishGroups, dishGroupsBody } from './options/draft'

export interface Saved {
  /** the dish, once the box knows it */
  id: number | null
  /** the sizes that the box still has and the form does not */
  gone: number[]
  /** the groups of options as the box has them, and all there are */
  groups: object[]
  every: WholeGroup[]
}

export const savedOf = (dish: WholeDish | null, every: WholeGroup[]): Saved => ({
  id: dish?.id ?? null,
  gone: [],
  groups: dishGroupsBody(dishGroups(dish?.modifier_groups ?? []), every),
  every,
})

const changed = (body: object, old: object | undefined): boolean => JSON.stringify(body) !== JSON.stringify(old)

/**
 * `known`: the sizes as the box had them when the form was opened, by their id;
 * `place`: where a new dish stands in its category; `digits`: how many the currency has behind the point.
 */
export async function saveDish(draft: DishDraft, saved: Saved, known: Map<number, object>, place: number, digits: number): Promise<void> {
  const wrong = wrongIn(draft, digits)
  if (wrong.length > 0) throw new Refusal(422, 'invalid', '', {}, wrong)
  const body = dishBody(draft)
  saved.id = saved.id === null ? (await addDish({ ...body, sort_order: place })).id : (await changeDish(saved.id, body)).id
  const dish = saved.id
  // The one that becomes the default goes first: the old one may be removed only then.
  const sizes = [...draft.sizes].sort((a, b) => Number(b.is_default) - Number(a.is_default))
  for (const size of sizes) await ofSize(size, () => saveSize(dish, size, known, draft.sizes.indexOf(size), digits))
  while (saved.gone.length > 0) {
    await removeSize(dish, saved.gone[0]!)
    saved.gone.shift()
  }
  if (draft.sizes.length > 1) await orderSizes(dish, draft.sizes.map((size) => size.id!))
  const groups = dishGroupsBody(draft.groups, saved.every)
  if (changed(groups, saved.groups)) await setGroups(dish, groups)
  saved.groups = groups
}

async function saveSize(
  dish: number,
  size: SizeDraft,
  known: Map<number, object>,
  place: number,
  digits: number,
): Promise<void> {
  const body = sizeBody(size, digits)
  if (size.id === null) {
    size.id = (await addSize(dish, { ...body, sort_order: place })).id
  } else if (changed(body, known.get(size.id))) {
    // The mark of the default is taken, never given up.
    const { is_default, ...rest } = body
    await changeSize(dish, size.id, is_default ? body : rest)
  }
  known.set(size.id, body)
}

/** What another size has already, by the refusal that says so. */
const TAKEN: Record<string, string> = { sku_taken: 'sku', external_id_taken: 'external_id', barcode_taken: 'barcodes' }

/** A refusal of a size is told at its own fields, and the dish itself is saved by then. */
async function ofSize(size: SizeDraft, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof Refusal) || (error.status !== 422 && !(error.code in TAKEN))) throw error
    const taken = TAKEN[error.code]
    const own: WrongField[] = taken ? [{ field: taken, message: 'is taken' }] : [...error.fields]
    // `barcodes[1]` is one of a field.
    const fields = own.map(({ field, message }) => ({ field: `size.${size.key}.${field.replace(/\[\d+\]$/, '')}`, message }))
    throw new Refusal(error.status, 'size_refused', error.detail, error.params, fields)
  }
}
