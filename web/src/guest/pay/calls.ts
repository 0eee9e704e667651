// What a guest's phone asks of the box to pay. Apart from guest/box.ts: who reads the menu loads none of it.

import type { GuestAttempt, GuestPay, GuestPayRequest } from '../../lib/types'
import { ask } from '../box'

export const calls = {
  read: (token: string) => ask<GuestPay>('GET', '/guest/pay', { token }),
  begin: (token: string, key: string, check: number, body: GuestPayRequest) =>
    ask<GuestAttempt>('POST', '/guest/checks/{id}/pay', { token, key, body }, check),
  takeBack: (token: string) => ask<GuestAttempt>('POST', '/guest/pay/withdraw', { token }),
}
