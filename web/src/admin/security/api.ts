import type { components } from '../../lib/api'
import { api, ask, everyRow } from '../ask'

type Schemas = components['schemas']
export type Block = Schemas['Block']
export type TrustedNet = Schemas['TrustedNet']

export const blocks = (): Promise<Block[]> =>
  everyRow(async (query) => {
    const list = await ask((as) => api.GET('/security/blocks', { ...as, params: { query } }))
    return { rows: list.blocks, total: list.total }
  })

export const makeBlock = (body: { net: string; seconds: number; note: string }) =>
  ask((as) => api.POST('/security/blocks', { ...as, body }))

export const liftBlock = (id: number) =>
  ask((as) => api.DELETE('/security/blocks/{id}', { ...as, params: { path: { id } } }))

export const trusted = async (): Promise<TrustedNet[]> => (await ask((as) => api.GET('/security/whitelist', as))).nets

export const trust = (body: { net: string; note: string }) =>
  ask((as) => api.POST('/security/whitelist', { ...as, body }))

export const distrust = (id: number) =>
  ask((as) => api.DELETE('/security/whitelist/{id}', { ...as, params: { path: { id } } }))
