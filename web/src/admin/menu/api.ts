// What the menu section asks of the box.

import type { bearer, Reply } from '../../lib/client'
import type { CategoryBody, ComboBody, DishBody, GroupBody, ImportReport, Ingredient, IngredientBody, OptionBody, SizeBody, Uploaded } from '../../lib/types'
import { api, ask, everyRow } from '../ask'

/** A photo of 12 MB over a weak Wi-Fi, and the work that a small box has with it, ms. */
const PHOTO_PATIENCE = 120_000

export const wholeMenu = () => ask((as) => api.GET('/dishes/menu/whole', as))

export const ingredients = (): Promise<Ingredient[]> =>
  everyRow(async (query) => {
    const list = await ask((as) => api.GET('/ingredients', { ...as, params: { query } }))
    return { rows: list.ingredients, total: list.total }
  })

const at = (id: number) => ({ path: { id } })

export const addCategory = (body: CategoryBody) => ask((as) => api.POST('/categories', { ...as, body }))
export const changeCategory = (id: number, body: Partial<CategoryBody>) =>
  ask((as) => api.PATCH('/categories/{id}', { ...as, params: at(id), body }))
export const removeCategory = (id: number) => ask((as) => api.DELETE('/categories/{id}', { ...as, params: at(id) }))
export const orderCategories = (ids: number[]) => ask((as) => api.PUT('/categories/order', { ...as, body: { ids } }))

export const addDish = (body: DishBody) => ask((as) => api.POST('/dishes', { ...as, body }))
export const changeDish = (id: number, body: Partial<DishBody>) =>
  ask((as) => api.PATCH('/dishes/{id}', { ...as, params: at(id), body }))
export const offerDish = (id: number, is_available: boolean) =>
  ask((as) => api.PATCH('/dishes/{id}/availability', { ...as, params: at(id), body: { is_available } }))
export const removeDish = (id: number) => ask((as) => api.DELETE('/dishes/{id}', { ...as, params: at(id) }))
export const orderDishes = (category_id: number, ids: number[]) =>
  ask((as) => api.PUT('/dishes/order', { ...as, body: { category_id, ids } }))

export const addSize = (dish_id: number, body: SizeBody) =>
  ask((as) => api.POST('/dishes/{dish_id}/variations', { ...as, params: { path: { dish_id } }, body }))
export const changeSize = (dish_id: number, id: number, body: Partial<SizeBody>) =>
  ask((as) => api.PATCH('/dishes/{dish_id}/variations/{id}', { ...as, params: { path: { dish_id, id } }, body }))
export const removeSize = (dish_id: number, id: number) =>
  ask((as) => api.DELETE('/dishes/{dish_id}/variations/{id}', { ...as, params: { path: { dish_id, id } } }))
export const orderSizes = (dish_id: number, ids: number[]) =>
  ask((as) => api.PUT('/dishes/{dish_id}/variations/order', { ...as, params: { path: { dish_id } }, body: { ids } }))

const ofGroup = (group_id: number, id: number) => ({ path: { group_id, id } })

export const addGroup = (body: GroupBody) => ask((as) => api.POST('/modifier-groups', { ...as, body }))
export const changeGroup = (id: number, body: Partial<Omit<GroupBody, 'options'>>) =>
  ask((as) => api.PATCH('/modifier-groups/{id}', { ...as, params: at(id), body }))
export const removeGroup = (id: number) => ask((as) => api.DELETE('/modifier-groups/{id}', { ...as, params: at(id) }))
export const addOption = (group_id: number, body: OptionBody) =>
  ask((as) => api.POST('/modifier-groups/{group_id}/options', { ...as, params: { path: { group_id } }, body }))
export const changeOption = (group_id: number, id: number, body: Partial<OptionBody>) =>
  ask((as) => api.PATCH('/modifier-groups/{group_id}/options/{id}', { ...as, params: ofGroup(group_id, id), body }))
export const removeOption = (group_id: number, id: number) =>
  ask((as) => api.DELETE('/modifier-groups/{group_id}/options/{id}', { ...as, params: ofGroup(group_id, id) }))
export const orderOptions = (group_id: number, ids: number[]) =>
  ask((as) => api.PUT('/modifier-groups/{group_id}/options/order', { ...as, params: { path: { group_id } }, body: { ids } }))
export const setGroups = (dish_id: number, groups: { group_id: number; min: number | null; max: number | null }[]) =>
  ask((as) => api.PUT('/dishes/{dish_id}/modifier-groups', { ...as, params: { path: { dish_id } }, body: { groups } }))

export const setCombo = (dish_id: number, body: ComboBody) =>
  ask((as) => api.PUT('/combos/{dish_id}', { ...as, params: { path: { dish_id } }, body }))

export const addIngredient = (body: IngredientBody) => ask((as) => api.POST('/ingredients', { ...as, body }))
export const changeIngredient = (id: number, body: Partial<IngredientBody>) =>
  ask((as) => api.PATCH('/ingredients/{id}', { ...as, params: at(id), body }))
export const removeIngredient = (id: number) => ask((as) => api.DELETE('/ingredients/{id}', { ...as, params: at(id) }))

type As = ReturnType<typeof bearer>

/** Sends a file as the body, with more patience than other calls get. */
export async function send<T>(as: As, path: string, file: Blob): Promise<Reply<T>> {
  const response = await fetch(path, {
    method: 'POST',
    headers: as.headers,
    body: file,
    signal: AbortSignal.timeout(PHOTO_PATIENCE),
  })
  const body: unknown = await response.json().catch(() => undefined)
  return response.ok ? { response, data: body as T } : { response, error: body }
}

export const uploadPhoto = (file: Blob): Promise<Uploaded> => ask((as) => send<Uploaded>(as, '/api/uploads', file))

export const takeIn = (file: Blob, dry_run: boolean) =>
  ask((as) => send<ImportReport>(as, `/api/import?dry_run=${dry_run}`, file))

/** A sheet or the whole restaurant as a file. */
export const exported = (format: FileFormat, what: SheetKind = 'menu'): Promise<Blob> =>
  download(`/api/export?format=${format}&what=${what}`)

/** A sheet to fill. */
export const template = (format: 'csv' | 'xlsx', language: 'ru' | 'en', what: SheetKind): Promise<Blob> =>
  download(`/api/import/template?format=${format}&language=${language}&what=${what}`)

/** What a sheet holds. */
export const SHEETS = ['menu', 'options', 'combos', 'prices', 'periods'] as const
export type SheetKind = (typeof SHEETS)[number]

export type FileFormat = 'csv' | 'xlsx' | 'json'

/** A file of the box. */
export const download = (path: string): Promise<Blob> =>
  ask(async (as) => {
    const response = await fetch(path, { headers: as.headers })
    if (response.ok) return { response, data: await response.blob() }
    return { response, error: await response.json().catch(() => undefined) }
  })
