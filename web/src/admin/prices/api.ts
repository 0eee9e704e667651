import type { components } from '../../lib/api'
import { api, ask } from '../ask'

type Schemas = components['schemas']
export type Period = Schemas['MenuPeriod']
export type PeriodDraft = Schemas['MenuPeriodBody']
export type PriceList = Schemas['PriceList']
export type PriceListDraft = Schemas['PriceListBody']
export type ListPrice = Schemas['ListPrice']
export type Channel = Schemas['Channel']
export type MenuTimes = Schemas['MenuTimes']
export type MenuTimesDraft = Schemas['MenuTimesBody']
export type MenuAt = Schemas['MenuResponse']
export type WholeMenu = Schemas['WholeMenu']

const at = (id: number) => ({ path: { id } })

export const periods = () => ask((as) => api.GET('/periods', as))
export const addPeriod = (body: PeriodDraft) => ask((as) => api.POST('/periods', { ...as, body }))
export const writePeriod = (id: number, body: PeriodDraft) =>
  ask((as) => api.PUT('/periods/{id}', { ...as, params: at(id), body }))
export const removePeriod = (id: number) => ask((as) => api.DELETE('/periods/{id}', { ...as, params: at(id) }))

export const priceLists = () => ask((as) => api.GET('/price-lists', as))
export const addList = (body: PriceListDraft) => ask((as) => api.POST('/price-lists', { ...as, body }))
export const writeList = (id: number, body: PriceListDraft) =>
  ask((as) => api.PUT('/price-lists/{id}', { ...as, params: at(id), body }))
export const removeList = (id: number) => ask((as) => api.DELETE('/price-lists/{id}', { ...as, params: at(id) }))

export const menuTimes = () => ask((as) => api.GET('/menu-times', as))
export const setMenuTimes = (body: MenuTimesDraft) => ask((as) => api.PUT('/menu-times', { ...as, body }))

export const menuAt = (query: { at: string; channel: Channel; location_id?: number }) =>
  ask((as) => api.GET('/dishes/menu/at', { ...as, params: { query } }))
