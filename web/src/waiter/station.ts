// What belongs to this one device: who is signed in at it, and its sound.

import { Session } from '../lib/session.svelte'
import { Sound } from '../lib/sound.svelte'

export const session = new Session('qres.waiter', ['waiter', 'cashier', 'host', 'admin'])
export const sound = new Sound('qres.waiter.muted')
