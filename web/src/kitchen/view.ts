// What a screen of the kitchen shows: one department, all of them, or whole tables at the pass.

import type { Department } from '../lib/types'
import { DEPARTMENTS } from './tickets'

export type View = Department | 'all' | 'pass'

export const VIEWS: View[] = ['all', ...DEPARTMENTS, 'pass']

export const isView = (value: unknown): value is View => VIEWS.includes(value as View)
