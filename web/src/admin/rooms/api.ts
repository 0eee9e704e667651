import type { Room, Table } from '../../lib/types'
import type { components } from '../../lib/api'
import { api, ask, everyRow } from '../ask'

type Schemas = components['schemas']
export type Shape = Schemas['TableShape']
export type TablePlace = Schemas['TablePlace']

const at = (id: number) => ({ path: { id } })

export interface Floor {
  rooms: Room[]
  tables: Table[]
}

export async function floor(): Promise<Floor> {
  const [rooms, tables] = await Promise.all([
    everyRow(async (query) => {
      const list = await ask((as) => api.GET('/locations', { ...as, params: { query } }))
      return { rows: list.locations, total: list.total }
    }),
    everyRow(async (query) => {
      const list = await ask((as) => api.GET('/tables', { ...as, params: { query } }))
      return { rows: list.tables, total: list.total }
    }),
  ])
  return { rooms, tables }
}

export const addRoom = (body: Schemas['LocationCreate']) => ask((as) => api.POST('/locations', { ...as, body }))
export const changeRoom = (id: number, body: Schemas['LocationUpdate']) =>
  ask((as) => api.PATCH('/locations/{id}', { ...as, params: at(id), body }))
export const removeRoom = (id: number) => ask((as) => api.DELETE('/locations/{id}', { ...as, params: at(id) }))
/** Switches the tables of an open room on again. */
export const openTables = (id: number) =>
  ask((as) =>
    api.PATCH('/locations/{id}/sync-tables', { ...as, params: { ...at(id), query: { force_activation: true } } }),
  )
export const setPlan = (id: number, body: TablePlace[]) =>
  ask((as) => api.PUT('/locations/{id}/plan', { ...as, params: at(id), body }))

export const addTable = (body: Schemas['TableCreate']) => ask((as) => api.POST('/tables', { ...as, body }))
export const changeTable = (id: number, body: Schemas['TableUpdate']) =>
  ask((as) => api.PATCH('/tables/{id}', { ...as, params: at(id), body }))
export const removeTable = (id: number) => ask((as) => api.DELETE('/tables/{id}', { ...as, params: at(id) }))
export const renewCode = (id: number) => ask((as) => api.POST('/tables/{id}/qr/renew', { ...as, params: at(id) }))

/** The page with the tables' QR codes, as HTML. */
export const qrSheet = (location_id: number | null) =>
  ask((as) =>
    api.GET('/tables/qr-sheet', { ...as, params: { query: location_id === null ? {} : { location_id } }, parseAs: 'text' }),
  )
