import type { components } from '../../lib/api'
import { api, ask } from '../ask'

type Schemas = components['schemas']
export type CloudStatus = Schemas['CloudStatus']
export type Planned = Schemas['ImportReport']

export const cloud = (): Promise<CloudStatus> => ask((as) => api.GET('/cloud', as))

export const sendAgain = () => ask((as) => api.POST('/cloud/refused/send-again', as))

export const applyNow = () => ask((as) => api.POST('/cloud/menu/apply', as))

export const takeOver = () => ask((as) => api.POST('/cloud/take-over', as))
