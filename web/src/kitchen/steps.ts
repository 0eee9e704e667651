// A step of the kitchen over lines, or back: the same rule as the box's, so that a tap shows at once.

import type { KitchenItem } from '../lib/types'
import { isBegun, isOpen } from './tickets'

export type Step = 'START' | 'READY'
export type Way = 'forth' | 'back'

/** Whether the step means something for this line. */
export function fits(item: KitchenItem, step: Step, way: Way): boolean {
  if (step === 'START') return way === 'forth' ? isOpen(item.status) && !isBegun(item) : isBegun(item)
  return way === 'forth' ? isOpen(item.status) : item.status === 'READY'
}

/** What the step changes of a line; `now`: ISO time. */
export function changeBy(step: Step, way: Way, now: string): Partial<KitchenItem> {
  if (step === 'READY') return way === 'forth' ? { status: 'READY', ready_at: now } : { status: 'IN_PREPARATION', ready_at: null }
  return { status: 'IN_PREPARATION', preparation_started_at: way === 'forth' ? now : null }
}
