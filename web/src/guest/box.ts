// What a guest's phone asks of the box. By hand, as the client of the staff's pages is too much for ten calls on an
// old phone; the paths and replies are those of the API document all the same.

import type { paths } from '../lib/api'
import { answered, patiently } from '../lib/http'
import type {
  GuestBill,
  GuestCall,
  GuestCallRequest,
  GuestOrder,
  GuestOrderRequest,
  GuestPart,
  GuestPartRequest,
  GuestSession,
  GuestTable,
  GuestVisit,
  Menu,
  Restaurant,
} from '../lib/types'

type Known = keyof paths
interface More {
  token?: string
  key?: string
  body?: unknown
}

export async function ask<T>(method: 'GET' | 'POST' | 'DELETE', path: Known, { token, key, body }: More = {}, id = 0): Promise<T> {
  const headers: Record<string, string> = {}
  if (token) headers['Authorization'] = `Bearer ${token}`
  if (key) headers['Idempotency-Key'] = key
  if (body) headers['Content-Type'] = 'application/json'
  const url = (globalThis.location?.origin ?? 'http://box') + path.replace('{id}', String(id))
  const request = new Request(url, { method, headers, body: body ? JSON.stringify(body) : null })
  return answered(read<T>(request))
}

async function read<T>(request: Request): Promise<{ data?: T; error?: unknown; response: Response }> {
  const response = await patiently(request)
  if (response.ok) return { data: (await response.json()) as T, response }
  return { error: await response.json().catch(() => undefined), response }
}

export const box = {
  restaurant: () => ask<Restaurant>('GET', '/restaurant'),
  /** Of the table with this code: its room may have prices of its own. */
  menu: (table = '') => ask<Menu>('GET', `/dishes/menu?table=${table}` as Known),
  openSession: (qr_code: string, earlier?: string) =>
    ask<GuestSession>('POST', '/guest/session', { body: { qr_code, earlier } }),
  table: (token: string) => ask<GuestTable>('GET', '/guest/order', { token }),
  bill: (token: string) => ask<GuestBill>('GET', '/guest/bill', { token }),
  part: (token: string, body: GuestPartRequest) => ask<GuestPart>('POST', '/guest/bill/part', { token, body }),
  visit: (token: string) => ask<GuestVisit>('GET', '/guest/visit', { token }),
  order: (token: string, key: string, body: GuestOrderRequest) =>
    ask<GuestOrder>('POST', '/guest/orders', { token, key, body }),
  call: (token: string, body: GuestCallRequest) => ask<GuestCall>('POST', '/guest/calls', { token, body }),
  takeBack: (token: string, id: number) => ask<unknown>('DELETE', '/guest/calls/{id}', { token }, id),
}
