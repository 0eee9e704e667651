import type { components } from '../../lib/api'
import type { AccountGiveBack, AccountPayIn, HouseAccount, HouseAccountRequest, HouseAccountUpdate, PaymentMethod } from '../../lib/types'
import { api, ask } from '../ask'

/** Accounts a page, and moves a page. */
export const PAGE = 50
export const MOVES = 20

export interface Wanted {
  search: string
  owes: boolean
  skip: number
}

export const accounts = ({ search, owes, skip }: Wanted) =>
  ask((as) =>
    api.GET('/house-accounts', {
      ...as,
      params: { query: { skip, limit: PAGE, ...(search ? { search } : {}), ...(owes ? { owes } : {}) } },
    }),
  )

export const account = (id: number) => ask((as) => api.GET('/house-accounts/{id}', { ...as, params: { path: { id } } }))

export const moves = (id: number, skip: number) =>
  ask((as) => api.GET('/house-accounts/{id}/moves', { ...as, params: { path: { id }, query: { skip, limit: MOVES } } }))

export const openAccount = (body: HouseAccountRequest) => ask((as) => api.POST('/house-accounts', { ...as, body }))

export const changeAccount = (id: number, body: HouseAccountUpdate) =>
  ask((as) => api.PATCH('/house-accounts/{id}', { ...as, params: { path: { id } }, body }))

export const eraseAccount = (id: number) => ask((as) => api.DELETE('/house-accounts/{id}', { ...as, params: { path: { id } } }))

const keyed = (id: number, key: string) => ({ path: { id }, header: { 'Idempotency-Key': key } })

export const payIn = (id: number, key: string, body: AccountPayIn) =>
  ask((as) => api.POST('/house-accounts/{id}/pay-in', { ...as, params: keyed(id, key), body }))

export const giveBack = (id: number, key: string, body: AccountGiveBack) =>
  ask((as) => api.POST('/house-accounts/{id}/give-back', { ...as, params: keyed(id, key), body }))

/** The ways by which money comes and goes. */
export const ways = async (): Promise<PaymentMethod[]> =>
  (await ask((as) => api.GET('/payment-methods/active', as))).filter(({ kind }) => kind !== 'ACCOUNT')

export type GiftCard = components['schemas']['GiftCard']
export type GiftCardSold = components['schemas']['GiftCardSold']

export const cards = (skip: number) => ask((as) => api.GET('/gift-cards', { ...as, params: { query: { skip, limit: PAGE } } }))

export const sellCard = (key: string, amount: string, method_id: number) =>
  ask((as) => api.POST('/gift-cards', { ...as, params: { header: { 'Idempotency-Key': key } }, body: { amount, method_id } }))

export const takeBackCard = (id: number, key: string, body: components['schemas']['GiftCardTakeBack']) =>
  ask((as) => api.POST('/gift-cards/{id}/take-back', { ...as, params: keyed(id, key), body }))

export type { HouseAccount }
