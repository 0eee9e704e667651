// What belongs to this one screen: who is signed in at it, and its sound.

import { Session } from '../lib/session.svelte'
import { Sound } from '../lib/sound.svelte'

export const session = new Session('qres.kitchen', ['kitchen', 'admin', 'manager', 'waiter', 'cashier'])
export const sound = new Sound('qres.kitchen.muted')
