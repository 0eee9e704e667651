import type { components } from '../../lib/api'
import type { Reason, ReasonKind, UserRole } from '../../lib/types'
import { api, ask } from '../ask'

type Schemas = components['schemas']
export type PermissionState = Schemas['PermissionState']
export type Rule = Schemas['PermissionRule']

export const permissions = () => ask((as) => api.GET('/permissions', as))
export const rulesOfRole = (role: UserRole) =>
  ask((as) => api.GET('/roles/{role}/permissions', { ...as, params: { path: { role } } }))
export const setRulesOfRole = (role: UserRole, rules: Rule[]) =>
  ask((as) => api.PUT('/roles/{role}/permissions', { ...as, params: { path: { role } }, body: { rules } }))
export const rulesOfUser = (id: number) =>
  ask((as) => api.GET('/users/{id}/permissions', { ...as, params: { path: { id } } }))
export const setRulesOfUser = (id: number, rules: Rule[]) =>
  ask((as) => api.PUT('/users/{id}/permissions', { ...as, params: { path: { id } }, body: { rules } }))

export const openApprovals = () => ask((as) => api.GET('/approvals', as))
export const approve = (id: number) =>
  ask((as) => api.POST('/approvals/{id}/approve', { ...as, params: { path: { id } } }))
export const refuse = (id: number) =>
  ask((as) => api.POST('/approvals/{id}/refuse', { ...as, params: { path: { id } } }))

export type ReasonDraft = Pick<Reason, 'name' | 'translations' | 'is_waste'>
export const reasons = () => ask((as) => api.GET('/reasons', as))
export const addReason = (kind: ReasonKind, draft: ReasonDraft) =>
  ask((as) => api.POST('/reasons', { ...as, body: { kind, ...draft } }))
export const changeReason = (id: number, draft: ReasonDraft) =>
  ask((as) => api.PATCH('/reasons/{id}', { ...as, params: { path: { id } }, body: draft }))
export const removeReason = (id: number) => ask((as) => api.DELETE('/reasons/{id}', { ...as, params: { path: { id } } }))
