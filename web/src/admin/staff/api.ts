import type { components } from '../../lib/api'
import { api, ask, everyRow } from '../ask'

type Schemas = components['schemas']
export type User = Schemas['User']

const at = (id: number) => ({ path: { id } })

export const people = (): Promise<User[]> =>
  everyRow(async (query) => {
    const list = await ask((as) => api.GET('/users', { ...as, params: { query } }))
    return { rows: list.users, total: list.total }
  })

export type NewPerson = Schemas['UserCreate']
export const addPerson = (body: NewPerson) => ask((as) => api.POST('/users', { ...as, body }))
export const changePerson = (id: number, body: Schemas['UserUpdate']) =>
  ask((as) => api.PATCH('/users/{id}', { ...as, params: at(id), body }))
export const removePerson = (id: number) => ask((as) => api.DELETE('/users/{id}', { ...as, params: at(id) }))
export const setPassword = (id: number, body: Schemas['UserChangePassword']) =>
  ask((as) => api.PATCH('/users/{id}/password', { ...as, params: at(id), body }))

export type Session = Schemas['Session']
export const sessions = (id: number) =>
  ask((as) => api.GET('/users/{id}/sessions', { ...as, params: at(id) }))
export const endSessions = (id: number) => ask((as) => api.DELETE('/users/{id}/sessions', { ...as, params: at(id) }))
export const endSession = (id: number, session: string) =>
  ask((as) => api.DELETE('/users/{id}/sessions/{session}', { ...as, params: { path: { id, session } } }))
