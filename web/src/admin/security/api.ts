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

export type SecurityEvent = Schemas['SecurityEvent']
export type EventKind = Schemas['SecurityEventKind']
export type AuditEntry = Schemas['AuditEntry']

/** Rows a page. */
export const PAGE = 50

export const events = (kind: EventKind | '', skip: number) =>
  ask((as) =>
    api.GET('/security/events', { ...as, params: { query: { skip, limit: PAGE, ...(kind === '' ? {} : { kind }) } } }),
  )

export const audit = (subject: string, skip: number) =>
  ask((as) =>
    api.GET('/audit', { ...as, params: { query: { skip, limit: PAGE, ...(subject === '' ? {} : { subject }) } } }),
  )

export const secondFactor = () => ask((as) => api.GET('/auth/second-factor', as))
export const beginFactor = (password: string) =>
  ask((as) => api.POST('/auth/second-factor', { ...as, body: { password } }))
export const confirmFactor = (code: string) =>
  ask((as) => api.POST('/auth/second-factor/confirm', { ...as, body: { code } }))
export const removeFactor = (password: string) =>
  ask((as) => api.POST('/auth/second-factor/remove', { ...as, body: { password } }))

export const changeKey = () => ask((as) => api.POST('/auth/keys', as))
export const signEverybodyOut = () => ask((as) => api.DELETE('/auth/sessions', as))
