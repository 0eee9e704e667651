import type {
  ImportReport,
  ShoppingList,
  StockDocumentCreate,
  StockDocumentKind,
  StockDocumentWithLines,
  StockGood,
  StockGoodCreate,
  StockGoodUpdate,
  StockLevelState,
  RecipeCreate,
  StockPlaceCreate,
  StockPlaceUpdate,
  SupplierCreate,
  SupplierUpdate,
} from '../../lib/types'
import { api, ask, everyRow } from '../ask'
import { download, send } from '../menu/api'
import { saveFile } from '../save-file'

/** Levels a page, moves a page. */
export const PAGE = 50
export const MOVES = 25

/** All goods, to choose from. */
export const goods = (): Promise<StockGood[]> =>
  everyRow(async (page) => {
    const found = await ask((as) => api.GET('/stock/goods', { ...as, params: { query: page } }))
    return { rows: found.goods, total: found.total }
  })

export const places = async () => (await ask((as) => api.GET('/stock/places', as))).places

export const suppliers = async () => (await ask((as) => api.GET('/suppliers', { ...as, params: { query: {} } }))).suppliers

export const levels = (wanted: { search: string; state: StockLevelState | null; skip: number }) => {
  const { search, state, skip } = wanted
  const query = { skip, limit: PAGE, ...(search ? { search } : {}), ...(state ? { state } : {}) }
  return ask((as) => api.GET('/stock/levels', { ...as, params: { query } }))
}

export const moves = (id: number, before: number | null) =>
  ask((as) => api.GET('/stock/goods/{id}/moves', { ...as, params: { path: { id }, query: { limit: MOVES, ...(before ? { before } : {}) } } }))

const keyed = (key: string) => ({ header: { 'Idempotency-Key': key } })

export const addGood = (key: string, body: StockGoodCreate) => ask((as) => api.POST('/stock/goods', { ...as, params: keyed(key), body }))

export const changeGood = (id: number, body: StockGoodUpdate) =>
  ask((as) => api.PATCH('/stock/goods/{id}', { ...as, params: { path: { id } }, body }))

export const removeGood = (id: number) => ask((as) => api.DELETE('/stock/goods/{id}', { ...as, params: { path: { id } } }))

export const recipes = (before: number | null) =>
  ask((as) => api.GET('/stock/recipes', { ...as, params: { query: { limit: 100, ...(before ? { before } : {}) } } }))

export const recipe = (id: number) => ask((as) => api.GET('/stock/recipes/{id}', { ...as, params: { path: { id } } }))

export const addRecipe = (key: string, body: RecipeCreate) => ask((as) => api.POST('/stock/recipes', { ...as, params: keyed(key), body }))

export const removeRecipe = (id: number) => ask((as) => api.DELETE('/stock/recipes/{id}', { ...as, params: { path: { id } } }))

export const documents = (kind: StockDocumentKind | null, before: number | null) => {
  const query = { limit: PAGE, ...(kind ? { kind } : {}), ...(before ? { before } : {}) }
  return ask((as) => api.GET('/stock/documents', { ...as, params: { query } }))
}

export const addPlace = (key: string, body: StockPlaceCreate) => ask((as) => api.POST('/stock/places', { ...as, params: keyed(key), body }))

export const changePlace = (id: number, body: StockPlaceUpdate) =>
  ask((as) => api.PATCH('/stock/places/{id}', { ...as, params: { path: { id } }, body }))

export const removePlace = (id: number) => ask((as) => api.DELETE('/stock/places/{id}', { ...as, params: { path: { id } } }))

export const addSupplier = (key: string, body: SupplierCreate) => ask((as) => api.POST('/suppliers', { ...as, params: keyed(key), body }))

export const changeSupplier = (id: number, body: SupplierUpdate) =>
  ask((as) => api.PATCH('/suppliers/{id}', { ...as, params: { path: { id } }, body }))

export const removeSupplier = (id: number) => ask((as) => api.DELETE('/suppliers/{id}', { ...as, params: { path: { id } } }))

/** The goods of a place, as they lie there. */
export const shelves = async (id: number) =>
  (await ask((as) => api.GET('/stock/places/{id}/shelves', { ...as, params: { path: { id } } }))).good_ids

export const setShelves = (id: number, good_ids: number[]) =>
  ask((as) => api.PUT('/stock/places/{id}/shelves', { ...as, params: { path: { id } }, body: { good_ids } }))

/** After one moment, until another; null: a week back, and now. */
export const variance = (from: string | null, to: string | null) =>
  ask((as) => api.GET('/stock/variance', { ...as, params: { query: { ...(from ? { from } : {}), ...(to ? { to } : {}) } } }))

export const oneDocument = (id: number) => ask((as) => api.GET('/stock/documents/{id}', { ...as, params: { path: { id } } }))

export const addDocument = (key: string, body: StockDocumentCreate) =>
  ask((as) => api.POST('/stock/documents', { ...as, params: keyed(key), body }))

export const postDocument = ({ id, version }: StockDocumentWithLines) =>
  ask((as) => api.POST('/stock/documents/{id}/post', { ...as, params: { path: { id } }, body: { version } }))

export const removeDraft = (id: number) => ask((as) => api.DELETE('/stock/documents/{id}', { ...as, params: { path: { id } } }))

export const reverseDocument = (id: number, reason: string) =>
  ask((as) => api.POST('/stock/documents/{id}/reverse', { ...as, params: { path: { id } }, body: { reason } }))

/** What is to be bought so that it lasts for so many days after today. */
export async function shoppingList(days: number): Promise<ShoppingList> {
  const found = await ask((as) => api.GET('/stock/shopping-list', { ...as, params: { query: { days } } }))
  // The same path gives a file when it is asked for; here it was not.
  return found as ShoppingList
}

/** The same as a file, handed to the browser. */
export async function downloadShopping(days: number, until: string): Promise<void> {
  const file: unknown = await ask((as) =>
    api.GET('/stock/shopping-list', { ...as, params: { query: { days, format: 'csv' } }, parseAs: 'blob' }),
  )
  saveFile(`shopping_${until}.csv`, file as Blob)
}

/** What a table of stock holds. */
export const SHEETS = ['goods', 'suppliers', 'recipes'] as const
export type StockSheet = (typeof SHEETS)[number]

/** Looks at a table, or takes it in. */
export const takeIn = (what: StockSheet, file: Blob, dryRun: boolean): Promise<ImportReport> =>
  ask((as) => send<ImportReport>(as, `/api/stock/import?what=${what}&dry_run=${dryRun}`, file))

/** A table with what there is; heads alone where there is nothing. */
export async function saveSheet(what: StockSheet, format: 'csv' | 'xlsx', language: string): Promise<void> {
  saveFile(`qres-${what}.${format}`, await download(`/api/stock/export?what=${what}&format=${format}&language=${language}`))
}
