import type { Consent, Customer, CustomerDetails, CustomerErasure, CustomerRequest, CustomerUpdate, CustomerVisit } from '../../lib/types'
import { api, ask } from '../ask'

/** Guests a page, and their orders a page. */
export const PAGE = 50
export const VISITS = 20
/** So many acts of erasures are shown: the newest. */
const ACTS = 100

const of = (id: number, key: string) => ({ path: { id }, header: { 'Idempotency-Key': key } })

/** The guests before one of them, the newest first. */
export const customers = (before: number | null) =>
  ask((as) => api.GET('/customers', { ...as, params: { query: { limit: PAGE, ...(before ? { before } : {}) } } }))

export const search = (text: string) => ask((as) => api.POST('/customers/search', { ...as, body: { text } }))

export const customer = (id: number) => ask((as) => api.GET('/customers/{id}', { ...as, params: { path: { id } } }))

export const visits = (id: number, before: number | null) =>
  ask((as) =>
    api.GET('/customers/{id}/visits', { ...as, params: { path: { id }, query: { limit: VISITS, ...(before ? { before } : {}) } } }),
  )

export const enter = (key: string, body: CustomerRequest) =>
  ask((as) => api.POST('/customers', { ...as, params: { header: { 'Idempotency-Key': key } }, body }))

export const change = (id: number, key: string, body: CustomerUpdate) =>
  ask((as) => api.PATCH('/customers/{id}', { ...as, params: of(id, key), body }))

export const consent = (id: number, key: string, kind: Consent['kind'], is_given: boolean, text_version: string) =>
  ask((as) => api.POST('/customers/{id}/consents', { ...as, params: of(id, key), body: { kind, is_given, text_version } }))

export const merge = (id: number, key: string, other_id: number) =>
  ask((as) => api.POST('/customers/{id}/merge', { ...as, params: of(id, key), body: { other_id } }))

export const erase = (id: number, key: string) => ask((as) => api.DELETE('/customers/{id}', { ...as, params: of(id, key) }))

export const acts = async (): Promise<CustomerErasure[]> =>
  (await ask((as) => api.GET('/customers/erasures', { ...as, params: { query: { limit: ACTS } } }))).erasures

export const everything = (id: number) => ask((as) => api.GET('/customers/{id}/export', { ...as, params: { path: { id } } }))

export const points = async (customer_id: number) =>
  (await ask((as) => api.GET('/loyalty/accounts', { ...as, params: { query: { customer_id } } }))).accounts

export type { Consent, Customer, CustomerDetails, CustomerErasure, CustomerVisit }
