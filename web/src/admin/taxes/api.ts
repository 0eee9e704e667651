import type { components } from '../../lib/api'
import { api, ask } from '../ask'

export type TaxClass = components['schemas']['TaxClass']
export type TaxKind = TaxClass['kind']
export type TaxClassBody = components['schemas']['TaxClassCreate']
type Changes = components['schemas']['TaxClassUpdate']

export const taxClasses = (): Promise<TaxClass[]> => ask((as) => api.GET('/tax-classes', as))

export const addClass = (body: TaxClassBody) => ask((as) => api.POST('/tax-classes', { ...as, body }))

export const changeClass = (id: number, body: Changes) =>
  ask((as) => api.PATCH('/tax-classes/{id}', { ...as, params: { path: { id } }, body }))

export const removeClass = (id: number) =>
  ask((as) => api.DELETE('/tax-classes/{id}', { ...as, params: { path: { id } } }))

/** Which class holds for what names none, and which for service charges. */
export const choose = (body: { tax_class_id: number } | { service_tax_class_id: number | null }) =>
  ask((as) => api.PATCH('/restaurant', { ...as, body }))
