import type { components } from '../../lib/api'
import { api, ask, everyRow } from '../ask'

type Schemas = components['schemas']
export type Program = Schemas['LoyaltyProgram']
export type ProgramDraft = Schemas['LoyaltyProgramCreate']
export type ProgramChanges = Schemas['LoyaltyProgramUpdate']
export type Code = Schemas['PromoCode']
export type CodeDraft = Schemas['PromoCodeCreate']
export type CodeChanges = Schemas['PromoCodeUpdate']

/** So many codes are shown: the newest. */
const CODES = 100

const once = (key: string) => ({ header: { 'Idempotency-Key': key } })
const of = (id: number) => ({ path: { id } })

export const programs = async () => (await ask((as) => api.GET('/loyalty/programs', as))).programs
export const addProgram = (key: string, body: ProgramDraft) =>
  ask((as) => api.POST('/loyalty/programs', { ...as, params: once(key), body }))
export const changeProgram = (id: number, body: ProgramChanges) =>
  ask((as) => api.PATCH('/loyalty/programs/{id}', { ...as, params: of(id), body }))
export const removeProgram = (id: number) => ask((as) => api.DELETE('/loyalty/programs/{id}', { ...as, params: of(id) }))

/** All categories of the menu: a card of stamps may be for one of them. */
export const categories = () =>
  everyRow(async (query) => {
    const list = await ask((as) => api.GET('/categories', { ...as, params: { query } }))
    return { rows: list.categories, total: list.total }
  })

export const codes = async () =>
  (await ask((as) => api.GET('/promo-codes', { ...as, params: { query: { limit: CODES } } }))).promo_codes
export const addCode = (key: string, body: CodeDraft) => ask((as) => api.POST('/promo-codes', { ...as, params: once(key), body }))
export const changeCode = (id: number, body: CodeChanges) =>
  ask((as) => api.PATCH('/promo-codes/{id}', { ...as, params: of(id), body }))
export const removeCode = (id: number) => ask((as) => api.DELETE('/promo-codes/{id}', { ...as, params: of(id) }))
