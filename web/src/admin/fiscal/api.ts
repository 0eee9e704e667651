import type { FiscalDevice, FiscalDeviceBody, FiscalDeviceChanges, FiscalDocument, FiscalState } from '../../lib/types'
import { api, ask } from '../ask'

/** How many documents are shown: the newest. */
const SHOWN = 50

export interface Registers {
  device: FiscalDevice
  state: FiscalState
}

/** The registers with how each is; one that does not answer says so after some seconds. */
export async function registers(): Promise<Registers[]> {
  const { devices } = await ask((as) => api.GET('/fiscal/devices', as))
  return Promise.all(
    devices.map(async (device) => {
      const path = { path: { id: device.id } }
      return { device, state: await ask((as) => api.GET('/fiscal/devices/{id}/state', { ...as, params: path })) }
    }),
  )
}

export const addRegister = (body: FiscalDeviceBody) => ask((as) => api.POST('/fiscal/devices', { ...as, body }))

export const changeRegister = (id: number, body: FiscalDeviceChanges) =>
  ask((as) => api.PATCH('/fiscal/devices/{id}', { ...as, params: { path: { id } }, body }))

export const removeRegister = (id: number) => ask((as) => api.DELETE('/fiscal/devices/{id}', { ...as, params: { path: { id } } }))

export const closeShift = (id: number) =>
  ask((as) => api.POST('/fiscal/devices/{id}/close-shift', { ...as, params: { path: { id } } }))

export const xReport = (id: number) => ask((as) => api.POST('/fiscal/devices/{id}/x-report', { ...as, params: { path: { id } } }))

export const goOn = (id: number) =>
  ask((as) => api.POST('/fiscal/devices/{id}/continue-print', { ...as, params: { path: { id } } }))

export const copyLast = (id: number) => ask((as) => api.POST('/fiscal/devices/{id}/copy', { ...as, params: { path: { id } } }))

/** What is open, the oldest first, and then the newest of what is not. */
export async function documents(): Promise<FiscalDocument[]> {
  const [open, last] = await Promise.all([
    ask((as) => api.GET('/fiscal/documents/open', as)),
    ask((as) => api.GET('/fiscal/documents', { ...as, params: { query: { limit: SHOWN } } })),
  ])
  const ids = new Set(open.documents.map((one) => one.id))
  return [...open.documents, ...last.documents.filter((one) => !ids.has(one.id))]
}

export const correct = (check_id: number, basis: 'OWN' | 'ORDER', reason: string, number: string | null) =>
  ask((as) => api.POST('/checks/{check_id}/fiscal-correction', { ...as, params: { path: { check_id } }, body: { basis, reason, number } }))

type Said = 'MADE' | 'AGAIN' | 'GIVEN_UP'

export const resolve = (id: number, is: Said, reason: string, number: number | null) =>
  ask((as) => api.POST('/fiscal/documents/{id}/resolve', { ...as, params: { path: { id } }, body: { is, reason, number } }))
