import type { PaymentMethod } from '../../lib/types'
import { api, ask, everyRow } from '../ask'

export type Draft = Pick<PaymentMethod, 'name' | 'is_active'> & Partial<Pick<PaymentMethod, 'kind'>>

export const methods = (): Promise<PaymentMethod[]> =>
  everyRow(async (query) => {
    const list = await ask((as) => api.GET('/payment-methods', { ...as, params: { query } }))
    return { rows: list.payment_methods, total: list.total }
  })

export const addMethod = (body: Draft) => ask((as) => api.POST('/payment-methods', { ...as, body }))

export const changeMethod = (id: number, body: Partial<Draft>) =>
  ask((as) => api.PATCH('/payment-methods/{id}', { ...as, params: { path: { id } }, body }))

export const removeMethod = (id: number) =>
  ask((as) => api.DELETE('/payment-methods/{id}', { ...as, params: { path: { id } } }))
