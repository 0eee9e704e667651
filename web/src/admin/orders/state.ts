// The sign and tone of where an order stands: shape and word beside the colour.

import type { Tone } from '../../lib/components/tone'
import type { Order } from './api'

type Look = { sign: string; tone: Tone }

export const ORDER_LOOK: Record<Order['status'], Look> = {
  PENDING: { sign: '◐', tone: 'wait' },
  IN_PROGRESS: { sign: '◐', tone: 'wait' },
  READY: { sign: '●', tone: 'good' },
  SERVED: { sign: '●', tone: 'good' },
  DINING: { sign: '●', tone: 'good' },
  COMPLETED: { sign: '✓', tone: 'calm' },
  CANCELLED: { sign: '✕', tone: 'late' },
}

export const PAYMENT_LOOK: Record<Order['payment_status'], Look> = {
  UNPAID: { sign: '○', tone: 'wait' },
  PAID: { sign: '✓', tone: 'calm' },
  REFUNDED: { sign: '↩', tone: 'late' },
}
