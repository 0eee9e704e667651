// The calls of the page on which guests book: what anybody may ask, and a key for each wish.

import type { components } from '../lib/api'
import { answered, patiently, type Reply } from '../lib/http'

type Schemas = components['schemas']
export type BookingRules = Schemas['GuestBookingRules']
export type Times = Schemas['GuestTimes']
export type Booking = Schemas['GuestBooking']
export type Draft = Schemas['GuestBookingCreate']
export type Restaurant = Schemas['Restaurant']

async function call<T>(path: string, init: RequestInit = {}): Promise<T> {
  const ask = async (): Promise<Reply<T>> => {
    const response = await patiently(new Request(path, init))
    const body: unknown = await response.json().catch(() => undefined)
    return response.ok ? { response, data: body as T } : { response, error: body }
  }
  return answered(ask())
}

const post = (key: string, body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key },
  body: JSON.stringify(body),
})

const bookingAt = (code: string): string => `/reserve/bookings/${encodeURIComponent(code)}`

export const box = {
  restaurant: () => call<Restaurant>('/restaurant'),
  rules: () => call<BookingRules>('/reserve/rules'),
  free: (day: string, party: number) => call<Times>(`/reserve/free?day=${day}&party=${party}`),
  book: (key: string, draft: Draft) => call<Booking>('/reserve/bookings', post(key, draft)),
  booking: (code: string) => call<Booking>(bookingAt(code)),
  cancel: (key: string, code: string) => call<Booking>(`${bookingAt(code)}/cancel`, post(key, {})),
}
