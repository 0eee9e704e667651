import { box } from '../../lib/client'
import type { Device } from '../../lib/types'
import { api, ask, everyRow } from '../ask'

export const devices = (): Promise<Device[]> =>
  everyRow(async (query) => {
    const list = await ask((as) => api.GET('/devices', { ...as, params: { query } }))
    return { rows: list.devices, total: list.total }
  })

/** A new code, and the page that makes a tablet trust the box first, where it has to. */
export async function newCode() {
  const pairing = await ask((as) => api.POST('/devices/pairing', as))
  const { authority, trust_url } = await box.trust()
  return { ...pairing, trustUrl: authority && pairing.url.startsWith('https:') ? trust_url : null }
}

export const rename = (id: number, name: string) =>
  ask((as) => api.PATCH('/devices/{id}', { ...as, params: { path: { id } }, body: { name } }))

export const cutOff = (id: number) => ask((as) => api.DELETE('/devices/{id}', { ...as, params: { path: { id } } }))
