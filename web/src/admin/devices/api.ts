import type { Device } from '../../lib/types'
import { api, ask, everyRow } from '../ask'

export const devices = (): Promise<Device[]> =>
  everyRow(async (query) => {
    const list = await ask((as) => api.GET('/devices', { ...as, params: { query } }))
    return { rows: list.devices, total: list.total }
  })

export const newCode = () => ask((as) => api.POST('/devices/pairing', as))

export const rename = (id: number, name: string) =>
  ask((as) => api.PATCH('/devices/{id}', { ...as, params: { path: { id } }, body: { name } }))

export const cutOff = (id: number) => ask((as) => api.DELETE('/devices/{id}', { ...as, params: { path: { id } } }))
