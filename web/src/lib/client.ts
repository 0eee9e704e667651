// The one way to the box's REST API: typed calls, a time limit, and refusals as one kind of error.

import type {
  GuestOrder,
  GuestOrderRequest,
  GuestSession,
  GuestTable,
  ItemStatus,
  KitchenItem,
  Menu,
  Restaurant,
  StaffName,
} from './types'

/** A box on the LAN answers in milliseconds; after this long (ms) it is taken for gone. */
const PATIENCE = 8000

/** Why a call did not succeed. `status` 0: no answer came, so the box may or may not have acted. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly params: Record<string, unknown> = {},
  ) {
    super(detail || code)
    this.name = 'Refusal'
  }

  /** The box has not said yes or no: the same request may be sent again with the same key. */
  get isOpen(): boolean {
    return this.status === 0 || this.status >= 500 || this.status === 429 || this.status === 408
  }
}

interface Call {
  method?: 'GET' | 'POST' | 'PATCH'
  token?: string | null
  body?: unknown
  key?: string
}

async function call<T>(path: string, { method = 'GET', token, body, key }: Call = {}): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json' }
  if (token) headers.Authorization = `Bearer ${token}`
  if (key) headers['Idempotency-Key'] = key
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  const abort = new AbortController()
  const timer = setTimeout(() => abort.abort(), PATIENCE)
  try {
    const init: RequestInit = { method, headers, signal: abort.signal }
    if (body !== undefined) init.body = JSON.stringify(body)
    const reply = await fetch(path, init)
    if (!reply.ok) throw await refusalOf(reply)
    return (await reply.json()) as T
  } catch (error) {
    if (error instanceof Refusal) throw error
    throw new Refusal(0, 'network', String(error))
  } finally {
    clearTimeout(timer)
  }
}

async function refusalOf(reply: Response): Promise<Refusal> {
  const problem = (await reply.json().catch(() => ({}))) as Record<string, unknown>
  const code = typeof problem.code === 'string' ? problem.code : 'unknown'
  const detail = typeof problem.detail === 'string' ? problem.detail : ''
  const params = typeof problem.params === 'object' && problem.params ? problem.params : {}
  return new Refusal(reply.status, code, detail, params as Record<string, unknown>)
}

export const box = {
  restaurant: () => call<Restaurant>('/restaurant'),
  menu: () => call<Menu>('/dishes/menu'),

  openGuestSession: (qr_code: string) => call<GuestSession>('/guest/session', { method: 'POST', body: { qr_code } }),
  guestTable: (token: string) => call<GuestTable>('/guest/order', { token }),
  placeGuestOrder: (token: string, key: string, body: GuestOrderRequest) =>
    call<GuestOrder>('/guest/orders', { method: 'POST', token, key, body }),

  kitchenStaff: () => call<{ users: StaffName[] }>('/users/kitchen?is_active=true'),
  signIn: (username: string, password: string) =>
    call<{ access_token: string }>('/auth/login', { method: 'POST', body: { username, password } }),
  signInByPin: (username: string, pin_code: string) =>
    call<{ access_token: string }>('/auth/login/pin', { method: 'POST', body: { username, pin_code } }),
  signOut: (token: string) => call<unknown>('/auth/logout', { method: 'POST', token }),
  kitchenItems: (token: string) => call<KitchenItem[]>('/kitchen/dishes', { token }),
  setItemStatus: (token: string, id: number, status: ItemStatus) =>
    call<unknown>(`/kitchen/items/${id}/status`, { method: 'PATCH', token, body: { status } }),
}
