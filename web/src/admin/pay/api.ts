import type { PayAttempt, PayProvider, PayProviderBody, PayProviderChanges, PayTroubles } from '../../lib/types'
import { api, ask } from '../ask'

/** How many payments are shown: the newest. */
const SHOWN = 50

export const providers = async (): Promise<PayProvider[]> => (await ask((as) => api.GET('/pay/providers', as))).providers

export const addProvider = (body: PayProviderBody) => ask((as) => api.POST('/pay/providers', { ...as, body }))

export const changeProvider = (id: number, body: PayProviderChanges) =>
  ask((as) => api.PATCH('/pay/providers/{id}', { ...as, params: { path: { id } }, body }))

export const removeProvider = (id: number) => ask((as) => api.DELETE('/pay/providers/{id}', { ...as, params: { path: { id } } }))

/** Whether it answers and takes the key. */
export const testProvider = (id: number) => ask((as) => api.POST('/pay/providers/{id}/test', { ...as, params: { path: { id } } }))

/** Its own list against the books. */
export const compare = (id: number) => ask((as) => api.POST('/pay/providers/{id}/compare', { ...as, params: { path: { id } } }))

export const attempts = async (): Promise<PayAttempt[]> =>
  (await ask((as) => api.GET('/pay/attempts', { ...as, params: { query: { limit: SHOWN } } }))).attempts

export const troubles = (): Promise<PayTroubles> => ask((as) => api.GET('/pay/troubles', as))

export const giveBack = (id: number) => ask((as) => api.POST('/pay/attempts/{id}/give-back', { ...as, params: { path: { id } } }))

/** `otherwise`: how it went back; none: it is sent once more. */
export const sendAgain = (id: number, otherwise: string | null) =>
  ask((as) => api.POST('/pay/refunds/{id}/again', { ...as, params: { path: { id } }, body: otherwise === null ? {} : { otherwise } }))

export const methods = async () =>
  (await ask((as) => api.GET('/payment-methods', { ...as, params: { query: { limit: 100, is_active: true } } }))).payment_methods.filter(
    ({ kind }) => kind !== 'CASH' && kind !== 'ACCOUNT',
  )
